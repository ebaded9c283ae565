#include "actors/order/returns.h"

#include <algorithm>

#include "actors/order/lines.h"
#include "actors/order/order.h"
#include "engine/kernel/name.h"

namespace tote {
namespace {

using Returns = OrderReturns;

struct Decide {
  const OrderInput& order;
  const Returns::State& state;
  const Returns::Command& asked;

  Money money_left() const { return {order.amount.minor - state.refunded.minor}; }
  std::int64_t left_of(std::string_view item) const {
    std::int64_t bought = 0;
    for (const OrderLine& line : order.lines) bought += line.item == item ? line.quantity : 0;
    const auto back = state.returned.find(item);
    return bought - (back == state.returned.end() ? 0 : back->second);
  }

  Decision<Returns::Event> cancel() const {
    Returns::Refund all{{}, money_left(), {}, asked.reason};
    for (const MergedLine& line : merged(order))
      if (const std::int64_t left = left_of(line.item); left > 0) all.lines.push_back({std::string(line.item), left});
    return Returns::Event{Returns::Type::cancel, std::move(all)};
  }

  Decision<Returns::Event> refund() const {
    const auto is_it = [&](const Returns::Refund& one) { return one.refund == asked.refund; };
    if (std::any_of(state.refunds.begin(), state.refunds.end(), is_it)) return Refusal{Code::refund_exists};
    if (state.refunds.size() >= Returns::refunds_max)
      return Refusal{Code::too_many_refunds, {{FactName::limit, Returns::refunds_max}}};
    const Money left = money_left();
    const Money amount = asked.amount.value_or(left);
    if (amount > left || amount.minor == 0)
      return Refusal{Code::refund_exceeds_order,
                     {{FactName::available, left.minor}, {FactName::requested, amount.minor}}};
    Returns::Refund given{asked.refund, amount, {}, asked.reason};
    for (const MergedLine& line : merged(asked.lines)) {
      const std::int64_t there = left_of(line.item);
      if (line.quantity > there)
        return Refusal{Code::refund_exceeds_order,
                       {{FactName::available, there},
                        {FactName::requested, line.quantity},
                        {FactName::line, static_cast<std::int64_t>(line.first)}}};
      given.lines.push_back({std::string(line.item), line.quantity});
    }
    return Returns::Event{Returns::Type::refund, std::move(given)};
  }
};

bool is_valid(const Returns::Command& asked) {
  const auto is_line = [](const OrderLine& line) { return is_valid_id(line.item) && is_amount(line.quantity); };
  return (!asked.amount || is_amount(asked.amount->minor)) && asked.lines.size() <= order_lines_max &&
         asked.reason.size() <= Returns::reason_bytes_max &&
         std::all_of(asked.lines.begin(), asked.lines.end(), is_line);
}

bool is_confirmed(const saga::Progress& progress, const Returns::State& state) {
  return progress.status == saga::Status::completed && !state.is_cancelled;
}

}  // namespace

Decision<Returns::Event> OrderReturns::decide(const OrderInput& order, const saga::Progress& progress,
                                              const State& state, const Command& asked, Time) {
  const bool is_refundable = is_confirmed(progress, state);
  if (!is_valid(asked)) return Refusal{Code::invalid_request};
  switch (asked.type) {
    case Type::refund:
      if (!is_valid_id(asked.refund)) return Refusal{Code::invalid_id};
      if (!is_refundable) return Refusal{Code::order_not_confirmed};
      return Decide{order, state, asked}.refund();
    case Type::cancel:
      if (state.is_cancelled) return Decision<Event>(Code::ok);
      if (!is_refundable) return Refusal{Code::order_not_confirmed};
      return Decide{order, state, asked}.cancel();
    case Type::wish:
      if (progress.status == saga::Status::completed || progress.status == saga::Status::compensated)
        return Refusal{Code::order_not_confirmed};
      if (state.is_wished) return Decision<Event>(Code::accepted);
      return Decision<Event>(Event{Type::wish, {{}, {}, {}, asked.reason}}).as(Code::accepted);
    case Type::fail: return Event{Type::fail, {{}, {}, {}, asked.reason}};
  }
  return Refusal{Code::invalid_request};
}

bool OrderReturns::fits(const OrderInput& order, const saga::Progress& progress, const State& state,
                        const Event& event) {
  const bool is_refundable = is_confirmed(progress, state);
  const Refund& refund = event.refund;
  switch (event.type) {
    case Type::refund:
    case Type::cancel:
      return is_refundable && refund.amount.minor >= 0 && refund.amount.minor <= order.amount.minor &&
             state.refunded.minor <= order.amount.minor - refund.amount.minor && state.refunds.size() <= refunds_max &&
             refund.lines.size() <= order_lines_max &&
             std::all_of(refund.lines.begin(), refund.lines.end(),
                         [](const OrderLine& line) { return is_amount(line.quantity); });
    case Type::wish: return !state.is_wished && !is_refundable;
    case Type::fail: return state.is_wished;
  }
  return false;
}

void OrderReturns::apply(State& state, const Event& event) {
  const Refund& refund = event.refund;
  switch (event.type) {
    case Type::wish: state.is_wished = true, state.reason = refund.reason; return;
    case Type::fail: state.failure = refund.reason; return;
    case Type::cancel:
      state.is_cancelled = true;
      state.reason = refund.reason;
      state.failure.clear();
      break;
    case Type::refund: break;
  }
  state.refunded.minor += refund.amount.minor;
  for (const OrderLine& line : refund.lines) state.returned[line.item] += line.quantity;
  if (refund.amount.minor > 0 || !refund.lines.empty()) state.refunds.push_back(refund);
}

std::string_view OrderReturns::name_of(const Event& event) {
  static constexpr std::string_view names[] = {"refunded", "cancelled", "cancel_wished", "cancel_failed"};
  const auto number = static_cast<std::size_t>(event.type);
  return number < std::size(names) ? names[number] : "";
}

std::string_view OrderReturns::told(const Event& event) {
  switch (event.type) {
    case Type::refund: return "order.returned";
    case Type::cancel: return "order.cancelled";
    case Type::wish:
    case Type::fail: break;
  }
  return {};
}

namespace {

void describe_refund(const Returns::Refund& refund, Fields& fields) {
  if (!refund.refund.empty()) fields.text("refund", refund.refund);
  if (refund.amount.minor != 0) fields.integer("amount", refund.amount.minor);
  if (!refund.lines.empty()) describe_lines(refund.lines, fields);
  if (!refund.reason.empty()) fields.text("reason", refund.reason);
}

}  // namespace

void OrderReturns::describe(const Event& event, Fields& fields) { describe_refund(event.refund, fields); }

void OrderReturns::describe(const State& state, Fields& fields) {
  if (state.is_wished && !state.is_cancelled) fields.text("wish", "cancel");
  if (!state.reason.empty()) fields.text("reason", state.reason);
  if (state.refunds.empty()) return;
  fields.integer("refunded", state.refunded.minor);
  fields.begin_list("refunds");
  for (const Refund& refund : state.refunds) {
    fields.begin({});
    describe_refund(refund, fields);
    fields.end();
  }
  fields.end_list();
}

}  // namespace tote
