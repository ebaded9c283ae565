// An event of Stripe's, {"id","type","data":{"object":{…}}}, as what it says to us (actors/payment_event/notice.h).
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <variant>

#include "actors/payment_event/notice.h"

namespace tote::card_webhooks {

inline constexpr std::size_t event_bytes_max = std::size_t{256} << 10;

// What the metadata is called that says what was paid for.
struct MetadataNames {
  std::string match = "match_id";
  std::string player = "player_id";
  std::string order = "order_id";

  bool operator==(const MetadataNames&) const = default;
};

struct MetadataField {
  std::string_view key;  // in the settings
  std::string MetadataNames::*member;
};
inline constexpr std::array<MetadataField, 3> metadata_fields{
    {{"match", &MetadataNames::match}, {"player", &MetadataNames::player}, {"order", &MetadataNames::order}}};

// The metadata by which a charge that we make ourselves is known again.
inline constexpr std::string_view own_metadata = "tote_key";

struct ReadEvent {
  std::string id;
  PaymentNotice notice;
};
struct BadEvent {
  std::string detail;  // a sentence
};

// Of somebody else's business (without our metadata) only what is needed to know that is looked at.
std::variant<ReadEvent, BadEvent> read_event(std::string_view body, const MetadataNames& names);

}  // namespace tote::card_webhooks
