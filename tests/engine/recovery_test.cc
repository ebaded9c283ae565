// What a restart and a crash leave: the same entities, versions and answers, byte for byte (DESIGN §2.2, §2.3).
#include <map>

#include "tests/engine/harness.h"

namespace tote {
namespace {

// What clients keep to ask again with: the request can be made again and again.
struct Repeatable {
  std::uint64_t wallet = 0, what = 0, hold = 0;
  std::int64_t amount = 0;
  std::string key;
  std::string tenant;
};

Request request_of(const Repeatable& asked, Tenant tenant) {
  const std::string id = numbered(asked.wallet);
  const std::string hold_id = "h" + std::to_string(asked.hold);
  switch (asked.what) {
    case 0: return ask(id, open(asked.amount % 2), asked.key, tenant);
    case 1: return ask(id, debit(asked.amount), asked.key, tenant);
    case 2: return ask(id, hold(hold_id, asked.amount, asked.amount), asked.key, tenant);
    case 3: return ask(id, capture(hold_id), asked.key, tenant);
    case 4: return ask(id, release(hold_id), asked.key, tenant);
    default: return ask(id, credit(asked.amount), asked.key, tenant);
  }
}

class Life {
 public:
  explicit Life(std::uint64_t seed) : random_(seed) { restart(); }

  void restart() {
    engine_.reset();
    engine_ = std::make_unique<Harness>(log_, clock_, CoreOptions{.kinds = {}, .entities_live_max = 4});
    engine_->shuffle(random_());
  }
  void crash() {
    engine_.reset();
    log_.crash();
    restart();
  }
  void live(int turns) {
    for (int turn = 0; turn < turns; ++turn) {
      for (std::uint64_t requests = random_() % 10; requests > 0; --requests) submit(any());
      // Never a whole number of seconds: no hold ends between two of the nanoseconds that separate requests.
      if (random_() % 4 == 0) clock_.advance(static_cast<std::int64_t>(random_() % 4) * ns_per_s + ns_per_ms);
      engine_->turns();
      const std::uint64_t behind = log_.last().value - log_.durable().value;
      log_.sync_to({log_.durable().value + random_() % (behind + 1)});
      engine_->turns();
      keep_answers();
    }
  }
  void finish() {
    engine_->sync();
    keep_answers();
    CHECK(engine_->unanswered() == 0);
  }

  // Every answer that ever left, asked for again, is the same; and the entities are at least where they were seen.
  void check_kept() {
    for (const auto& [asked, first] : answered_) {
      const Outcome again = engine_->call(request_of(asked, engine_->tenant(asked.tenant)));
      CAPTURE(asked.key);
      CHECK(again.replayed);
      CHECK(told(again) == first);
    }
    for (const auto& [where, version] : seen_)
      CHECK(engine_->call(look(where.second, engine_->tenant(where.first))).version >= version);
  }

  std::vector<std::string> entities() {
    std::vector<std::string> all;
    for (const char* tenant : {"default", "shop"})
      for (std::uint64_t i = 0; i < wallets; ++i)
        all.push_back(told(engine_->call(look(numbered(i), engine_->tenant(tenant)))));
    return all;
  }
  MemoryLog& log() { return log_; }
  void forget_tickets() { std::swap(open_, lost_), open_.clear(); }
  void submit_lost() {
    const auto lost = std::exchange(lost_, {});
    for (const auto& [ticket, asked] : lost) submit(asked);
  }

 private:
  static constexpr std::uint64_t wallets = 6;

  Repeatable any() {
    Repeatable asked{random_() % wallets,
                     random_() % 10,
                     random_() % 5,
                     static_cast<std::int64_t>(random_() % 9) + 1,
                     "k" + std::to_string(++keys_),
                     random_() % 3 == 0 ? "shop" : "default"};
    return asked;
  }
  void submit(const Repeatable& asked) {
    open_.emplace(engine_->submit(request_of(asked, engine_->tenant(asked.tenant))), asked);
  }
  void keep_answers() {
    for (auto at = open_.begin(); at != open_.end();) {
      if (!engine_->is_answered(at->first)) {
        ++at;
        continue;
      }
      const Outcome& outcome = engine_->outcome(at->first);
      CHECK(is_stored(outcome.code));
      answered_.emplace_back(at->second, told(outcome));
      Version& version = seen_[{at->second.tenant, outcome.entity}];
      version = std::max(version, outcome.version);
      at = open_.erase(at);
    }
  }

  std::mt19937_64 random_;
  MemoryLog log_;
  TestClock clock_;
  std::unique_ptr<Harness> engine_;
  std::uint64_t keys_ = 0;
  std::map<Harness::Ticket, Repeatable> open_, lost_;
  std::vector<std::pair<Repeatable, std::string>> answered_;
  std::map<std::pair<std::string, std::string>, Version> seen_;
};

TEST_CASE("recovery: a restart changes no entity and no answer") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    CAPTURE(seed);
    Life life(seed);
    life.live(30);
    life.finish();
    const auto before = life.entities();
    const auto last = life.log().last();
    life.restart();
    CHECK(life.entities() == before);
    life.check_kept();
    CHECK(life.entities() == before);
    CHECK(life.log().last() == last);  // neither reads nor repeats are records
  }
}

TEST_CASE("recovery: a crash loses nothing that was answered, and what wasn't can be asked again") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    CAPTURE(seed);
    Life life(seed);
    for (int crashes = 0; crashes < 4; ++crashes) {
      life.live(10);
      life.forget_tickets();
      life.crash();
      life.check_kept();
      life.submit_lost();
      life.live(1);
    }
    life.finish();
    life.check_kept();
    const auto before = life.entities();
    life.restart();
    CHECK(life.entities() == before);
    life.check_kept();
  }
}

// Each key is in the log once: its effect can't be there twice.
TEST_CASE("recovery: no key has two records, whatever crashed") {
  Life life(7);
  for (int crashes = 0; crashes < 20; ++crashes) {
    life.live(5);
    life.forget_tickets();
    life.crash();
    life.submit_lost();
    life.submit_lost();
    life.live(1);
  }
  life.finish();
  std::map<std::string, int> records;
  life.log().for_each([&](Lsn, const wal::Record& record) {
    if (!record.key.empty()) CHECK(++records[std::string(record.key)] == 1);
  });
  CHECK(records.size() > 100);
}

}  // namespace
}  // namespace tote
