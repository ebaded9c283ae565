// The worker between engine and gateway: every call once, every report until it is taken, and a stop at any time.
#include "adapters/payments/effect_worker.h"

#include <doctest/doctest.h>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tests/payments/gateway_file.h"
#include "tests/payments/scripted_engine.h"

using namespace tests::payments;
using namespace tote;
using tote::payments::EffectWorker;

namespace {

// Lets calls through one by one, as the test says.
class Gate final : public payment::Gateway {
 public:
  payment::Result charge(const payment::Charge& charge) override {
    std::unique_lock lock(mutex_);
    ++entered_;
    changed_.notify_all();
    changed_.wait(lock, [&] { return let_through_ > 0; });
    --let_through_;
    return {payment::Status::succeeded, "ch_" + charge.key, {}};
  }
  payment::Result refund(const payment::Refund& refund) override {
    return {payment::Status::succeeded, "re_" + refund.key, {}};
  }

  void let_through(int count) {
    const std::lock_guard lock(mutex_);
    let_through_ += count;
    changed_.notify_all();
  }
  // How many calls have come in, once it is so many.
  int entered(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(15), [&] { return entered_ >= count; });
    return entered_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int entered_ = 0, let_through_ = 0;
};

EffectCall charging(const std::string& key, const std::string& token = "tok_ok") {
  return {{}, 5, "order-" + key, "charge/1", Command(charge_of(key, token)), "shop"};
}

bool offer(EffectWorker& worker, EffectCall call) { return worker.offer(call); }

}  // namespace

TEST_CASE("calls are made and reported, charges and refunds") {
  Gate gate;
  gate.let_through(1);
  ScriptedEngine engine;
  EffectWorker worker(gate);
  worker.attach(engine);
  CHECK(offer(worker, charging("k1")));
  CHECK(offer(worker, {{}, 7, "refunds", "r1/1", Command(refund_of("k2", "ch_1")), "shop"}));
  const auto reports = engine.reports(2);
  REQUIRE(reports.size() == 2);
  const auto& charged = reports[reports[0].effect == "charge/1" ? 0 : 1];
  CHECK(charged.entity == "order-k1");
  CHECK(said(charged.result) == "succeeded ch_shop/k1");
  const auto& refunded = reports[reports[0].effect == "charge/1" ? 1 : 0];
  CHECK(refunded.entity == "refunds");
  CHECK(refunded.effect == "r1/1");
  CHECK(said(refunded.result) == "succeeded re_shop/k2");
}

TEST_CASE("a call that nobody knows fails for good") {
  Gate gate;
  ScriptedEngine engine;
  EffectWorker worker(gate);
  worker.attach(engine);
  CHECK(offer(worker, {{}, 5, "o1", "fax/1", Command(std::string("please"))}));
  const auto reports = engine.reports(1);
  REQUIRE(reports.size() == 1);
  CHECK(said(reports[0].result).starts_with("failed "));
}

TEST_CASE("an engine that can't take a report is told again, and the call is made once") {
  Gate gate;
  gate.let_through(10);
  ScriptedEngine engine;
  engine.answer({Code::overloaded, Code::log_full, Code::overloaded});
  EffectWorker worker(gate);
  worker.attach(engine);
  CHECK(offer(worker, charging("k1")));
  const auto reports = engine.reports(4);
  REQUIRE(reports.size() == 4);
  for (const auto& report : reports) {
    CHECK(report.entity == "order-k1");
    CHECK(report.effect == "charge/1");
    CHECK(said(report.result) == "succeeded ch_shop/k1");
  }
  CHECK(gate.entered(1) == 1);
}

TEST_CASE("a report that was taken, or that a draining engine leaves to the next start, isn't told again") {
  for (const Code code : {Code::ok, Code::draining, Code::not_found}) {
    Gate gate;
    gate.let_through(10);
    ScriptedEngine engine;
    EffectWorker worker(gate, 1);
    worker.attach(engine);
    // The refused one comes between two of the first: were it told again, it would be by then.
    engine.answer({code, Code::overloaded, Code::overloaded, Code::overloaded});
    CHECK(offer(worker, charging("first")));
    CHECK(offer(worker, charging("other")));
    const auto reports = engine.reports(5);
    REQUIRE(reports.size() == 5);
    CHECK(reports[0].entity == "order-first");
    for (std::size_t i = 1; i < reports.size(); ++i) CHECK(reports[i].entity == "order-other");
  }
}

TEST_CASE("before there is an engine to report to nothing is called, and only so many calls are kept") {
  Gate gate;
  ScriptedEngine engine;
  EffectWorker worker(gate);
  for (std::size_t i = 0; i < EffectWorker::waiting_max; ++i) CHECK(offer(worker, charging(std::to_string(i))));
  EffectCall one_more = charging("more");
  CHECK_FALSE(worker.offer(one_more));
  CHECK(one_more.entity == "order-more");
  REQUIRE(one_more.call.get<payment::Charge>() != nullptr);
  CHECK(one_more.call.get<payment::Charge>()->key == "more");
  CHECK(gate.entered(0) == 0);
  gate.let_through(EffectWorker::waiting_max + 1);
  worker.attach(engine);
  const auto reports = engine.reports(EffectWorker::waiting_max);
  CHECK(worker.offer(one_more));
  CHECK(engine.reports(EffectWorker::waiting_max + 1).size() == EffectWorker::waiting_max + 1);
  std::set<std::string> entities;
  for (const auto& report : reports) entities.insert(report.entity);
  CHECK(entities.size() == EffectWorker::waiting_max);
}

TEST_CASE("calls that wait for the gateway hold up as many as there are threads, no others") {
  Gate gate;
  ScriptedEngine engine;
  EffectWorker worker(gate, 3);
  worker.attach(engine);
  CHECK(offer(worker, charging("k1")));
  CHECK(offer(worker, charging("k2")));
  CHECK(gate.entered(2) == 2);
  CHECK(offer(worker, {{}, 7, "refunds", "r1/1", Command(refund_of("k3", "ch_1"))}));
  CHECK(engine.reports(1).size() == 1);
  gate.let_through(2);
  CHECK(engine.reports(3).size() == 3);
}

TEST_CASE("a stop waits for the calls that have begun, and leaves the others") {
  Gate gate;
  ScriptedEngine engine;
  EffectWorker worker(gate, 2);
  worker.attach(engine);
  for (int i = 0; i < 10; ++i) CHECK(offer(worker, charging(std::to_string(i))));
  auto last = std::make_shared<int>();
  const std::weak_ptr<int> waiting = last;
  CHECK(offer(worker, {{}, 5, "o1", "last/1", Command(std::move(last))}));
  CHECK(gate.entered(2) == 2);
  std::thread stopping([&] { worker.stop(); });
  while (!waiting.expired()) std::this_thread::yield();  // until the calls that wait have been dropped
  CHECK_FALSE(offer(worker, charging("late")));
  gate.let_through(100);
  stopping.join();
  CHECK(gate.entered(2) == 2);
  CHECK(engine.reports(2).size() == 2);
}

TEST_CASE("a stop while slow cards are charged ends at once: they come back without an answer, charged nothing") {
  const GatewayFile file;
  ScriptedEngine engine;
  tote::payments::TestGateway gateway(file.directory());
  EffectWorker worker(gateway);
  worker.attach(engine);
  for (int i = 0; i < 50; ++i) CHECK(offer(worker, charging(std::to_string(i), "tok_slow")));
  gateway.stop();
  worker.stop();
  CHECK(gateway.charges().empty());
  for (const auto& report : engine.reports(0)) CHECK(said(report.result).starts_with("unreachable"));
}

TEST_CASE("a stop between a refused report and the next leaves it to the next start") {
  Gate gate;
  gate.let_through(1);
  ScriptedEngine engine;
  engine.answer(std::vector<Code>(1'000, Code::overloaded));
  EffectWorker worker(gate);
  worker.attach(engine);
  CHECK(offer(worker, charging("k1")));
  CHECK_FALSE(engine.reports(1).empty());
  worker.stop();
  const auto told = engine.reports(0).size();
  CHECK_FALSE(offer(worker, charging("k2")));
  worker.stop();
  CHECK(engine.reports(0).size() == told);
  CHECK(gate.entered(1) == 1);
}
