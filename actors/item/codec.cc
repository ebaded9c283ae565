#include "actors/codec/by_table.h"
#include "actors/codec/digest.h"
#include "actors/item/item.h"
#include "actors/item/item_generated.h"
#include "engine/kernel/by_members.h"

namespace tote {
namespace {

using flat::append;
using flat::builder;
using flat::Offset;
using flat::String;
using flat::verified;
using flat::view;

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

}  // namespace

void Item::encode(const Event& event, std::string& out) { flat::encode<item::fbs::Event>(event, builder<Item>(), out); }

bool Item::decode(std::string_view bytes, Event& event) {
  const auto* from = verified<item::fbs::Event>(bytes);
  return from != nullptr && flat::decode(*from, event);
}

void Item::digest(const Command& command, std::string& out) { tote::digest(command, out); }

std::string_view Item::name_of(const Event& event) {
  static constexpr std::string_view names[] = {"opened",    "restocked", "picked", "reserved",
                                               "committed", "released",  "expired"};
  static_assert(std::size(names) == std::variant_size_v<Event>);
  return names[event.index()];
}

void Item::describe_event(const Event& event, Fields& fields) { by_members::describe(event, fields); }

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

}  // namespace tote
