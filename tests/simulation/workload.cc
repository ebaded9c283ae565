#include "tests/simulation/workload.h"

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "actors/item/item.h"
#include "actors/match/booking.h"
#include "actors/order/place.h"
#include "actors/pass/pass.h"
#include "actors/transaction/composite.h"
#include "actors/transaction/results.h"
#include "actors/transaction/transfer.h"
#include "actors/wallet/wallet.h"
#include "tests/simulation/draws.h"
#include "tests/simulation/workload_corrections.h"

namespace tote::simulation {

namespace {

constexpr std::int64_t attempts_max = 5, attempts_window_s = 900;

using Method = tote::Match::Method;

// What may be left out is, at times.
std::string any_reference(World& world) { return world.below(2) == 0 ? std::string() : pick(world, "ref", 3); }
LabelsPtr any_labels(World& world) {
  return world.below(2) == 0 ? nullptr : share({any_reference(world), {{"k", any_reference(world)}}});
}
Code pick_code(const Model& model, const std::string& id, std::int64_t quantity, Now now) {
  const Item* item = model.item(id);
  if (item == nullptr) return Code::not_found;
  return item->available(now) < quantity ? Code::out_of_stock : Code::ok;
}

void ask_wallet(World& world) {
  const std::string id = any_wallet(world), hold = pick(world, "h", 4);
  const std::int64_t minor = amount(world);
  switch (world.below(6)) {
    case 0:
      return world.ask("credit " + id, to<tote::Wallet>(id, tote::Wallet::Credit{{minor}, any_reference(world)}),
                       {[id](const Model& model, Now) { return credit_code(model, id); }, {{id, minor}}});
    case 1:
      return world.ask(
          "debit " + id, to<tote::Wallet>(id, tote::Wallet::Debit{{minor}, any_reference(world)}),
          {[id, minor](const Model& model, Now now) { return debit_code(model, id, minor, now); }, {{id, -minor}}});
    case 2:
      return world.ask("hold on " + id,
                       to<tote::Wallet>(id, tote::Wallet::Hold{hold, {minor}, 1 + static_cast<Now>(world.below(900))}));
    case 3: return world.ask("release on " + id, to<tote::Wallet>(id, tote::Wallet::Release{hold}));
    default: break;
  }
  const std::string from = any_wallet(world);
  if (from == id) return;
  world.ask("transfer from " + from + " to " + id,
            scripted(transaction::kind_id, {}, [=] { return transfer_command(from, id, {minor}); }),
            {[=](const Model& model, Now now) {
               const Wallet *giver = model.wallet(from), *taker = model.wallet(id);
               if (giver == nullptr || taker == nullptr) return Code::not_found;
               if (giver->currency != taker->currency) return Code::currency_mismatch;
               const Code taken = debit_code(model, from, minor, now);
               return taken == Code::ok ? credit_code(model, id) : taken;
             },
             {{from, -minor}, {id, minor}}});
}

// Several things at once, some of them twice to the same entity.
void ask_composite(World& world) {
  struct Part {
    int what;
    std::string id;
    std::int64_t minor;
  };
  std::vector<Part> parts;
  Dues::Amounts moves;
  const std::uint64_t count = 1 + world.below(5);
  for (std::uint64_t i = 0; i < count; ++i) {
    const int what = static_cast<int>(world.below(3));
    const std::int64_t minor = amount(world) / 2 + 1;
    parts.push_back({what, what == 2 ? any_item(world) : any_wallet(world), minor});
    moves[parts.back().id] += what == 0 ? minor : -minor;
  }
  const auto make = [parts] {
    std::vector<PartPtr> all;
    for (const Part& one : parts) {
      if (one.what == 0) all.push_back(part<tote::Wallet>(one.id, tote::Wallet::Credit{{one.minor}, {}}));
      if (one.what == 1) all.push_back(part<tote::Wallet>(one.id, tote::Wallet::Debit{{one.minor}, {}}));
      if (one.what == 2) all.push_back(part<tote::Item>(one.id, tote::Item::Pick{one.minor}));
    }
    return composite_command(std::move(all));
  };
  const auto code = [parts](const Model& model, Now now) {
    std::map<std::string, std::int64_t> left;
    for (const Part& one : parts) {
      const Wallet* wallet = model.wallet(one.id);
      const Item* item = model.item(one.id);
      if (wallet == nullptr && item == nullptr) return Code::not_found;
      if (wallet != nullptr && !wallet->is_open() && (one.what == 1 || wallet->is_closed()))
        return wallet->is_closed() ? Code::wallet_closed : Code::wallet_frozen;
      auto [at, is_new] = left.emplace(one.id, wallet != nullptr ? wallet->available(now) : item->available(now));
      at->second += one.what == 0 ? one.minor : -one.minor;
      if (one.what != 0 && at->second < 0) return wallet != nullptr ? Code::insufficient_funds : Code::out_of_stock;
    }
    return Code::ok;
  };
  world.ask("composite", scripted(transaction::kind_id, {}, make), {code, moves});
}

void ask_item(World& world) {
  const std::string id = any_item(world), reservation = pick(world, "r", 5);
  const std::int64_t quantity = 1 + static_cast<std::int64_t>(world.below(4));
  switch (world.below(5)) {
    case 0:
      return world.ask("restock " + id, to<tote::Item>(id, tote::Item::Restock{quantity}), {{}, {{id, quantity}}});
    case 1:
      return world.ask(
          "pick " + id, to<tote::Item>(id, tote::Item::Pick{quantity}),
          {[=](const Model& model, Now now) { return pick_code(model, id, quantity, now); }, {{id, -quantity}}});
    case 2:
      return world.ask(
          "reserve " + id,
          to<tote::Item>(id, tote::Item::Reserve{reservation, quantity, 1 + static_cast<Now>(world.below(900))}));
    case 3: return world.ask("commit " + id, to<tote::Item>(id, tote::Item::Commit{reservation}));
    default: return world.ask("release " + id, to<tote::Item>(id, tote::Item::Release{reservation}));
  }
}

// Attempts that are too many aren't recorded, so they needn't be foretold.
std::optional<Code> booking_code(const Model& model, const Booking& booking, Now now) {
  const Match* match = model.match(booking.match);
  if (match == nullptr) return Code::not_found;
  if (!match->sells(now)) return Code::sales_closed;
  if (match->has(booking.player, now)) return Code::already_booked;
  const bool pays_nothing = booking.method == Method::free && match->price > 0;
  if (match->taken(now) >= match->seats && booking.or_waitlist && pays_nothing) return Code::payment_required;
  if (match->taken(now) >= match->seats) return booking.or_waitlist ? Code::accepted : Code::match_full;
  if (!match->waiting.empty()) return std::nullopt;  // they are asked before
  if (match->price == 0) return Code::created;       // however they would pay
  if (pays_nothing) return Code::payment_required;
  const Wallet* payer = model.wallet(booking.reference);
  if (payer != nullptr && payer->currency != match->currency) return Code::currency_mismatch;
  const Code paid = debit_code(model, booking.reference, match->price, now);
  if (paid != Code::ok) return paid;
  const Code paid_out = pay_out_code(model, match->payee, match->price, match->currency);
  return paid_out == Code::ok ? Code::created : paid_out;
}

void ask_booking(World& world) {
  Booking booking{any_match(world), any_player(world), Method::wallet, any_wallet(world), world.below(3) == 0};
  const auto how = world.below(5);
  if (how == 0) booking.method = Method::pass, booking.reference = pick(world, "pass", 3);
  if (how >= 3) booking.method = Method::card, booking.reference = "tok";
  if (how == 2 && world.below(2) == 0) booking.method = Method::free, booking.reference.clear();
  booking.labels = any_labels(world);
  Model::Expected expected;
  if (booking.method == Method::wallet || booking.method == Method::free)
    expected.code = [booking](const Model& model, Now now) { return booking_code(model, booking, now); };
  world.ask("book " + booking.match + " for " + booking.player + " by " + std::string(name_of(booking.method)),
            scripted(tote::Match::kind_id, booking.match, [booking] { return book_command(booking); }), expected);
}

void ask_match(World& world) {
  const std::string match = any_match(world), player = any_player(world);
  switch (world.below(5)) {
    case 0:
    case 1:
      return world.ask("cancel " + match + " of " + player,
                       scripted(tote::Match::kind_id, match, [=] { return cancel_command(match, player); }));
    case 2: {
      constexpr Method methods[] = {Method::card, Method::wallet, Method::free};
      const Method method = methods[world.below(3)];
      const Booking booking{
          match,  player,
          method, method == Method::card ? "tok" : method == Method::wallet ? any_wallet(world) : std::string(),
          false,  any_labels(world)};
      return world.ask("wait for " + match + ": " + player,
                       scripted(tote::Match::kind_id, match, [booking] { return join_waitlist_command(booking); }));
    }
    case 3:
      return world.ask(player + " waits no more for " + match,
                       scripted(tote::Match::kind_id, match, [=] { return leave_waitlist_command(match, player); }));
    default: return world.ask("revoke", to<Pass>("pass2", Pass::Revoke{any_reference(world)}));
  }
}

void ask_order(World& world) {
  OrderPlan::Input order;
  const std::uint64_t lines = 1 + world.below(3);
  for (std::uint64_t i = 0; i < lines; ++i)
    order.lines.push_back({any_item(world), 1 + static_cast<std::int64_t>(world.below(3))});
  order.amount = {amount(world)};
  order.labels = any_labels(world);
  if (world.below(3) == 0) order.payee = told(any_payee(world, static_cast<std::uint64_t>(order.amount.minor)));
  const std::string id = pick(world, "o", 14);
  if (world.below(2) == 0) {
    order.wallet = any_wallet(world);
  } else {
    order.card_token = "tok";
    order.currency = euro;
  }
  world.ask("order " + id + (order.wallet.empty() ? " by card" : " from " + order.wallet),
            scripted(Order::kind_id, id, [=] { return place_order(id, order); }));
}

void somebody_asks(World& world) {
  switch (world.below(12)) {
    case 0:
    case 1:
    case 2: return ask_wallet(world);
    case 10: return world.below(2) == 0 ? correct_wallet(world) : correct_match(world);
    case 11: return correct_order(world);
    case 3: return ask_composite(world);
    case 4: return ask_item(world);
    case 5:
    case 6: return ask_booking(world);
    case 7: return ask_match(world);
    default: return ask_order(world);
  }
}

// With a payee: at times one of the payers.
void open_match(World& world, const std::string& id, tote::Match::Open open, bool has_payee) {
  if (has_payee) {
    open.payee.wallet = world.below(4) == 0 ? "w1" : "club";
    if (open.price.minor != 0 && world.below(2) == 0) open.payee.fee_wallet = "fees", open.payee.fee = {7};
    if (open.price.minor == 0) open.payee = {};
  }
  world.ask("open " + id, scripted(tote::Match::kind_id, id, [=] { return open_command(id, open); }));
}

}  // namespace

void open_all(World& world) {
  for (int i = 0; i < 5; ++i) {
    const std::string id = "w" + std::to_string(i);
    world.ask("open " + id, to<tote::Wallet>(id, tote::Wallet::Open{euro, {}}));
    world.ask("fill " + id, to<tote::Wallet>(id, tote::Wallet::Credit{{200}, {}}), {{}, {{id, 200}}});
  }
  for (const char* id : {"club", "fees", "usd"}) {
    const Currency currency = std::string_view(id) == "usd" ? dollar : euro;
    world.ask(std::string("open ") + id, to<tote::Wallet>(id, tote::Wallet::Open{currency, {}}));
  }
  for (int i = 0; i < 3; ++i) {
    const std::string item = "i" + std::to_string(i), match = "m" + std::to_string(i);
    world.ask("open " + item, to<tote::Item>(item, tote::Item::Open{20}), {{}, {{item, 20}}});
    tote::Match::Open open{2 + i, {match_price}, euro, {}, attempts_max, attempts_window_s};
    if (world.below(4) == 0) open.price = {}, open.currency = {};  // free
    if (i == 2) open.starts_at = {world.now().ns + 3'000 * ns_per_s};
    open_match(world, match, open, i == 1);
  }
  open_match(world, "m3", {3, {match_price}, euro, {}, attempts_max, attempts_window_s}, true);
  world.ask("pass0", to<Pass>("pass0", Pass::Open{}));
  world.ask("pass1", to<Pass>("pass1", Pass::Open{"p1", {world.now().ns + 1'000 * ns_per_s}}));
  world.ask("pass2", to<Pass>("pass2", Pass::Open{}));
  world.sync();
}

void step(World& world) {
  const auto what = world.below(100);
  if (what < 40) return somebody_asks(world);
  if (what < 46) return world.ask_again();
  if (what < 50) return world.read_wallet(any_wallet(world));
  if (what < 60) return world.turn();
  if (what < 68) return world.sync_some();
  if (what < 74) return world.sync();
  if (what < 82) return world.make_call();
  if (what < 90) return world.report();
  if (what < 96) {
    constexpr std::int64_t waits_ns[] = {1, ns_per_s, 70 * ns_per_s, 400 * ns_per_s, 1'000 * ns_per_s};
    return world.pass(waits_ns[world.below(5)]);
  }
  if (what < 97) return world.gateway().drain();
  if (what < 98) return world.fill_disk(world.below(3) == 0);
  world.crash();
}

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

}  // namespace tote::simulation
