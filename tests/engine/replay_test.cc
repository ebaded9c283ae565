// Recovery refuses a log that contradicts itself, and says why (DESIGN §2.6).
#include "tests/engine/harness.h"

namespace tote {
namespace {

// A record as a test writes it: its parts are kept as long as it is.
struct Written {
  std::string events;
  wal::Change change;
  wal::Record record;

  Written(std::uint64_t version, const Wallet::Event& event, KindId kind = Wallet::kind_id) {
    events.assign(sizeof(std::uint32_t), '\0');
    Wallet::encode(event, events);
    const auto size = static_cast<std::uint32_t>(events.size() - sizeof(std::uint32_t));
    std::memcpy(events.data(), &size, sizeof size);
    change = {kind, "alice", {version}, {}};
    record = {
        .time = {1'000 + static_cast<std::int64_t>(version)}, .kind = kind, .entity = "alice", .version = {version}};
  }
  const wal::Record& get() {
    change.events = events;
    record.changes = {&change, 1};
    return record;
  }
};

Written opened(std::uint64_t version = 1) { return {version, Wallet::Opened{*currency_of("EUR"), {0}}}; }
Written credited(std::uint64_t version) { return {version, Wallet::Credited{{5}, ""}}; }

struct Recovering : Fresh {
  bool replay(std::uint64_t lsn, const wal::Record& record) { return engine.core().replay({lsn}, record, why); }
  bool says(const std::string& words) const { return why.find(words) != std::string::npos; }
  std::string why;
};

// A core takes records before it starts; this one has started, but has no actors yet, which is all the same to
// replay().
TEST_CASE("replay: what follows is taken") {
  Recovering core;
  CHECK(core.replay(1, opened().get()));
  CHECK(core.replay(2, credited(2).get()));
  CHECK(core.why.empty());
  const Slot* alice = core.engine.context().slots().find(Tenant{}, Wallet::kind_id, "alice");
  REQUIRE(alice != nullptr);
  CHECK(alice->residence.is(Residence::State::dormant));
  CHECK(alice->entity->version == Version{2});
  CHECK(alice->entity->lsn == Lsn{2});
}

TEST_CASE("replay: a version that was left out or comes again") {
  for (const std::uint64_t version : {1, 3, 4}) {
    CAPTURE(version);
    Recovering core;
    CHECK(core.replay(1, opened().get()));
    CHECK_FALSE(core.replay(2, credited(version).get()));
    CHECK(core.says("version " + std::to_string(version) + " of alice doesn't follow 1"));
  }
  Recovering core;
  CHECK_FALSE(core.replay(1, opened(2).get()));
  CHECK(core.says("alice"));
}

TEST_CASE("replay: a kind that this program doesn't know") {
  Recovering core;
  CHECK_FALSE(core.replay(1, Written(1, Wallet::Credited{{5}, ""}, 42).get()));
  CHECK(core.says("42"));
}

TEST_CASE("replay: events that aren't the kind's") {
  Recovering core;
  Written broken = opened();
  broken.events.back() = static_cast<char>(broken.events.back() ^ 0x40);
  broken.events.resize(broken.events.size() - 1);
  CHECK_FALSE(core.replay(1, broken.get()));
  CHECK(core.says("alice"));
}

TEST_CASE("replay: events that break an invariant") {
  Recovering core;
  CHECK(core.replay(1, opened().get()));
  CHECK_FALSE(core.replay(2, Written(2, Wallet::Debited{{1}, ""}).get()));
  CHECK(core.says("alice"));
}

TEST_CASE("replay: an event of a wallet that was never opened") {
  Recovering core;
  CHECK_FALSE(core.replay(1, credited(1).get()));
  CHECK(core.says("alice"));
}

TEST_CASE("replay: a tenant that can't be one") {
  Recovering core;
  Written record = opened();
  record.record.tenant = "not an id";
  CHECK_FALSE(core.replay(1, record.get()));
  CHECK(core.says("tenant"));
}

TEST_CASE("replay: one entity's versions have nothing to do with another tenant's entity of the same name") {
  Recovering core;
  CHECK(core.replay(1, opened().get()));
  Written other = opened();
  other.record.tenant = "shop";
  CHECK(core.replay(2, other.get()));
}

}  // namespace
}  // namespace tote
