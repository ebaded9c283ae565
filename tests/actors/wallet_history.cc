#include "tests/actors/wallet_history.h"

#include <utility>

namespace tote {
namespace {

rc::Gen<std::int64_t> any_amount() {
  return rc::gen::weightedOneOf<std::int64_t>(
      {{8, rc::gen::inRange<std::int64_t>(1, 100)},
       {1, rc::gen::element<std::int64_t>(0, -1, amount_max, amount_max + 1, INT64_MAX, INT64_MIN)}});
}

rc::Gen<std::int64_t> any_duration_s() {
  return rc::gen::weightedOneOf<std::int64_t>(
      {{8, rc::gen::inRange<std::int64_t>(1, 20)},
       {1, rc::gen::element<std::int64_t>(0, -1, Wallet::expires_in_s_max, Wallet::expires_in_s_max + 1)}});
}

rc::Gen<std::string> any_hold() { return rc::gen::element<std::string>("a", "b", "c", "d"); }
rc::Gen<std::string> any_reference() { return rc::gen::element<std::string>("", "r1", std::string(128, 'r')); }
rc::Gen<std::string> any_text() { return rc::gen::container<std::string>(rc::gen::arbitrary<char>()); }

}  // namespace

rc::Gen<Wallet::Command> any_command() {
  return rc::gen::exec([]() -> Wallet::Command {
    switch (*rc::gen::weightedElement<int>(
        {{1, 0}, {5, 1}, {5, 2}, {6, 3}, {5, 4}, {3, 5}, {1, 6}, {2, 7}, {1, 8}, {1, 9}})) {
      case 0: return open(*rc::gen::element<std::int64_t>(0, 50, -1, amount_max + 1));
      case 1: return Wallet::Credit{{*any_amount()}, *any_reference()};
      case 2: return Wallet::Debit{{*any_amount()}, *any_reference()};
      case 3: return hold(*any_hold(), *any_amount(), *any_duration_s());
      case 4: return capture(*any_hold(), *rc::gen::oneOf(rc::gen::just<std::int64_t>(0), any_amount()));
      case 5: return release(*any_hold());
      case 6: return Wallet::SetStatus{static_cast<Wallet::Status>(*rc::gen::inRange(0, 5)), *any_reference()};
      case 7: return Wallet::Reverse{{*any_amount()}, *any_reference(), *rc::gen::arbitrary<bool>()};
      case 8:
        return Wallet::SetOverdraft{{*rc::gen::element<std::int64_t>(0, 30, 50, -1, amount_max + 1)}, *any_reference()};
      default: return Wallet::SetStatus{Wallet::Status::open};
    }
  });
}

// Most begin with an open wallet with some money in it: the rest would mostly be told that there is none.
rc::Gen<std::vector<HistoryStep>> any_history() {
  return rc::gen::exec([] {
    auto steps = *rc::gen::container<std::vector<HistoryStep>>(rc::gen::exec([] {
      return HistoryStep{*any_command(), *rc::gen::element<std::int64_t>(1, 1, 1, ns_per_s, 7 * ns_per_s)};
    }));
    if (*rc::gen::inRange(0, 8) == 0) return steps;
    steps.insert(steps.begin(),
                 {HistoryStep{open(*rc::gen::element<std::int64_t>(0, 0, 50)), 1}, HistoryStep{credit(500), 1}});
    return steps;
  });
}

rc::Gen<Wallet::Event> any_event() {
  return rc::gen::exec([]() -> Wallet::Event {
    const Money amount{*rc::gen::arbitrary<std::int64_t>()};
    switch (*rc::gen::inRange(0, 10)) {
      case 0: return Wallet::Opened{*rc::gen::element(eur, jpy), amount};
      case 1: return Wallet::Credited{amount, *any_text()};
      case 2: return Wallet::Debited{amount, *any_text()};
      case 3: return Wallet::Held{*any_text(), amount, {*rc::gen::arbitrary<std::int64_t>()}};
      case 4: return Wallet::Captured{*any_text(), amount};
      case 5: return Wallet::Released{*any_text()};
      case 6: return Wallet::Expired{*any_text()};
      case 7: return Wallet::StatusSet{static_cast<Wallet::Status>(*rc::gen::inRange(0, 4)), *any_text()};
      case 8: return Wallet::Reversed{amount, {*rc::gen::arbitrary<std::int64_t>()}, *any_text()};
      default: return Wallet::DebtPaid{amount};
    }
  });
}

std::string text_of(const Wallet::Command& command) {
  struct Text {
    std::string operator()(const Wallet::Open& c) const { return "open " + std::to_string(c.overdraft_limit.minor); }
    std::string operator()(const Wallet::Credit& c) const {
      return "credit " + std::to_string(c.amount.minor) + ' ' + c.reference;
    }
    std::string operator()(const Wallet::Debit& c) const {
      return "debit " + std::to_string(c.amount.minor) + ' ' + c.reference;
    }
    std::string operator()(const Wallet::Hold& c) const {
      return "hold " + c.hold + ' ' + std::to_string(c.amount.minor) + " for " + std::to_string(c.expires_in_s);
    }
    std::string operator()(const Wallet::Capture& c) const {
      return "capture " + c.hold + ' ' + std::to_string(c.amount.minor);
    }
    std::string operator()(const Wallet::Release& c) const { return "release " + c.hold; }
    std::string operator()(const Wallet::SetStatus& c) const {
      return "set status " + std::string(name_of(c.status)) + ' ' + c.reason;
    }
    std::string operator()(const Wallet::Reverse& c) const {
      return "reverse " + std::to_string(c.amount.minor) + ' ' + c.reference +
             (c.may_overdraw ? " below the limit" : "");
    }
    std::string operator()(const Wallet::SetOverdraft& c) const {
      return "set overdraft " + std::to_string(c.overdraft_limit.minor) + ' ' + c.reason;
    }
  };
  return std::string(std::visit(Text{}, command));
}

std::ostream& operator<<(std::ostream& out, const HistoryStep& step) {
  return out << "after " << step.wait_ns << " ns: " << text_of(step.command);
}

Step LiveWallet::handle(const Wallet::Command& command, std::int64_t wait_ns) {
  now.ns += wait_ns;
  for (std::string events; entity.pass_time(now, events); events.clear()) records.push_back(events);
  std::string events;
  answer.clear();
  const Step step = entity.handle(Command(Wallet::Command(command)), now, events, answer);
  if (!events.empty()) records.push_back(std::move(events));
  return step;
}

std::string answer_of(const AnyEntity& entity) {
  std::string answer;
  entity.answer({}, answer);
  return answer;
}

}  // namespace tote
