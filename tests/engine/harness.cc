#include "tests/engine/harness.h"

#include <algorithm>
#include <sstream>

#include "engine/row_entity.h"

namespace tote {
namespace {

// Finds one number among the fields that a kind describes.
struct Find final : Fields {
  explicit Find(std::string_view wanted) : name_(wanted) {}
  void integer(std::string_view name, std::int64_t value) override {
    if (name == name_) found = value;
  }
  void text(std::string_view, std::string_view) override {}
  void time(std::string_view, Time) override {}
  void begin(std::string_view) override {}
  void end() override {}
  std::optional<std::int64_t> found;

 private:
  std::string_view name_;
};

// The names of a record's events.
struct Names final : Fields {
  void integer(std::string_view, std::int64_t) override {}
  void text(std::string_view name, std::string_view value) override {
    if (name == "hold") all.append("(").append(value).append(")");
  }
  void time(std::string_view, Time) override {}
  void begin(std::string_view name) override { all.append(" ").append(name); }
  void end() override {}
  std::string all;
};

}  // namespace

Harness::Harness(MemoryLog& log, TestClock& clock, CoreOptions options) : log_(log), clock_(clock) {
  config_.set("scheduler.policy", caf::atom("testing"));
  system_ = std::make_unique<caf::actor_system>(config_);
  if (options.kinds.empty()) options.kinds = {kind_of<Wallet>()};
  core_ = std::make_unique<Core>(*system_, log_, clock_, tenants_, std::move(options));
  const auto loaded = core_->load_states();
  CHECK_MESSAGE(loaded.damage.is_none(), loaded.damage.detail);
  log_.look_ahead([this](Lsn first, std::span<const wal::Record> records) { core_->look_ahead(first, records); });
  log_.replay(core_->replay_from(), [this](Lsn lsn, const wal::Record& record) { return replay(lsn, record); });
  if (!log_.owned) {
    core_->stand_by();
    return;
  }
  CHECK(core_->check_end(log_.last()) == "");
  core_->start();
}

bool Harness::replay(Lsn lsn, const wal::Record& record) {
  std::string why;
  const bool sound = core_->replay(lsn, record, why);
  CHECK_MESSAGE(sound, why);
  return sound;
}

bool Harness::follow(std::uint64_t count_max) {
  if (!core_->may_replay()) return false;
  log_.follow([this](Lsn lsn, const wal::Record& record) { return replay(lsn, record); }, count_max);
  return true;
}

void Harness::take_over() {
  log_.owned = true;
  while (!log_.follow([this](Lsn lsn, const wal::Record& record) { return replay(lsn, record); }, 1'000).is_owned)
    turns();
  CHECK(core_->check_end(log_.last()) == "");
  core_->start();
}

Harness::~Harness() {
  log_.look_ahead({});
  core_.reset();
  run_actors();
}

std::map<std::string, std::string> Harness::states() {
  std::map<std::string, std::string> all;
  const auto tell = [&](Tenant tenant, const Kind& kind, std::string_view id, const AnyEntity& entity, Time timer) {
    std::ostringstream line;
    line << "v" << entity.version.value << " lsn " << entity.lsn.value << " from " << entity.first_lsn.value << " due "
         << entity.next_due().ns << " timer " << timer.ns << " ";
    std::string state;
    entity.encode_state(state);
    for (const char byte : state) line << std::hex << (static_cast<unsigned>(byte) & 0xffU) << '.';
    std::string name(tenants_.name(tenant));
    all[name.append("/").append(kind.name()).append("/").append(id)] = line.str();
  };
  context().slots().for_each([&](const Slot* slot) {
    if (slot->entity == nullptr || slot->entity->version == Version{}) return;
    tell(slot->tenant, *slot->kind, slot->id, *slot->entity, slot->timer);
  });
  if (context().tiers().resting() == 0) return all;
  std::uint64_t resting = 0;
  const auto damage = context().log().states()->each([&](const wal::StateRow& row) {
    const Tenant tenant = tenants_.get(row.tenant).value();
    const Slot* slot = context().slots().find(tenant, row.kind, row.entity);
    if (slot != nullptr && slot->entity != nullptr) return true;
    const Kind& kind = *context().kind(row.kind);
    const auto entity = kind.make();
    CHECK(take_row(*entity, row));
    tell(tenant, kind, row.entity, *entity, Time::never());
    return ++resting, true;
  });
  CHECK(damage.is_none());
  CHECK(resting == context().tiers().resting());
  return all;
}

Harness::Ticket Harness::submit(Request request) {
  answers_.emplace_back();
  Flight* flight = context().pool().take();
  flight->deadline_ns = request.deadline_ms == 0 ? 0 : clock_.monotonic_ns() + request.deadline_ms * ns_per_ms;
  flight->request = std::move(request);
  flight->sink = this;
  flight->tag = answers_.size() - 1;
  wheel().accept(flight);
  return flight->tag;
}

Harness::Ticket Harness::find_outcome(std::string key, Tenant tenant) {
  answers_.emplace_back();
  Flight* flight = context().pool().take();
  flight->request = {.tenant = tenant, .key = std::move(key)};
  flight->sink = this;
  flight->tag = answers_.size() - 1;
  flight->deadline_ns = 0;
  flight->purpose = Flight::Purpose::find_outcome;
  wheel().accept(flight);
  return flight->tag;
}

void Harness::turn() {
  wheel().turn([this] { run_actors(); });
}

void Harness::turns() {
  do turn();
  while (wheel().wants_turn() || wheel().has_chores());
}

void Harness::sync() {
  log_.sync();
  turns();
}

void Harness::abandon() {
  wheel().abandon([this] { run_actors(); });
}

Outcome Harness::call(Request request) {
  const Ticket ticket = submit(std::move(request));
  turns();
  sync();
  return outcome(ticket);
}

const Outcome& Harness::outcome(Ticket ticket) const {
  REQUIRE(is_answered(ticket));
  return *answers_.at(ticket);
}

std::size_t Harness::unanswered() const {
  return static_cast<std::size_t>(std::count(answers_.begin(), answers_.end(), std::nullopt));
}

void Harness::done(std::uint64_t tag, Outcome& outcome) {
  REQUIRE_MESSAGE(!answers_.at(tag).has_value(), "a request was answered twice");
  CHECK_MESSAGE(outcome.lsn <= log_.durable(), "an answer left before it was durable");
  answers_[tag] = outcome;
}

void Harness::run_actors() {
  auto& scheduler = dynamic_cast<caf::scheduler::test_coordinator&>(system_->scheduler());
  while (scheduler.has_job()) {
    if (random_) {
      const auto at = static_cast<std::ptrdiff_t>((*random_)() % scheduler.jobs.size());
      std::rotate(scheduler.jobs.begin(), scheduler.jobs.begin() + at, scheduler.jobs.begin() + at + 1);
    }
    scheduler.run_once();
  }
}

std::string told(const Outcome& outcome) {
  std::ostringstream line;
  line << name_of(outcome.code) << " v" << outcome.version.value << " lsn " << outcome.lsn.value << " kind "
       << outcome.kind << ' ' << outcome.entity;
  for (const Fact& fact : outcome.facts) line << ' ' << name_of(fact.name) << '=' << fact.value;
  line << " answer ";
  for (const char byte : outcome.answer) line << std::hex << (static_cast<unsigned>(byte) & 0xffU) << '.';
  return line.str();
}

std::int64_t field(const Outcome& outcome, std::string_view name) {
  Find find(name);
  REQUIRE(Wallet::describe_answer(outcome.entity, outcome.answer, find));
  REQUIRE(find.found.has_value());
  return *find.found;
}

std::string line_of(Lsn lsn, const wal::Record& record) {
  std::ostringstream line;
  line << lsn.value << ' ' << record.tenant << ' ' << record.entity << " v" << record.version.value << ' '
       << name_of(record.code);
  for (const wal::Change& change : record.changes) {
    Names names;
    CHECK(kind_of<Wallet>()->describe_events(change.events, names));
    line << names.all;
  }
  if (!record.key.empty()) line << " key " << record.key;
  return line.str();
}

std::vector<std::string> lines_of(const MemoryLog& log) {
  std::vector<std::string> lines;
  log.for_each([&](Lsn lsn, const wal::Record& record) { lines.push_back(line_of(lsn, record)); });
  return lines;
}

}  // namespace tote
