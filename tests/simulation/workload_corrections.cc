#include "tests/simulation/workload_corrections.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "actors/match/match.h"
#include "actors/order/give_back.h"
#include "actors/wallet/capture.h"
#include "actors/wallet/wallet.h"
#include "tests/simulation/draws.h"
#include "tests/simulation/workload.h"

namespace tote::simulation {

namespace {

Code overdraft_code(const Model& model, const std::string& id, std::int64_t limit, Now now) {
  const Wallet* wallet = model.wallet(id);
  if (wallet == nullptr) return Code::not_found;
  if (wallet->is_closed()) return Code::wallet_closed;
  const std::int64_t less = wallet->overdraft - limit;
  return less > 0 && wallet->available(now) < less ? Code::insufficient_funds : Code::ok;
}

void set_overdraft(World& world, const std::string& id) {
  const std::int64_t limit = 50 * static_cast<std::int64_t>(world.below(4));
  world.ask("overdraft of " + id, to<tote::Wallet>(id, tote::Wallet::SetOverdraft{{limit}, "x"}),
            {[=](const Model& model, Now now) { return overdraft_code(model, id, limit, now); }});
}

void set_status(World& world, const std::string& id) {
  using Status = tote::Wallet::Status;
  constexpr Status statuses[] = {Status::open, Status::open, Status::frozen, Status::closed, Status::closed};
  const Status status = statuses[world.below(5)];
  const auto code = [=](const Model& model, Now) {
    const Wallet* wallet = model.wallet(id);
    if (wallet == nullptr) return Code::not_found;
    const bool is_closing = status == Status::closed && !wallet->is_closed();
    return is_closing && !wallet->is_empty() ? Code::wallet_not_empty : Code::ok;
  };
  world.ask(std::string(name_of(status)) + " " + id, to<tote::Wallet>(id, tote::Wallet::SetStatus{status, {}}), {code});
}

// All that it has now, so that it can be closed; or its overdraft, too, so that this can't be taken back.
void empty(World& world, const std::string& id, bool with_overdraft) {
  const Wallet* wallet = world.model().wallet(id);
  if (wallet == nullptr) return;
  const std::int64_t minor = with_overdraft ? wallet->available(world.now().ns) : wallet->balance;
  if (minor <= 0) return;
  world.ask("empty " + id, to<tote::Wallet>(id, tote::Wallet::Debit{{minor}, {}}),
            {[=](const Model& model, Now now) { return debit_code(model, id, minor, now); }, {{id, -minor}}});
}

// Of a hold that was closed the model knows nothing: then whatever it says.
std::optional<Code> capture_code(const Model& model, const std::string& id, const std::string& hold, std::int64_t minor,
                                 const Payee& payee, Now now) {
  const Wallet* wallet = model.wallet(id);
  if (wallet == nullptr) return Code::not_found;
  if (wallet->is_closed()) return Code::wallet_closed;
  const auto found = wallet->holds.find(hold);
  if (found == wallet->holds.end() || found->second.second <= now) return std::nullopt;
  const std::int64_t captured = minor == 0 ? found->second.first : minor;
  if (captured > found->second.first || payee.fee > captured) return Code::capture_exceeds_hold;
  return pay_out_code(model, payee, captured, wallet->currency);
}

void capture(World& world, const std::string& id) {
  const std::string hold = pick(world, "h", 4);
  const std::int64_t minor = world.below(2) == 0 ? 0 : amount(world);
  const Payee payee = world.below(3) == 0 ? Payee{} : any_payee(world, 20);
  const tote::Wallet::Capture command{hold, {minor}};
  const auto code = [=](const Model& model, Now now) { return capture_code(model, id, hold, minor, payee, now); };
  if (payee.wallet.empty()) return world.ask("capture of " + id, to<tote::Wallet>(id, command), {code});
  world.ask("capture of " + id + " for " + payee.wallet,
            scripted(tote::Wallet::kind_id, id, [=] { return capture_for(id, command, told(payee)); }),
            {code, {}, payee});
}

Code change_code(const Model& model, const std::string& id, const tote::Match::Change& change) {
  const Match* match = model.match(id);
  if (match == nullptr) return Code::not_found;
  if (match->is_cancelled) return Code::sales_closed;
  const std::int64_t price = change.price ? change.price->minor : match->price;
  if (match->payee.fee > price) return Code::invalid_request;
  const auto taken = static_cast<std::int64_t>(match->players.size());
  const bool is_other =
      price != 0 && change.price && !match->currency.empty() && change.currency.text() != match->currency;
  if (is_other && (taken > 0 || !match->payee.wallet.empty())) return Code::currency_mismatch;
  return change.seats && *change.seats < taken ? Code::seats_taken : Code::ok;
}

void change(World& world, const std::string& id) {
  tote::Match::Change change;
  constexpr std::int64_t prices[] = {match_price, match_price, 25, 60, 5, 0};
  constexpr std::int64_t starts_s[] = {0, 0, 100, 3'000};
  if (world.below(2) == 0) change.seats = 1 + static_cast<std::int64_t>(world.below(5));
  if (world.below(3) == 0) {
    change.price = Money{prices[world.below(6)]};
    if (change.price->minor != 0) change.currency = world.below(6) == 0 ? dollar : euro;
  }
  if (world.below(4) == 0) {
    const std::int64_t wait_s = starts_s[world.below(4)];
    change.starts_at = Time{wait_s == 0 ? 0 : world.now().ns + wait_s * ns_per_s};
  }
  if (world.below(3) == 0) change.sales_closed = world.below(3) == 0;
  world.ask("change " + id, to<tote::Match>(id, change),
            {[=](const Model& model, Now) { return change_code(model, id, change); }});
}

// Whom so much is to be taken back from, and who is to get it, must be able to.
Code give_back_code(const Model& model, const OrdersModel::Order& order, std::int64_t back) {
  const std::int64_t now = order.kept() - back, fee = order.payee.fee;
  const auto is_closed = [&](const std::string& id) { return !id.empty() && model.wallet(id)->is_closed(); };
  const bool payee_gives = std::max<std::int64_t>(order.kept() - fee, 0) > std::max<std::int64_t>(now - fee, 0);
  const bool fee_goes_back = std::min(order.kept(), fee) > std::min(now, fee);
  const bool is_refused = (payee_gives && is_closed(order.payee.wallet)) ||
                          (fee_goes_back && is_closed(order.payee.fee_wallet)) || (back > 0 && is_closed(order.wallet));
  return is_refused ? Code::wallet_closed : Code::ok;
}

Code refund_code(const Model& model, const std::string& id, const OrderReturns::Command& asked) {
  const auto found = model.orders().orders().find(id);
  if (found == model.orders().orders().end()) return Code::not_found;
  const OrdersModel::Order& order = found->second;
  if (!order.is_refundable()) return Code::order_not_confirmed;
  if (order.refunds.contains(asked.refund)) return Code::refund_exists;
  const std::int64_t back = asked.amount ? asked.amount->minor : order.kept();
  if (back == 0 || back > order.kept()) return Code::refund_exceeds_order;
  for (const OrderLine& line : asked.lines) {
    const auto bought = order.items.find(line.item);
    if (bought == order.items.end() || line.quantity > bought->second) return Code::refund_exceeds_order;
  }
  const Code given = give_back_code(model, order, back);
  return given == Code::ok ? Code::created : given;
}

// While it is pending, whatever it says.
std::optional<Code> cancel_code(const Model& model, const std::string& id) {
  const auto found = model.orders().orders().find(id);
  if (found == model.orders().orders().end()) return Code::not_found;
  const OrdersModel::Order& order = found->second;
  if (!order.is_confirmed) return std::nullopt;
  return order.is_cancelled ? Code::ok : give_back_code(model, order, order.kept());
}

}  // namespace

void correct_order(World& world) {
  const std::string id = world.below(8) == 0 ? pick(world, "page", 4) : pick(world, "o", 14);
  if (world.below(3) == 0)
    return world.ask("cancel order " + id, scripted(Order::kind_id, id, [=] { return cancel_order(id, "x"); }),
                     {[=](const Model& model, Now) { return cancel_code(model, id); }});
  OrderReturns::Command refund{OrderReturns::Type::refund, pick(world, "r", 3), {}, {}, "x"};
  if (world.below(3) != 0) refund.amount = Money{amount(world)};
  if (world.below(2) == 0) refund.lines.push_back({any_item(world), 1 + static_cast<std::int64_t>(world.below(2))});
  world.ask("refund of order " + id, scripted(Order::kind_id, id, [=] { return refund_order(id, refund); }),
            {[=](const Model& model, Now) { return refund_code(model, id, refund); }});
}

void refund_in_part(World& world) {
  std::vector<std::string> paid;
  for (const auto& [id, order] : world.model().orders().orders())
    if (order.is_refundable() && !order.charge.empty() && order.kept() > 0) paid.push_back(id);
  if (paid.empty()) return;
  const std::string id = paid[world.below(paid.size())];
  constexpr std::int64_t parts[] = {5, 5, 9};  // often alike
  const OrderReturns::Command refund{
      OrderReturns::Type::refund, pick(world, "q", 20), Money{parts[world.below(3)]}, {}, "x"};
  world.ask("part of order " + id, scripted(Order::kind_id, id, [=] { return refund_order(id, refund); }),
            {[=](const Model& model, Now) { return refund_code(model, id, refund); }});
}

void correct_match(World& world) {
  const std::string id = any_match(world);
  if (world.below(12) != 0) return change(world, id);
  const auto code = [=](const Model& model, Now) { return model.match(id) == nullptr ? Code::not_found : Code::ok; };
  world.ask("call off " + id, to<tote::Match>(id, tote::Match::CallOff{"rain"}), {code});
}

void correct_wallet(World& world) {
  const std::string id = any_wallet(world), closable = world.below(2) == 0 ? "w4" : "club";
  switch (world.below(10)) {
    case 0:
    case 1:
    case 2: return set_overdraft(world, "w0");
    case 3: return set_status(world, id);
    case 4: return set_status(world, closable);
    case 5: return empty(world, closable, false);
    case 6: return empty(world, "w0", true);
    default: return capture(world, id);
  }
}

}  // namespace tote::simulation
