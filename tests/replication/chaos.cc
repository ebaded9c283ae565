#include <algorithm>
#include <array>
#include <utility>

#include "tests/replication/world_parts.h"

namespace tote::replication::test {

void World::disturb() {
  if (!is_disturbed_) return;
  act();
  at(between_ms(1, 2 * plan_.calm_ms) * 1'000, [this] { disturb(); });
}

void World::act() {
  const unsigned weights[] = {plan_.crash,   plan_.crash_between, plan_.pause,     plan_.isolate,
                              plan_.one_way, plan_.no_register,   plan_.slow_disk, plan_.wipe,
                              plan_.yield,   plan_.trim,          plan_.heal};
  unsigned all = 0;
  for (const unsigned weight : weights) all += weight;
  std::uint64_t drawn = below(all);
  std::size_t which = 0;
  while (drawn >= weights[which]) drawn -= weights[which++];
  const std::size_t other = below(machines_.size());
  Machine& machine = *machines_[below(machines_.size())];
  const auto cut = [this](std::size_t from, std::size_t to) {
    note("nothing goes from n", from, " to n", to);
    is_cut_[from][to] = true;
  };
  switch (which) {
    case 0: return crash(machine, between_ms(1, 2'500));
    case 1: machine.crash_after = 1 + below(12); return;
    case 2:
      ++figures_.pauses;
      machine.paused_until = {now_.ns + between_ms(20, 3'000) * ns_per_ms};
      return note(machine.id.text, " stands still until ", machine.paused_until.ns / 1'000);
    case 3:
      for (std::size_t each = 0; each < machines_.size(); ++each)
        if (each != machine.number) cut(machine.number, each), cut(each, machine.number);
      if (below(2) == 0) is_cut_from_register_[machine.number] = true;
      return;
    case 4:
      if (other != machine.number) cut(machine.number, other);
      return;
    case 5:
      if (below(3) == 0) register_away_until_ = {now_.ns + between_ms(100, 2'500) * ns_per_ms};
      is_cut_from_register_[machine.number] = true;
      return note(machine.id.text, " has no register");
    case 6: machine.slow_until = {now_.ns + between_ms(100, 3'000) * ns_per_ms}; return;
    case 7:
      if (may_wipe()) wipe(machine);
      return;
    case 8:
      if (!machine.node || now_ < machine.paused_until || !machine.node->yield(machines_[other]->id, now_)) return;
      ++figures_.yields;
      note(machine.id.text, " yields to ", machines_[other]->id.text);
      return pump(machine);
    case 9: return trim(machine);
    default:
      note("links are whole");
      for (auto& row : is_cut_) std::fill(row.begin(), row.end(), false);
      std::fill(is_cut_from_register_.begin(), is_cut_from_register_.end(), false);
  }
}

// What is applied has been written down otherwise, and the log begins behind it; one frame stays.
void World::trim(Machine& machine) {
  const Lsn counts = machine.is_serving ? machine.durable : machine.bank.lsn();
  if (!machine.node || now_ < machine.paused_until || !machine.disk.trim(counts)) return;
  ++figures_.trims;
  note(machine.id.text, " trims to ", machine.disk.begin().lsn.value);
}

// One machine may be lost. Until others are in its place the next one's loss is more than is promised.
bool World::may_wipe() const {
  const Register& value = register_.value;
  const auto is_there = [this](const NodeId& node) {
    return std::ranges::any_of(machines_, [&](const auto& each) { return each->id == node && each->node; });
  };
  return value.isr.size() == machines_.size() && std::ranges::all_of(value.isr, is_there);
}

void World::heal() {
  note("from now on all goes well");
  is_disturbed_ = false;
  for (auto& row : is_cut_) std::fill(row.begin(), row.end(), false);
  std::fill(is_cut_from_register_.begin(), is_cut_from_register_.end(), false);
  register_away_until_ = {};
  for (const auto& machine : machines_) machine->crash_after = 0;
}

// Everybody is in sync, has the same log, and every command was answered.
bool World::is_whole() const {
  if (std::ranges::any_of(clients_, [](const auto& client) { return client->is_busy; })) return false;
  const auto is_in_sync = [this](const auto& machine) {
    return machine->node && register_.value.has(machine->id) && machine->disk.pending() == 0 &&
           machine->disk.end() == checker_.log().end();
  };
  return register_.value.isr.size() == machines_.size() && std::ranges::all_of(machines_, is_in_sync) &&
         std::ranges::any_of(machines_, [](const auto& machine) { return machine->node && machine->node->is_open(); });
}

}  // namespace tote::replication::test
