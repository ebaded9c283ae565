// actors/match/waiting_list.h: who waits for a seat, in order, and whose turn it is.
//
// The first whose turn it is, is asked to pay. Who can't is passed over and keeps the place: it is their turn again
// when
//   a wallet or a pass   has changed so that it pays (the match watches it), or in the next round, by a timer
//   a card               when another seat is freed: not because others were declined, too
// Of those who pay from one wallet only the first is asked: if that one can't pay, none of them can. Nothing here takes
// longer than O(log n): no list of those who can't pay is ever walked at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

#include "actors/match/payment.h"
#include "engine/kernel/labels.h"
#include "engine/kernel/ordered_map.h"
#include "engine/kernel/watch.h"

namespace tote {

class WaitingList {
 public:
  using Payer = std::pair<SeatMethod, std::string>;
  struct Waiting {
    std::string player;
    SeatPayment payment{};
    std::uint64_t turn = 0;       // from this round on (a card: from this release on)
    std::uint64_t asked_for = 0;  // the release for which its card was asked last
    bool is_aside = false;        // the player's card is being charged: nothing else is asked meanwhile
    LabelsPtr labels{};

    static constexpr void members(auto&& is) {
      is("player", &Waiting::player);
      is("payment", &Waiting::payment);
      is("turn", &Waiting::turn);
      is("asked_for", &Waiting::asked_for);
      is("is_aside", &Waiting::is_aside);
      is("labels", &Waiting::labels);
    }
  };

  std::size_t size() const { return by_place_.size(); }
  bool empty() const { return size() == 0; }
  bool contains(std::string_view player) const { return places_.contains(player); }
  // Null: who doesn't wait.
  const Waiting* find(std::string_view player) const;
  // 1: the first. Only of who waits.
  std::size_t position(std::string_view player) const;
  // Whose turn it is, the first of them; null: nobody's.
  const Waiting* next(bool with_cards) const;
  // Somebody was passed over, and waits for another wallet, pass or round.
  bool has_short() const { return !short_.empty(); }
  bool is_short(SeatMethod method, const std::string& reference) const {
    return short_.contains(Payer(method, reference));
  }
  auto begin() const { return by_place_.begin(); }
  auto end() const { return by_place_.end(); }

  void join(const std::string& player, const SeatPayment& payment, const LabelsPtr& labels = {});
  void leave(const std::string& player, Watches& watches);
  void change_payment(const std::string& player, const SeatPayment& payment, const LabelsPtr& labels, Watches& watches);
  // Couldn't pay. `may_change`: what they pay with is watched.
  void pass_over(const std::string& player, bool may_change, Watches& watches);
  // What they pay with has changed for the better.
  void wake(SeatMethod method, const std::string& reference, Watches& watches);
  // The player's card is being charged; isn't any more, and there is no seat.
  void set_aside(const std::string& player, Watches& watches);
  void put_back(const std::string& player);
  // Cards may be asked again; everybody else may.
  void seat_freed() { ++releases_; }
  void next_round() { ++rounds_; }

  static constexpr void members(auto&& is) {
    is("by_place", &WaitingList::by_place_), is("places", &WaitingList::places_), is("payers", &WaitingList::payers_);
    is("shorts", &WaitingList::short_), is("places_given", &WaitingList::places_given_);
    is("releases", &WaitingList::releases_), is("rounds", &WaitingList::rounds_);
  }

  bool check() const { return by_place_.size() == places_.size() && payers_.size() <= places_.size(); }

 private:
  static constexpr std::uint64_t never = std::numeric_limits<std::uint64_t>::max();
  // The earliest turn of a subtree.
  struct Turns {
    std::uint64_t card = never, other = never;
    static Turns of(std::uint64_t place, const Waiting& waiting);
    Turns plus(const Turns& more) const;
  };
  void enlist(std::uint64_t place, const SeatPayment& payment);
  void delist(std::uint64_t place, const SeatPayment& payment, Watches& watches);
  void give_turn_after(std::uint64_t place, const OrderedSet<std::uint64_t>& places);
  void set_turn(std::uint64_t place, std::uint64_t turn);

  OrderedMap<std::uint64_t, Waiting, Turns> by_place_;
  OrderedMap<std::string, std::uint64_t> places_;
  OrderedMap<Payer, OrderedSet<std::uint64_t>> payers_;  // wallets and passes, with those who aren't aside
  OrderedSet<Payer> short_;                              // were passed over, and are watched
  std::uint64_t places_given_ = 0;
  std::uint64_t releases_ = 1;  // seats that have become free, ever
  std::uint64_t rounds_ = 0;
};

}  // namespace tote
