#include "actors/item/item.h"

namespace tote {
namespace {

struct Describe {
  Fields& fields;

  void operator()(const Item::Opened& event) const { fields.integer("quantity", event.quantity); }
  void operator()(const Item::Restocked& event) const { fields.integer("quantity", event.quantity); }
  void operator()(const Item::Picked& event) const { fields.integer("quantity", event.quantity); }
  void operator()(const Item::Reserved& event) const {
    fields.text("reservation", event.reservation);
    fields.integer("quantity", event.quantity);
    fields.time("expires_at", event.expires_at);
  }
  void operator()(const Item::Committed& event) const { fields.text("reservation", event.reservation); }
  void operator()(const Item::Released& event) const { fields.text("reservation", event.reservation); }
  void operator()(const Item::Expired& event) const { fields.text("reservation", event.reservation); }
};

}  // namespace

std::string_view Item::name_of(const Event& event) {
  static constexpr std::string_view names[] = {"opened",    "restocked", "picked", "reserved",
                                               "committed", "released",  "expired"};
  static_assert(std::size(names) == std::variant_size_v<Event>);
  return names[event.index()];
}

void Item::describe_event(const Event& event, Fields& fields) { std::visit(Describe{fields}, event); }

}  // namespace tote
