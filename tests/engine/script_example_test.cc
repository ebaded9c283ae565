// The example at the head of engine/kernel/script.h, run. tests/tidy compares the two, line by line.
#include "tests/engine/harness.h"

namespace tote {
namespace {

struct Pay final : Script {
  std::string from, to;
  Money amount;

  Pay(std::string payer, std::string payee, std::int64_t minor)
      : from(std::move(payer)), to(std::move(payee)), amount{minor} {}

  void entities(std::vector<EntityRef>& out) const override {
    out.push_back({Wallet::kind_id, from});
    out.push_back({Wallet::kind_id, to});
  }
  Verdict run(Transaction& on) const override;
  void answer(Transaction& on, std::string& out) const override { on.look({Wallet::kind_id, from})->answer({}, out); }
  void digest(std::string& out) const override {
    out.append(from).append(1, '\0').append(to).append(1, '\0').append(std::to_string(amount.minor));
  }
};

// clang-format off
  Verdict Pay::run(Transaction& on) const {
    if (const Step step = tote::run<Wallet>(on, from, Wallet::Debit{amount}); step.refused()) return step.verdict();
    return tote::run<Wallet>(on, to, Wallet::Credit{amount}).verdict();  // refused: `from` keeps its money
  }
// clang-format on

Request pay(std::string from, std::string to, std::int64_t amount, std::string key = {}) {
  Request request{.kind = Wallet::kind_id, .entity = from, .key = std::move(key)};
  request.command = Command(ScriptPtr(std::make_unique<Pay>(std::move(from), std::move(to), amount)));
  return request;
}

}  // namespace

TEST_CASE("script, the example: the money arrives, or stays where it was") {
  Fresh fresh;
  Harness& engine = fresh.engine;
  engine.call(ask("a", open()));
  engine.call(ask("a", credit(1000)));
  const Outcome refused = engine.call(pay("a", "missing", 300, "k1"));
  CHECK(refused.code == Code::not_found);
  CHECK(lines_of(fresh.log).back() == "3 default a v2 not_found key k1");
  CHECK(field(engine.call(look("a")), "balance") == 1000);
  CHECK(engine.call(look("a")).version == Version{2});
  CHECK(engine.call(look("missing")).code == Code::not_found);

  engine.call(ask("b", open()));
  CHECK(engine.call(pay("a", "b", 300)).code == Code::ok);
  CHECK(field(engine.call(look("a")), "balance") == 700);
  CHECK(field(engine.call(look("b")), "balance") == 300);
  CHECK(engine.call(pay("a", "missing", 300, "k1")).replayed);

  Harness recovered(fresh.log, fresh.clock);
  CHECK(field(recovered.call(look("a")), "balance") == 700);
}

}  // namespace tote
