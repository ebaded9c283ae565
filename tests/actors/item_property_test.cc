// What is true after every history of an item, beside a plain model of it.
#include <map>

#include "engine/kernel/kind_of.h"
#include "tests/actors/item_words.h"
#include "tests/actors/property.h"
#include "tests/actors/state_copy.h"

namespace tote {
namespace {

// What was on hand and what became of it, counted in the simplest way.
struct Shelf {
  struct Reservation {
    std::int64_t quantity = 0;
    Time until;
    bool is_open = true;
  };
  std::int64_t on_hand = 0;
  std::map<std::string, Reservation> reservations;

  void pass_to(Time now) {
    for (auto& [id, one] : reservations) one.is_open = one.is_open && one.until > now;
  }
  std::int64_t reserved() const {
    std::int64_t sum = 0;
    for (const auto& [id, one] : reservations) sum += one.is_open ? one.quantity : 0;
    return sum;
  }
  bool close(const std::string& id, bool is_sold) {
    const auto found = reservations.find(id);
    if (found == reservations.end() || !found->second.is_open) return false;
    found->second.is_open = false;
    if (is_sold) on_hand -= found->second.quantity;
    return true;
  }

  bool operator()(const Item::Open&, Time) { return true; }
  bool operator()(const Item::Restock& restock, Time) { return on_hand += restock.quantity, true; }
  bool operator()(const Item::Pick& pick, Time) {
    if (pick.quantity > on_hand - reserved()) return false;
    on_hand -= pick.quantity;
    return true;
  }
  bool operator()(const Item::Reserve& reserve, Time now) {
    if (reservations.contains(reserve.reservation) || reserve.quantity > on_hand - reserved()) return false;
    reservations[reserve.reservation] = {reserve.quantity, after(now, reserve.expires_in_s)};
    return true;
  }
  bool operator()(const Item::Commit& commit, Time) { return close(commit.reservation, true); }
  bool operator()(const Item::Release& release, Time) { return close(release.reservation, false); }
};

Item::Command any_item_command() {
  const auto id = "r" + std::to_string(*rc::gen::inRange(0, 12));
  const auto quantity = *rc::gen::inRange<std::int64_t>(1, 12);
  switch (*rc::gen::inRange(0, 8)) {
    case 0: return Item::Restock{quantity};
    case 1: return Item::Pick{quantity};
    case 2:
    case 3: return Item::Commit{id};
    case 4: return Item::Release{id};
    case 5: return Item::Open{20};
    default: return Item::Reserve{id, quantity, *rc::gen::inRange<std::int64_t>(1, 30)};
  }
}

TEST_CASE("items: every history says and leaves what a plain model does") {
  check_property("item equals model", [] {
    EntityOf<Item> item, again;
    Shelf shelf{20, {}};
    Time now{1};
    std::string records, answer;
    REQUIRE(item.handle(CommandRef::to(Item::Command{Item::Open{20}}), now, records, answer).code == Code::created);
    for (int i = 0; i < 60; ++i) {
      now.ns += *rc::gen::element<std::int64_t>(1, ns_per_s - 1, ns_per_s, 7 * ns_per_s);
      while (item.pass_time(now, records)) {
      }
      shelf.pass_to(now);
      const Item::Command command = any_item_command();
      const std::size_t before = records.size();
      const Step step = item.handle(CommandRef::to(command), now, records, answer);
      const bool is_yes = std::visit([&](const auto& asked) { return shelf(asked, now); }, command);
      RC_ASSERT(step.refused() == !is_yes);
      if (step.refused()) RC_ASSERT(records.size() == before);
      const Item::State& state = item.state();
      RC_ASSERT(state.on_hand == shelf.on_hand);
      RC_ASSERT(state.reserved == shelf.reserved());
      RC_ASSERT(state.on_hand >= state.reserved);
      RC_ASSERT(state.reserved >= 0);
    }
    RC_ASSERT(again.replay(records));
    std::string first, second;
    item.answer({}, first);
    again.answer({}, second);
    RC_ASSERT(first == second);
    RC_ASSERT(again.next_due() == item.next_due());
    StateCopy<Item> copy;
    std::string_view rest = records, event;
    for (std::string_view all = rest; next_event(rest, event); all = rest)
      copy.replay(all.substr(0, all.size() - rest.size()));
    copy.check_like(item.state());
  });
}

TEST_CASE("items: what comes in is on hand or was sold once") {
  check_property("stock is conserved", [] {
    Item::State item;
    std::int64_t in = 0, out = 0;
    std::map<std::string, std::int64_t> open;
    Time now{1};
    const auto happen = [&](const Item::Event& event) {
      if (const auto* opened = std::get_if<Item::Opened>(&event)) in += opened->quantity;
      if (const auto* restocked = std::get_if<Item::Restocked>(&event)) in += restocked->quantity;
      if (const auto* picked = std::get_if<Item::Picked>(&event)) out += picked->quantity;
      if (const auto* one = std::get_if<Item::Reserved>(&event)) open[one->reservation] = one->quantity;
      if (const auto* committed = std::get_if<Item::Committed>(&event)) {
        RC_ASSERT(open.contains(committed->reservation));
        out += open[committed->reservation];
        open.erase(committed->reservation);
      }
      if (const auto* released = std::get_if<Item::Released>(&event))
        RC_ASSERT(open.erase(released->reservation) == 1U);
      if (const auto* expired = std::get_if<Item::Expired>(&event)) RC_ASSERT(open.erase(expired->reservation) == 1U);
      RC_ASSERT(Item::fits(item, event));
      Item::apply(item, event);
      RC_ASSERT(Item::check(item));
      RC_ASSERT(item.on_hand == in - out);
    };
    for (int i = 0; i < 60; ++i) {
      now.ns += *rc::gen::inRange<std::int64_t>(1, 5 * ns_per_s);
      while (Item::next_due(item) <= now) happen(Item::due(item));
      for (const Item::Event& event : Item::decide(item, any_item_command(), now)) happen(event);
    }
  });
}

}  // namespace
}  // namespace tote
