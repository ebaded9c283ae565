// A seat paid by card: hold -> charge -> confirm. Paid, but the seat is gone (the hold has expired): the money goes
// back through the refund queue, by itself.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "actors/saga/saga.h"
#include "actors/wallet/currency.h"
#include "engine/kernel/labels.h"
#include "engine/kernel/money.h"

namespace tote {

struct CardBookingPlan {
  static constexpr KindId kind_id = 6;
  static constexpr std::string_view kind = "booking";

  struct Input {
    std::string match;
    std::string player;
    std::string card_token;
    Money amount{};
    Currency currency{};
    bool from_waitlist = false;
    LabelsPtr labels{};

    static constexpr void members(auto&& is) {
      is("match", &Input::match);
      is("player", &Input::player);
      is("card_token", &Input::card_token);
      is("amount", &Input::amount);
      is("currency", &Input::currency);
      is("from_waitlist", &Input::from_waitlist);
      is("labels", &Input::labels, {.on_disk = "reference"});
    }
  };

  static std::span<const saga::Step> steps(const Input& booking);  // card_booking.cc

  // Bytes (codec.cc).
  static void encode(const Input& booking, std::string& out);
  static bool decode(std::string_view bytes, Input& booking);

  static void describe(const Input& booking, Fields& fields);

  // What others are told: that there will be no seat, that the money goes back.
  static std::string_view told(const saga::Change& change);
};

using CardBooking = saga::Saga<CardBookingPlan>;

// "b-<saga id>": the refund of a booking's charge, whoever asks for it.
std::string refund_id(std::string_view saga_id);

}  // namespace tote
