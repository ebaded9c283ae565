#include <cstring>

#include "actors/codec/flat.h"
#include "actors/item/item.h"
#include "actors/item/item_generated.h"

namespace tote {
namespace {

using flat::append;
using flat::builder;
using flat::FlatBufferBuilder;
using flat::Offset;
using flat::String;
using flat::verified;
using flat::view;

struct Encode {
  FlatBufferBuilder& to;

  void operator()(const Item::Opened& event) const { finish(item::fbs::EventType::opened, event.quantity); }
  void operator()(const Item::Restocked& event) const { finish(item::fbs::EventType::restocked, event.quantity); }
  void operator()(const Item::Picked& event) const { finish(item::fbs::EventType::picked, event.quantity); }
  void operator()(const Item::Reserved& event) const {
    finish(item::fbs::EventType::reserved, event.quantity, event.reservation, event.expires_at);
  }
  void operator()(const Item::Committed& event) const { finish(item::fbs::EventType::committed, 0, event.reservation); }
  void operator()(const Item::Released& event) const { finish(item::fbs::EventType::released, 0, event.reservation); }
  void operator()(const Item::Expired& event) const { finish(item::fbs::EventType::expired, 0, event.reservation); }

 private:
  void finish(item::fbs::EventType type, std::int64_t quantity, std::string_view reservation = {},
              Time expires_at = {}) const {
    const auto at = reservation.empty() ? Offset<String>{} : to.CreateString(reservation.data(), reservation.size());
    to.Finish(item::fbs::CreateEvent(to, type, quantity, at, expires_at.ns));
  }
};

// The reservation that a command was about, for its answer; empty when it was about the item alone.
struct ReservationOf {
  std::string_view operator()(const Item::Reserve& command) const { return command.reservation; }
  std::string_view operator()(const Item::Commit& command) const { return command.reservation; }
  std::string_view operator()(const Item::Release& command) const { return command.reservation; }
  template <class Other>
  std::string_view operator()(const Other&) const {
    return {};
  }
};

struct Digest {
  std::string& out;

  void operator()(const Item::Open& command) const { number(command.quantity); }
  void operator()(const Item::Restock& command) const { number(command.quantity); }
  void operator()(const Item::Pick& command) const { number(command.quantity); }
  void operator()(const Item::Reserve& command) const {
    text(command.reservation), number(command.quantity), number(command.expires_in_s), mark(command.own);
  }
  void operator()(const Item::Commit& command) const { text(command.reservation), mark(command.own); }
  void operator()(const Item::Release& command) const { text(command.reservation), mark(command.own); }

 private:
  void number(std::int64_t value) const { out.append(reinterpret_cast<const char*>(&value), sizeof value); }
  void text(std::string_view value) const {
    number(static_cast<std::int64_t>(value.size()));
    out.append(value);
  }
  // Clients' digests are on disk from before there were own reservations: they stay as they were.
  void mark(bool own) const {
    if (own) out.push_back('\1');
  }
};

}  // namespace

void Item::encode(const Event& event, std::string& out) {
  auto& to = builder<Item>();
  std::visit(Encode{to}, event);
  append(to, out);
}

bool Item::decode(std::string_view bytes, Event& event) {
  const auto* from = verified<item::fbs::Event>(bytes);
  if (from == nullptr) return false;
  const std::int64_t quantity = from->quantity();
  std::string reservation(view(from->reservation()));
  switch (from->type()) {
    case item::fbs::EventType::opened: event = Opened{quantity}; return true;
    case item::fbs::EventType::restocked: event = Restocked{quantity}; return true;
    case item::fbs::EventType::picked: event = Picked{quantity}; return true;
    case item::fbs::EventType::reserved:
      event = Reserved{std::move(reservation), quantity, {from->expires_at_ns()}};
      return true;
    case item::fbs::EventType::committed: event = Committed{std::move(reservation)}; return true;
    case item::fbs::EventType::released: event = Released{std::move(reservation)}; return true;
    case item::fbs::EventType::expired: event = Expired{std::move(reservation)}; return true;
    case item::fbs::EventType::none: return false;
  }
  return false;
}

void Item::answer(const State& item, const Command* command, std::string& out) {
  auto& to = builder<Item>();
  const std::string_view id = command == nullptr ? std::string_view{} : std::visit(ReservationOf{}, *command);
  const auto found = id.empty() ? item.reservations.end() : item.reservations.find(id);
  const Reservation about = found == item.reservations.end() ? Reservation{} : found->second;
  const auto at = found == item.reservations.end() ? Offset<String>{} : to.CreateString(found->first);
  to.Finish(item::fbs::CreateAnswer(to, item.on_hand, item.reserved, at, about.quantity, about.expires_at.ns,
                                    static_cast<std::uint8_t>(about.status)));
  append(to, out);
}

bool Item::describe_answer(std::string_view id, std::string_view answer, Fields& fields) {
  static constexpr std::string_view statuses[] = {"open", "committed", "released", "expired"};
  const auto* from = verified<item::fbs::Answer>(answer);
  if (from == nullptr || from->reservation_status() >= std::size(statuses)) return false;
  std::int64_t available = 0;  // of bytes that no item of ours wrote it may be beyond 64 bits
  if (__builtin_sub_overflow(from->on_hand(), from->reserved(), &available)) return false;
  fields.text("id", id);
  fields.integer("on_hand", from->on_hand());
  fields.integer("reserved", from->reserved());
  fields.integer("available", available);
  if (from->reservation() == nullptr) return true;
  fields.begin("reservation");
  fields.text("id", view(from->reservation()));
  fields.integer("quantity", from->reservation_quantity());
  fields.time("expires_at", {from->reservation_expires_at_ns()});
  fields.text("status", statuses[from->reservation_status()]);
  fields.end();
  return true;
}

void Item::digest(const Command& command, std::string& out) {
  out.push_back(static_cast<char>(command.index()));
  std::visit(Digest{out}, command);
}

}  // namespace tote
