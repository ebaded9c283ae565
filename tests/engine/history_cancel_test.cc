// A history that is being read ends when the engine closes, however long the log is.
#include <atomic>
#include <chrono>
#include <thread>

#include "engine/history.h"
#include "tests/engine/harness.h"

namespace tote {
namespace {

// A log that takes an hour to read: somebody else's records, one a millisecond.
class SlowLog final : public wal::LogReader {
 public:
  mutable std::atomic<std::uint64_t> visited{0};

  const std::string& id() const override { return id_; }
  Lsn first() const override { return {1}; }
  Lsn durable() const override { return {3'600'000}; }
  wal::Damage read(Lsn from, Lsn to, const Visit& visit) const override {
    const wal::Record record{.time = Time{1}, .kind = Wallet::kind_id, .entity = "other", .version = Version{1}};
    for (Lsn lsn = from; lsn <= to; lsn = lsn.next()) {
      ++visited;
      if (!visit(lsn, record)) return {};
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return {};
  }

 private:
  std::string id_;
};

}  // namespace

TEST_CASE("history: one that is being read is ended by stop(), at once, and says so") {
  const SlowLog log;
  const auto kind = kind_of<Wallet>();
  HistoryReader reader(log, nullptr, [] {});
  for (int i = 0; i < 2; ++i) {
    HistoryReader::Question question;
    question.tenant = "default";
    question.kind = kind.get();
    question.id = "alice";
    question.limit = 10;
    question.from = log.first();
    question.to = log.durable();
    REQUIRE(reader.ask(std::move(question)));
  }
  while (log.visited < 5) std::this_thread::yield();
  const auto began = std::chrono::steady_clock::now();
  reader.stop();
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::milliseconds(100));
  const auto answered = reader.take();
  REQUIRE(answered.size() == 2);
  for (const auto& question : answered) {
    CHECK(question.answer.code == Code::draining);
    CHECK(question.answer.entries.empty());
  }
}

}  // namespace tote
