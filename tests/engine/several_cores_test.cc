// Several engines in one process, on one thread: they share the scheduler that runs their actors, and nothing else.
#include "tests/engine/harness.h"

namespace tote {
namespace {

// Two cores whose actors one scheduler runs, as shards of one process would be.
class Shards final : public Sink {
 public:
  static constexpr std::size_t count = 2;

  Shards() {
    config_.set("scheduler.policy", caf::atom("testing"));
    system_ = std::make_unique<caf::actor_system>(config_);
    for (Shard& shard : shards_) {
      shard.core = std::make_unique<Core>(*system_, shard.log, clock_, shard.tenants,
                                          CoreOptions{.kinds = {kind_of<Wallet>()}, .entities_live_max = 1});
      shard.core->start();
    }
  }
  Shards(const Shards&) = delete;
  Shards& operator=(const Shards&) = delete;
  ~Shards() override {
    for (Shard& shard : shards_) shard.core.reset();
    run_actors();
  }

  void submit(std::size_t at, Request request) {
    Flight* flight = shards_[at].core->context().pool().take();
    flight->request = std::move(request);
    flight->sink = this;
    flight->tag = at;
    shards_[at].core->wheel().accept(flight);
  }
  // A turn of each, in between of which nothing is finished: then what they recorded is durable, and they go on.
  void turns() {
    for (int i = 0; i < 8; ++i) {
      for (Shard& shard : shards_) shard.core->wheel().turn([this] { run_actors(); });
      for (Shard& shard : shards_) shard.log.sync();
    }
  }
  Context& context(std::size_t at) { return shards_[at].core->context(); }
  std::vector<std::string> lines(std::size_t at) const { return lines_of(shards_[at].log); }
  const std::vector<Code>& codes(std::size_t at) const { return shards_[at].codes; }

  void done(std::uint64_t tag, Outcome& outcome) override { shards_[tag].codes.push_back(outcome.code); }

 private:
  struct Shard {
    MemoryLog log;
    Tenants tenants;
    std::unique_ptr<Core> core;
    std::vector<Code> codes;  // of the answers, in their order
  };

  void run_actors() { dynamic_cast<caf::scheduler::test_coordinator&>(system_->scheduler()).run(); }

  TestClock clock_;
  caf::actor_system_config config_;
  std::unique_ptr<caf::actor_system> system_;
  std::array<Shard, count> shards_;
};

TEST_CASE("several engines in one process: the same wallets, keys and tenants are different ones in each") {
  Shards shards;
  for (std::size_t at = 0; at < Shards::count; ++at) {
    shards.submit(at, ask("alice", open()));
    shards.submit(at, ask("bob", open()));
  }
  shards.turns();
  for (std::size_t at = 0; at < Shards::count; ++at) shards.submit(at, ask("alice", credit(at == 0 ? 10 : 1), "k1"));
  shards.turns();
  for (std::size_t at = 0; at < Shards::count; ++at) shards.submit(at, ask("alice", debit(5), "k2"));
  shards.turns();

  CHECK(shards.codes(0) == std::vector{Code::created, Code::created, Code::ok, Code::ok});
  CHECK(shards.codes(1) == std::vector{Code::created, Code::created, Code::ok, Code::insufficient_funds});
  for (std::size_t at = 0; at < Shards::count; ++at) {
    CHECK(shards.lines(at).size() == 4);
    CHECK(shards.context(at).slots().size() == 2);
    CHECK(shards.context(at).figures().entities_live <= 2);
  }
  CHECK(shards.context(0).figures().executed == 4);
  CHECK(shards.context(1).figures().executed == 3);
  CHECK(shards.context(1).figures().refused == 1);
}

}  // namespace
}  // namespace tote
