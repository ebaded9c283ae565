#include "tests/replication/world.h"

#include <algorithm>
#include <utility>

#include "tests/replication/world_parts.h"

namespace tote::replication::test {
namespace {

constexpr std::size_t machine_count = 3, client_count = 3;
constexpr std::int64_t disturbed_ms = 8'000, whole_within_ms = 40'000;
constexpr Time begins_at{60 * ns_per_s};
constexpr std::uint64_t events_max = 400'000;  // of a schedule; usually it has a few thousand

}  // namespace

void Figures::add(const Figures& other) {
  const auto sum = [](std::uint64_t& into, std::uint64_t what) { into += what; };
  sum(acknowledged, other.acknowledged), sum(reads, other.reads), sum(opened, other.opened);
  sum(raised, other.raised), sum(stopped, other.stopped), sum(shrunk, other.shrunk), sum(grown, other.grown);
  sum(cuts, other.cuts), sum(frames_cut, other.frames_cut), sum(crashes, other.crashes), sum(wipes, other.wipes);
  sum(crashes_between, other.crashes_between), sum(pauses, other.pauses), sum(refusals, other.refusals);
  sum(lost_answers, other.lost_answers), sum(yields, other.yields);
  sum(trims, other.trims), sum(fills, other.fills);
}

World::World(std::uint64_t seed, const Without& without, bool is_traced)
    : random_(seed), without_(without), is_traced_(is_traced), plan_(draw_plan()), now_(begins_at) {
  if (seed % 4 == 1) plan_.trim = static_cast<unsigned>(6 + below(20));  // the others are what they always were
  is_cut_.assign(machine_count, std::vector<bool>(machine_count, false));
  is_cut_from_register_.assign(machine_count, false);
  for (std::size_t i = 0; i < machine_count; ++i) machines_.push_back(std::make_unique<Machine>(i, commands_));
  for (std::size_t i = 0; i < client_count; ++i) clients_.push_back(std::make_unique<Client>(Client{.number = i}));
  for (const auto& machine : machines_) start(*machine);
  for (const auto& client : clients_) try_again(*client, between_ms(100, 800));
  at(1'500'000, [this] { disturb(); });
}

World::~World() = default;

// Each kind of fault is in about half of the schedules, so that some meet one alone and some meet all.
World::Plan World::draw_plan() {
  const auto maybe = [this](unsigned most) { return below(2) == 0 ? 0U : static_cast<unsigned>(1 + below(most)); };
  Plan plan;
  plan.lost = maybe(150);
  plan.doubled = maybe(100);
  plan.late = maybe(60);
  plan.register_lost = maybe(250);
  plan.disk_late = maybe(60);
  plan.answer_lost = maybe(200);
  plan.crash = maybe(10);
  plan.crash_between = maybe(10);
  plan.pause = maybe(8);
  plan.isolate = maybe(6);
  plan.one_way = maybe(8);
  plan.no_register = maybe(6);
  plan.slow_disk = maybe(5);
  plan.wipe = maybe(3);
  plan.yield = maybe(5);
  plan.heal = 4;
  plan.calm_ms = between_ms(60, 900);
  return plan;
}

std::int64_t World::between_ms(std::int64_t least, std::int64_t most) {
  return least + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(most - least + 1)));
}

void World::at(std::int64_t in_us, std::function<void()> what) {
  events_.push({{now_.ns + in_us * 1'000}, ++events_made_, std::move(what)});
}

// What comes to a machine that stands still waits until it goes on.
void World::at_machine(std::size_t number, std::int64_t in_us, std::function<void(Machine&)> what) {
  at(in_us, [this, number, what = std::move(what)]() mutable {
    Machine& machine = *machines_[number];
    if (now_ < machine.paused_until) {
      at_machine(number, (machine.paused_until.ns - now_.ns) / 1'000 + 1, std::move(what));
    } else {
      what(machine);
    }
  });
}

bool World::step() {
  if (events_.empty() || events_made_ > events_max) return false;
  const auto what = std::move(const_cast<Event&>(events_.top()).what);
  now_ = events_.top().at;
  events_.pop();
  what();
  return true;
}

void World::run() {
  const auto is_before = [this](std::int64_t ms) { return now_.ns < begins_at.ns + ms * ns_per_ms; };
  while (is_before(disturbed_ms) && faults().empty() && step()) {
  }
  if (!faults().empty()) return;
  heal();
  while (is_before(whole_within_ms) && faults().empty() && !is_whole() && step()) {
  }
  if (!faults().empty() || is_whole()) return;
  checker_.fault("not whole again");
  for (const auto& machine : machines_)
    note(machine->id.text, ": log to ", machine->disk.end().lsn.value, ", promised ",
         machine->disk.kept().promised.value, machine->node ? "" : ", not running", ", epoch ",
         machine->node ? machine->node->epoch().value : 0, machine->node && machine->node->is_open() ? ", open" : "");
  for (const auto& client : clients_)
    if (client->is_busy) note("a client waits for ", client->record, ", asked n", client->machine);
}

}  // namespace tote::replication::test
