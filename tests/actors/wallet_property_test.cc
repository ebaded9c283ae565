// What is true after every history of a wallet, whatever was asked and whenever.
#include <map>

#include "tests/actors/property.h"
#include "tests/actors/wallet_history.h"

namespace tote {
namespace {

// The truth, kept apart from the wallet: sums of what its events said.
struct Books {
  std::int64_t credits = 0, debits = 0, captures = 0, reversals = 0, debt = 0;
  bool is_closed = false;
  std::map<std::string, std::int64_t> open;
  std::map<std::string, int> captured_times;

  void operator()(const Wallet::Opened&) {}
  void operator()(const Wallet::Credited& event) { credits += event.amount.minor; }
  void operator()(const Wallet::Debited& event) { debits += event.amount.minor; }
  void operator()(const Wallet::Held& event) {
    RC_ASSERT(!open.contains(event.hold));
    open[event.hold] = event.amount.minor;
  }
  void operator()(const Wallet::Captured& event) {
    RC_ASSERT(open.contains(event.hold));
    RC_ASSERT(event.amount.minor <= open[event.hold]);
    RC_ASSERT(++captured_times[event.hold] == 1);
    captures += event.amount.minor;
    open.erase(event.hold);
  }
  void operator()(const Wallet::Released& event) { RC_ASSERT(open.erase(event.hold) == 1U); }
  void operator()(const Wallet::Expired& event) { RC_ASSERT(open.erase(event.hold) == 1U); }
  void operator()(const Wallet::StatusSet& event) { is_closed = event.status == Wallet::Status::closed; }
  void operator()(const Wallet::OverdraftSet&) { RC_ASSERT(!is_closed); }
  void operator()(const Wallet::Reversed& event) {
    RC_ASSERT(!is_closed);
    reversals += event.amount.minor, debt += event.debt.minor;
  }
  void operator()(const Wallet::DebtPaid& event) {
    RC_ASSERT(event.amount.minor <= debt);
    reversals += event.amount.minor, debt -= event.amount.minor;
  }

  std::int64_t held() const {
    std::int64_t sum = 0;
    for (const auto& [id, amount] : open) sum += amount;
    return sum;
  }
};

void enter(Books& books, std::string_view record) {
  std::string_view bytes;
  while (next_event(record, bytes)) {
    Wallet::Event event;
    RC_ASSERT(Wallet::decode(bytes, event));
    std::visit(books, event);
  }
  RC_ASSERT(record.empty());
}

TEST_CASE("every history: the balance is credits - debits - captures, held is the open holds") {
  check_property("books balance after every command", [] {
    LiveWallet wallet;
    Books books;
    std::size_t entered = 0;
    for (const HistoryStep& step : *any_history()) {
      wallet.handle(step.command, step.wait_ns);
      for (; entered < wallet.records.size(); ++entered) enter(books, wallet.records[entered]);
      const Wallet::State& state = wallet.entity.state();
      RC_ASSERT(state.balance.minor == books.credits - books.debits - books.captures - books.reversals);
      RC_ASSERT(state.debt.minor == books.debt);
      RC_ASSERT(state.uncovered.minor == std::max<std::int64_t>(0, -state.available().minor));
      if (books.is_closed) RC_ASSERT(state.balance.minor == 0 && state.held.minor == 0 && books.debt == 0);
      RC_ASSERT(state.held.minor == books.held());
      RC_ASSERT(state.available().minor >= 0 || state.uncovered.minor > 0);
      RC_ASSERT(state.expiries.size() == books.open.size());
      if (state.exists()) RC_ASSERT(Wallet::check(state));
      if (state.overdraft_limit.minor == 0 && state.uncovered.minor == 0)
        RC_ASSERT(state.balance.minor >= state.held.minor);
    }
  });
}

TEST_CASE("every history: its records applied again give the same answers, byte for byte") {
  check_property("replay equals live", [] {
    LiveWallet wallet;
    for (const HistoryStep& step : *any_history()) wallet.handle(step.command, step.wait_ns);
    EntityOf<Wallet> again;
    for (const std::string& record : wallet.records) RC_ASSERT(again.replay(record));
    RC_ASSERT(answer_of(again) == answer_of(wallet.entity));
    RC_ASSERT(again.next_due() == wallet.entity.next_due());
    for (const auto& [id, held_state] : wallet.entity.state().holds) {
      const Wallet::Command about = release(id);
      std::string first, second;
      Wallet::answer(wallet.entity.state(), &about, first);
      Wallet::answer(again.state(), &about, second);
      RC_ASSERT(first == second);
    }
  });
}

TEST_CASE("every history: the replayed wallet goes on like the live one") {
  check_property("same commands, same answers, same records", [] {
    LiveWallet wallet;
    for (const HistoryStep& step : *any_history()) wallet.handle(step.command, step.wait_ns);
    LiveWallet again;
    for (const std::string& record : wallet.records) RC_ASSERT(again.entity.replay(record));
    again.now = wallet.now;
    wallet.records.clear();
    for (const HistoryStep& step : *any_history()) {
      const Step live = wallet.handle(step.command, step.wait_ns);
      const Step replayed = again.handle(step.command, step.wait_ns);
      RC_ASSERT(live.code == replayed.code);
      RC_ASSERT(live.facts == replayed.facts);
      RC_ASSERT(wallet.answer == again.answer);
    }
    RC_ASSERT(wallet.records == again.records);
  });
}

TEST_CASE("every history: decide only reads, and a refusal leaves nothing behind") {
  check_property("a refused command changes nothing", [] {
    LiveWallet wallet;
    for (const HistoryStep& step : *any_history()) {
      wallet.handle(step.command, step.wait_ns);
      const std::string before = answer_of(wallet.entity);
      const auto decision = Wallet::decide(wallet.entity.state(), *any_command(), wallet.now);
      RC_ASSERT(answer_of(wallet.entity) == before);
      if (decision.refused()) RC_ASSERT(decision.begin() == decision.end());
    }
  });
}

TEST_CASE("every history: no hold is open at or after its time") {
  check_property("open holds end in the future", [] {
    LiveWallet wallet;
    for (const HistoryStep& step : *any_history()) {
      wallet.handle(step.command, step.wait_ns);
      for (const auto& [id, hold_state] : wallet.entity.state().holds)
        if (hold_state.status == Wallet::HoldStatus::open) RC_ASSERT(hold_state.expires_at > wallet.now);
    }
  });
}

}  // namespace
}  // namespace tote
