#include "tests/simulation/world.h"

#include <algorithm>

#include "actors/bet/bet.h"
#include "actors/item/item.h"
#include "actors/match/card_booking.h"
#include "actors/match/match.h"
#include "actors/order/give_back.h"
#include "actors/order/order.h"
#include "actors/pass/pass.h"
#include "actors/payment_event/outside_payment.h"
#include "actors/payment_event/payment_events.h"
#include "actors/reference/reference.h"
#include "actors/refund/refunds.h"
#include "actors/session/session.h"
#include "actors/transaction/results.h"
#include "actors/wallet/wallet.h"
#include "engine/row_entity.h"
#include "tests/simulation/draws.h"

namespace tote::simulation {

namespace {

Kinds all_kinds() {
  return {kind_of<tote::Wallet>(),  kind_of<tote::Item>(),  kind_of<tote::Match>(), kind_of<Pass>(),
          kind_of<Order>(),         kind_of<CardBooking>(), kind_of<Refunds>(),     transaction::kind(),
          kind_of<Bet>(),           kind_of<Reference>(),   kind_of<Session>(),     kind_of<PaymentEvents>(),
          kind_of<OutsidePayment>()};
}

const Kind* kind_of_id(KindId id) {
  static const Kinds kinds = all_kinds();
  return find_kind(kinds, id);
}

// "running", "stuck"; empty: it is no saga.
std::string saga_status(const Kind& kind, std::string_view id, const AnyEntity& entity) {
  std::string answer;
  if (kind.id() == Order::kind_id)
    entity.answer(CommandRef::to(Order::Question{}), answer);
  else if (kind.id() == CardBooking::kind_id)
    entity.answer(CommandRef::to(CardBooking::Question{}), answer);
  else
    return {};
  NodeReader saga;
  return kind.describe_answer(id, answer, saga) ? saga.root.text("status") : std::string();
}

}  // namespace

World::World(std::uint64_t seed, bool by_chance)
    : random_(seed),
      by_chance_(by_chance),
      gateway_(seed + 1),
      model_(all_kinds(), [this](std::string_view key) -> const Model::Expected* {
        const auto found = asked_.find(std::string(key));
        return found == asked_.end() ? nullptr : &found->second.expected;
      }) {
  start();
}

CoreOptions World::options() {
  CoreOptions options;
  options.kinds = all_kinds();
  options.key_retention_s = 400 * 86'400;
  options.snapshot_interval_ms = 0;
  options.snapshot_thread = false;
  return options;
}

void World::start() {
  CoreOptions options = this->options();
  if (by_chance_) {
    options.snapshot_interval_ms = 1 + static_cast<std::int64_t>(below(100'000));
    options.snapshot_rows_a_turn = 1 + below(4);
  }
  if (by_chance_ && below(2) == 0) options.entities_live_max = 1 + below(8);
  if (by_chance_ && below(2) == 0) options.entities_bytes = 1 + below(20) * 1'000;  // some ten of them, or none
  options.on_effect = [this](EffectCall& call) {
    if (by_chance_ && below(10) == 0) return false;  // no worker is free
    catch_up();
    if (!model_.knows(call.kind, call.entity)) model_.fault("a call for " + call.entity + " before it is durable");
    calls_.push_back(std::move(call));
    return true;
  };
  engine_ = std::make_unique<Harness>(log_, clock_, std::move(options));
  if (by_chance_) engine_->shuffle(random_());
  engine_->turns();
}

void World::note(std::string line) {
  if (trace_.size() >= 400) trace_.erase(trace_.begin(), trace_.begin() + 100);
  trace_.push_back(std::to_string(clock_.at.ns) + " " + std::move(line));
}

std::string World::trace() const {
  std::string out;
  for (const std::string& line : trace_) out.append(line).append("\n");
  return out;
}

std::string World::faults() const {
  std::string out;
  for (const std::string& fault : model_.faults()) out.append(fault).append("\n");
  for (const std::string& fault : gateway_.faults()) out.append(fault).append("\n");
  return out;
}

void World::ask(std::string what, std::function<Request()> make, Model::Expected expected) {
  const std::string key = "k" + std::to_string(keys_.size());
  note(key + ": " + what);
  keys_.push_back(key);
  const auto& asked = asked_[key] = {std::move(what), std::move(make), std::move(expected), {}};
  Request request = asked.make();
  request.key = key;
  waiting_.emplace_back(engine_->submit(std::move(request)), key);
}

void World::ask_again() {
  if (keys_.empty()) return;
  const std::string key = keys_[below(keys_.size())];
  note("again " + key);
  Request request = asked_[key].make();
  request.key = key;
  waiting_.emplace_back(engine_->submit(std::move(request)), key);
}

void World::read_wallet(const std::string& id) {
  readings_.push_back({engine_->submit(request<tote::Wallet>(id)), id});
}

Node World::read(KindId kind, const std::string& id) {
  const Outcome outcome = engine_->call({.kind = kind, .entity = id});
  look();
  NodeReader fields;
  if (is_success(outcome.code) && !kind_of_id(kind)->describe_answer(id, outcome.answer, fields))
    model_.fault("the answer of " + id + " can't be read");
  return std::move(fields.root);
}

void World::turn() {
  engine_->turn();
  look();
}

void World::sync() {
  engine_->turns();
  const std::uint64_t end = log_.last().value;
  while (crash_after_ > log_.durable().value && log_.durable().value < end && crashes_ == 0) {
    log_.sync_to(log_.durable().next());
    engine_->turns();
    if (log_.durable().value == crash_after_) {
      look();
      return crash();
    }
  }
  engine_->sync();
  look();
  check_waiting();
}

// Where a seat is free nobody waits who can pay, and nobody has one for a pass that was revoked.
void World::check_waiting() {
  const SlotTable& slots = engine_->context().slots();
  slots.for_each([&](Slot* slot) {
    if (slot->kind->id() != tote::Match::kind_id) return;
    const auto& match = static_cast<const EntityOf<tote::Match>*>(slot->entity.get())->state();
    if (!match.exists() || !match.sells(clock_.at)) return;
    // Whose payee couldn't take it is asked again by the clock.
    const Match* model = model_.match(slot->id);
    if (!model->payee.wallet.empty() && match.offers_retry_at != Time::never()) return;
    for (const auto& [place, waiting] : match.waiting) {
      if (match.free() <= 0 || waiting.is_aside || waiting.payment.method != tote::Match::Method::wallet) continue;
      const Wallet* payer = model_.wallet(waiting.payment.reference);
      const std::int64_t price = match.price.minor;
      const bool is_rich = payer != nullptr && payer->currency == match.currency.text() &&
                           debit_code(model_, waiting.payment.reference, price, clock_.at.ns) == Code::ok &&
                           pay_out_code(model_, model->payee, price, payer->currency) == Code::ok;
      if (price == 0 || is_rich)
        model_.fault(waiting.player + " waits beside a free seat of " + slot->id + ", and can pay");
    }
    for (const auto& [pass, players] : match.pass_uses) {
      const Slot* used = slots.find({}, Pass::kind_id, pass);
      if (static_cast<const EntityOf<Pass>*>(used->entity.get())->state().revoked)
        model_.fault("seats of " + slot->id + " for the pass " + pass + ", which was revoked");
    }
  });
}

void World::sync_some() {
  engine_->turn();
  const std::uint64_t behind = log_.last().value - log_.durable().value;
  if (behind > 0) log_.sync_to({log_.durable().value + below(behind + 1)});
  engine_->turn();
  look();
}

void World::pass(std::int64_t ns) {
  clock_.advance(ns);
  note("time passes");
  engine_->turns();
  look();
}

void World::crash() {
  ++crashes_;
  crashes_between_ += model_.payments().is_between() ? 1 : 0;
  note("crash after record " + std::to_string(log_.durable().value));
  engine_.reset();
  log_.crash();
  rows_.crash(by_chance_ ? below(rows_.pending() + 1) : 0);
  waiting_.clear();
  readings_.clear();
  results_.clear();
  reports_.clear();
  betting_.forget();
  checkouts_.forget();
  ghosts_.insert(ghosts_.end(), std::make_move_iterator(calls_.begin()), std::make_move_iterator(calls_.end()));
  calls_.clear();
  start();
  check_started();
  check_served();
}

// From the newest snapshot and what came after it: the same as from all that was ever recorded.
void World::check_started() {
  CoreOptions all = options();
  all.from_snapshot = false;
  if (Harness(log_, clock_, std::move(all)).states() != engine_->states())
    model_.fault("a start from a snapshot gives other states than all records do");
}

void World::catch_up() {
  if (seen_ < log_.durable())
    std::as_const(log_).read(seen_.next(), log_.durable(), [this](Lsn lsn, const wal::Record& record) {
      model_.apply(lsn, record);
      return true;
    });
  seen_ = log_.durable();
}

// What was durable is the model's, what was answered is the log's.
void World::look() {
  catch_up();
  betting_.look();
  checkouts_.look();
  std::erase_if(waiting_, [this](const auto& waiting) {
    if (!engine_->is_answered(waiting.first)) return false;
    look_at_answer(waiting.second, engine_->outcome(waiting.first));
    return true;
  });
  std::erase_if(reports_, [this](auto& report) {
    if (!engine_->is_answered(report.first)) return false;
    if (!is_stored(engine_->outcome(report.first).code)) results_.push_back(std::move(report.second));  // told again
    return true;
  });
  std::erase_if(readings_, [this](const Reading& reading) {
    if (!engine_->is_answered(reading.ticket)) return false;
    const Outcome& outcome = engine_->outcome(reading.ticket);
    if (outcome.code == Code::ok &&
        field(outcome, "balance") != model_.balance_at(reading.wallet, outcome.version.value))
      model_.fault("wallet " + reading.wallet + " was seen as it never was");
    return true;
  });
}

void World::look_at_answer(const std::string& key, const Outcome& outcome) {
  note(key + " says " + std::string(name_of(outcome.code)));
  model_.answered(outcome.code);
  if (!is_stored(outcome.code)) return;
  const Code* recorded = model_.code_of(key);
  if (recorded == nullptr) return;  // an answer without a record: nothing has changed
  if (*recorded != outcome.code) model_.fault(key + " was answered otherwise than recorded");
  auto& told = asked_[key].told;
  if (told && *told != tote::told(outcome)) model_.fault(key + " was answered twice, and not alike");
  told = tote::told(outcome);
}

// What the engine serves is what its log adds up to.
void World::check_served() {
  for (const auto& [id, wallet] : model_.wallets()) {
    const Node seen = read(tote::Wallet::kind_id, id);
    if (seen.integer("balance") != wallet.balance) model_.fault("wallet " + id + " has another balance");
    if (seen.integer("held") != wallet.held(0)) model_.fault("wallet " + id + " holds something else");
    if (seen.integer("available") != wallet.available(0)) model_.fault("wallet " + id + " has something else to spend");
    const std::string status = seen.text("status");
    if ((status.empty() ? "open" : status) != wallet.status) model_.fault("wallet " + id + " is " + status);
  }
  for (const auto& [id, item] : model_.items()) {
    const Node seen = read(tote::Item::kind_id, id);
    if (seen.integer("on_hand") != item.on_hand) model_.fault("item " + id + " has another stock");
    if (seen.integer("reserved") != item.reserved(0)) model_.fault("item " + id + " reserves something else");
  }
  for (const auto& [id, order] : model_.orders().orders()) {
    const Node seen = read(Order::kind_id, id);
    if (seen.integer("refunded") != order.refunded) model_.fault("order " + id + " gave something else back");
    const std::string status = order.is_cancelled ? "cancelled" : "confirmed";
    if (order.is_confirmed && seen.text("status") != status) model_.fault("order " + id + " isn't " + status);
  }
  for (const auto& [id, match] : model_.matches()) {
    const Node seen = read(tote::Match::kind_id, id);
    if (seen.integer("taken") != static_cast<std::int64_t>(match.players.size()))
      model_.fault("match " + id + " has other players");
  }
}

void World::make_call() {
  if (!ghosts_.empty() && below(2) == 0) {
    note("a call from before the crash arrives");
    gateway_.call(ghosts_.back().call);
    ghosts_.pop_back();
  }
  if (calls_.empty()) return;
  const auto at = calls_.begin() + static_cast<std::ptrdiff_t>(below(calls_.size()));
  payment::Result result = gateway_.call(at->call);
  note("call " + at->entity + " " + at->effect + " " + std::string(payment::name_of(result.status)));
  results_.push_back({at->kind, at->entity, at->effect, std::move(result)});
  calls_.erase(at);
}

void World::send_report(Result result) {
  Request request{.kind = result.kind, .entity = result.entity};
  request.command =
      Command(kind_of_id(result.kind)->report(result.entity, result.effect, CommandRef::to(result.result)));
  reports_.emplace_back(engine_->submit(std::move(request)), std::move(result));
}

void World::report() {
  if (results_.empty()) return;
  const std::size_t at = below(results_.size());
  send_report(results_[at]);
  if (below(8) != 0) results_.erase(results_.begin() + static_cast<std::ptrdiff_t>(at));
}

void World::answer_all_honestly() {
  for (Result& result : std::exchange(results_, {})) send_report(std::move(result));
  for (const EffectCall& call : std::exchange(calls_, {})) {
    payment::Result result = gateway_.call_honestly(call.call);
    note("call " + call.entity + " " + call.effect + " " + std::string(payment::name_of(result.status)));
    send_report({call.kind, call.entity, call.effect, std::move(result)});
  }
}

void World::answer_all_twice() {
  for (const EffectCall& call : std::exchange(calls_, {}))
    for (int i = 0; i < 2; ++i) send_report({call.kind, call.entity, call.effect, gateway_.call_honestly(call.call)});
}

void World::answer_all_as_lost(bool is_executed) {
  for (const EffectCall& call : std::exchange(calls_, {})) {
    if (is_executed) gateway_.call_honestly(call.call);
    send_report({call.kind, call.entity, call.effect, {payment::Status::unreachable, {}, "no answer"}});
  }
}

// What people at the shop do when they are told of an alert.
void World::operate() {
  gateway_.fund();
  for (const auto& [id, order] : model_.orders().orders()) {
    if (!order.is_wished || !order.is_refundable()) continue;
    Request request{.kind = Order::kind_id, .entity = id};
    request.command = cancel_order(id, "as was wished");
    engine_->submit(std::move(request));
  }
  using Status = tote::Wallet::Status;
  for (const auto& [id, wallet] : model_.wallets())
    if (wallet.is_closed()) engine_->submit(request<tote::Wallet>(id, tote::Wallet::SetStatus{Status::open, "x"}));
  engine_->context().slots().for_each([this](Slot* slot) {
    if (saga_status(*slot->kind, slot->id, *slot->entity) != "stuck") return;
    Request request{.kind = slot->kind->id(), .entity = slot->id};
    auto script = slot->kind->id() == Order::kind_id
                      ? saga::operate_script<Order>(slot->id, saga::Remedy::retry, "try again")
                      : saga::operate_script<CardBooking>(slot->id, saga::Remedy::retry, "try again");
    request.command = Command(std::move(script));
    engine_->submit(std::move(request));
  });
  const Node queue = read(Refunds::kind_id, std::string(Refunds::id));
  for (const Node& list : queue.children) {
    for (const Node& refund : list.children) {
      if (refund.text("status") != "failed") continue;
      Request request{.kind = Refunds::kind_id, .entity = std::string(Refunds::id)};
      request.command = retry_refund(refund.text("id"));
      engine_->submit(std::move(request));
    }
  }
  for (const std::string& event : model_.payments().failed()) {
    Request request{.kind = PaymentEvents::kind_id, .entity = std::string(PaymentEvents::id)};
    request.command = retry_payment_event(event, "try again");
    engine_->submit(std::move(request));
  }
  Request resume{.kind = Refunds::kind_id, .entity = std::string(Refunds::id)};
  resume.command = resume_payments("all is well");
  engine_->submit(std::move(resume));
}

void World::settle() {
  note("nobody asks any more");
  fill_disk(false);
  gateway_.never_fails = true;
  while (!ghosts_.empty()) gateway_.call_honestly(ghosts_.back().call), ghosts_.pop_back();
  for (int round = 0; round < 12; ++round) {
    for (int i = 0; i < 4; ++i) {
      answer_all_honestly();
      checkouts_.deliver_all();
      betting_.call_unanswered();
      sync();
      sync();
    }
    if (round == 9) betting_.pay_out();
    if (round < 8) operate();
    const bool is_late = round == 6;  // for who was to pay on a page, and hasn't
    pass((is_late ? 26 * 3'600 : 700) * ns_per_s);
    sync();
  }
  check_quiet();
  checkouts_.check_quiet();
  check_served();
}

void World::check_quiet() {
  if (is_calling()) model_.fault("calls are still out");
  if (!waiting_.empty()) model_.fault(waiting_.front().second + " was never answered");
  const auto look_at = [&](const Kind& kind, const std::string& id, const AnyEntity& entity) {
    const std::string status = saga_status(kind, id, entity);
    if (!status.empty() && status != "completed" && status != "compensated")
      model_.fault("saga " + id + " is " + status);
  };
  engine_->context().slots().for_each([&](Slot* slot) {
    if (slot->entity->staged() != 0 || !slot->queue.is_empty()) model_.fault(slot->id + " isn't still");
    look_at(*slot->kind, slot->id, *slot->entity);
  });
  const auto damage = rows_.each([&](const wal::StateRow& row) {  // and those at rest
    if (engine_->context().slots().find(Tenant{}, row.kind, row.entity) != nullptr) return true;
    const Kind& kind = *engine_->context().kind(row.kind);
    const auto entity = kind.make();
    if (!take_row(*entity, row)) model_.fault("a row that can't be read");
    look_at(kind, std::string(row.entity), *entity);
    return true;
  });
  if (!damage.is_none()) model_.fault(damage.detail);
  for (const auto& [id, order] : model_.orders().orders())
    if (order.is_wished && order.is_refundable()) model_.fault("order " + id + " was to be cancelled");
  for (const auto& [id, order] : model_.orders().orders())
    if (order.is_confirmed && order.wallet.empty() && gateway_.kept_of(order.charge) != order.kept())
      model_.fault("the provider keeps " + std::to_string(gateway_.kept_of(order.charge)) + " of order " + id);
  for (const auto& [id, match] : model_.matches())
    if (match.is_cancelled && !(match.players.empty() && match.waiting.empty()))
      model_.fault("match " + id + " is cancelled, and not everybody was paid back");
  const Node queue = read(Refunds::kind_id, std::string(Refunds::id));
  for (const Node& list : queue.children)
    for (const Node& refund : list.children)
      if (refund.text("status") != "succeeded")
        model_.fault("refund " + refund.text("id") + " is " + refund.text("status"));
  const std::int64_t bought = model_.orders().kept_of_cards() + model_.in_seats_by_card();
  const std::int64_t kept = gateway_.kept() - checkouts_.foreign();
  if (kept != bought)
    model_.fault("cards have paid " + std::to_string(kept) + " for what costs " + std::to_string(bought));
}

}  // namespace tote::simulation
