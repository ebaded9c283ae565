#include <algorithm>
#include <type_traits>
#include <utility>

#include "tests/replication/world_parts.h"

namespace tote::replication::test {

void World::start(Machine& machine) {
  Options options;
  options.self = machine.id;
  options.creates = machine.number == 0 && machine.disks == 1;
  options.heartbeat_ms = 200;
  options.page_bytes = 64;
  options.marks_max = 3;
  const std::uint64_t life = ++machine.life;
  machine.bank = Bank(commands_);
  machine.is_serving = machine.is_filled = false;
  machine.durable = {};
  machine.released = 0;
  machine.waiting.clear();
  machine.replies.clear();
  machine.node = std::make_unique<Node>(options, without_.rules, machine.disk, machine.disk.kept(), now_);
  note(machine.id.text, " starts, log to ", machine.disk.end().lsn.value, ", promised ",
       machine.disk.kept().promised.value);
  at_machine(machine.number, between_ms(1, 100) * 1'000, [this, life](Machine& self) { tick(self, life); });
  pump(machine);
}

void World::crash(Machine& machine, std::int64_t restart_in_ms) {
  if (!machine.node) return;
  ++figures_.crashes;
  machine.node.reset();
  machine.crash_after = 0;
  machine.disk.forget(below(machine.disk.pending() + 1));
  machine.disk_free_at_us = 0;
  note(machine.id.text, " crashes, log to ", machine.disk.end().lsn.value);
  const std::uint64_t life = ++machine.life;
  at(restart_in_ms * 1'000, [this, number = machine.number, life] {
    Machine& self = *machines_[number];
    if (!self.node && self.life == life) start(self);
  });
}

// The disk is lost, and with it what was promised.
void World::wipe(Machine& machine) {
  ++figures_.wipes;
  crash(machine, between_ms(100, 1'500));
  lost_disks_.push_back(machine.disk);
  machine.disk.wipe();
  ++machine.disks;
  if (without_.new_disk_new_name)
    machine.id = {"n" + std::to_string(machine.number) + "." + std::to_string(machine.disks)};
  note(machine.id.text, " has a new disk");
}

void World::tick(Machine& machine, std::uint64_t life) {
  if (machine.life != life) return;
  machine.node->tick(now_);
  pump(machine);
  at_machine(machine.number, between_ms(80, 100) * 1'000, [this, life](Machine& self) { tick(self, life); });
}

void World::pump(Machine& machine) {
  const std::uint64_t life = machine.life;
  for (;;) {
    const std::vector<Demand> demands = machine.node->take_demands();
    for (const Demand& demand : demands) {
      if (machine.crash_after > 0 && --machine.crash_after == 0) {
        ++figures_.crashes_between;
        return crash(machine, between_ms(1, 1'500));
      }
      if (!carry_out(machine, demand) || machine.life != life) return;
    }
    if (demands.empty()) break;
  }
  if (!machine.waiting.empty() && machine.node->is_open() && machine.node->can_append()) append_waiting(machine);
  if (machine.life == life) let_out(machine);
}

// An image of the owner's disk is taken, is whole and proved after a while, and the machine begins again with it; a
// crash of it meanwhile, and nothing has happened. What was trimmed there is in the image's rows: here that is its
// frames.
void World::fill(Machine& machine, const NodeId& owner) {
  const auto from = std::ranges::find_if(machines_, [&](const auto& each) { return each->id == owner; });
  if (machine.is_filled || from == machines_.end() || !(*from)->node || (*from)->node->owner() == nullptr) return;
  if (is_cut_[machine.number][(*from)->number] || is_cut_[(*from)->number][machine.number]) return;
  if (!(*from)->node->owner()->may_fill(machine.id)) return;
  machine.is_filled = true;
  const std::int64_t takes_us = between_ms(1, is_disturbed_ ? 4'000 : 100) * 1'000;
  at_machine(machine.number, takes_us,
             [this, life = machine.life, asked_for = machine.disk.end(), image = (*from)->disk](Machine& self) {
               if (self.life != life || !self.node) return;
               self.is_filled = false;
               const bool is_of_this = self.disk.end() == asked_for && image.end().lsn >= asked_for.lsn;
               if (!is_of_this && without_.fill_is_of_this_log) return;
               ++figures_.fills;
               note(self.id.text, " is filled to ", image.end().lsn.value);
               self.disk.fill(image);
               crash(self, between_ms(1, 200));
             });
}

bool World::carry_out(Machine& machine, const Demand& demand) {
  return std::visit(
      [&]<class What>(const What& what) {
        if constexpr (std::is_same_v<What, ReadRegister>) {
          ask_register(machine, {});
        } else if constexpr (std::is_same_v<What, Propose>) {
          ask_register(machine, what);
        } else if constexpr (std::is_same_v<What, MakeClaim>) {
          claim(machine, what.epoch);
        } else if constexpr (std::is_same_v<What, Open>) {
          open(machine, what.epoch);
        } else if constexpr (std::is_same_v<What, Release>) {
          machine.released = what.turn;
        } else if constexpr (std::is_same_v<What, NeedsFill>) {
          fill(machine, what.owner);
        } else if constexpr (std::is_same_v<What, Stop>) {
          note(machine.id.text, " stops: ", what.why);
          ++figures_.stopped;
          crash(machine, between_ms(1, 200));
          return false;
        } else {
          carry_out(machine, what);
        }
        return true;
      },
      demand);
}

void World::carry_out(Machine& machine, const Write& write) {
  if (const auto* cut = std::get_if<CutLog>(&write.what)) {
    ++figures_.cuts;
    figures_.frames_cut += machine.disk.frames().size() - machine.disk.index_after(cut->end.lsn);
    note(machine.id.text, " cuts to ", cut->end.lsn.value);
    checker_.cut(cut->end.lsn, machine.bank.lsn());
  }
  machine.disk.write(write, without_.rules.promise_is_kept);
  const std::int64_t now_us = now_.ns / 1'000;
  std::int64_t takes_us = 100 + static_cast<std::int64_t>(below(500));
  const bool is_behind = machine.disk_free_at_us > now_us + 1'500'000;
  if (is_disturbed_ && !is_behind && (chance(plan_.disk_late) || now_ < machine.slow_until))
    takes_us += between_ms(1, 1'200) * 1'000;
  machine.disk_free_at_us = std::max(machine.disk_free_at_us, now_us) + takes_us;
  const std::uint64_t life = machine.life;
  // The disk gets on while the process stands still; that it has is told later.
  at(machine.disk_free_at_us - now_us, [this, number = machine.number, life, ticket = write.ticket] {
    if (machines_[number]->life != life) return;
    machines_[number]->disk.sync(ticket);
    at_machine(number, 0, [this, life, ticket](Machine& self) {
      if (self.life != life) return;
      self.node->synced(ticket, now_);
      pump(self);
    });
  });
}

void World::carry_out(Machine& machine, const Durable& durable) {
  const auto copies = [this](const Mark& mark) {
    const auto now = std::ranges::count_if(machines_, [&](const auto& each) { return each->disk.has_synced(mark); });
    const auto lost = std::ranges::count_if(lost_disks_, [&](const Disk& each) { return each.has_synced(mark); });
    return static_cast<std::size_t>(now + lost);
  };
  checker_.durable(durable.lsn, machine.disk, 2, copies);
  machine.durable = durable.lsn;
}

void World::carry_out(Machine& machine, const Apply& apply) {
  execute_to(machine, apply.lsn);
  checker_.applied(std::max(apply.lsn, machine.bank.lsn()), machine.disk);
}

void World::execute_to(Machine& machine, Lsn lsn) {
  const std::vector<Frame>& frames = machine.disk.frames();
  for (std::size_t at = machine.disk.index_after(machine.bank.lsn()); at < frames.size() && frames[at].last <= lsn;
       ++at)
    for (const std::uint32_t record : records_of(frames[at])) machine.bank.apply(record);
}

// What was executed in the epoch before, if this was the owner then, is the claim; or a record that says nothing.
void World::claim(Machine& machine, Epoch epoch) {
  note(machine.id.text, " owns epoch ", epoch.value);
  if (machine.is_serving) ++figures_.raised;
  std::vector<std::uint32_t> records = std::exchange(machine.waiting, {});
  if (records.empty()) {
    records.push_back(0);
    if (machine.is_serving) machine.bank.apply(0);
  }
  machine.node->append(frame_after(machine.node->end(), epoch, records), now_);
}

void World::open(Machine& machine, Epoch epoch) {
  note(machine.id.text, " opens epoch ", epoch.value, " with ", machine.disk.end().lsn.value, " records");
  ++figures_.opened;
  checker_.opened(epoch, register_.value.epoch == epoch, machine.id.text + "/" + std::to_string(machine.life),
                  machine.disk);
  execute_to(machine, machine.disk.end().lsn);
  machine.is_serving = true;
}

void World::append_waiting(Machine& machine) {
  const std::vector<std::uint32_t> records = std::exchange(machine.waiting, {});
  machine.node->append(frame_after(machine.node->end(), machine.node->epoch(), records), now_);
  pump(machine);
}

void World::carry_out(Machine& machine, const Send& send) {
  const int copies = is_disturbed_ && chance(plan_.doubled) ? 2 : 1;
  for (int i = 0; i < copies; ++i) carry(machine.number, send);
}

void World::carry(std::size_t from, const Send& send) {
  const auto to = std::ranges::find_if(machines_, [&](const auto& each) { return each->id == send.to; });
  if (to == machines_.end() || is_cut_[from][(*to)->number]) return;
  if (is_disturbed_ && chance(plan_.lost)) return;
  std::int64_t takes_us = 50 + static_cast<std::int64_t>(below(400));
  if (is_disturbed_ && chance(plan_.late)) takes_us += between_ms(1, 2'500) * 1'000;
  at_machine((*to)->number, takes_us, [this, from_id = machines_[from]->id, send](Machine& self) {
    if (!self.node || self.id != send.to) return;
    self.node->take(from_id, send.message, now_);
    pump(self);
  });
}

void World::ask_register(Machine& machine, std::optional<Propose> proposal) {
  const auto takes_us = [this] {
    const bool is_late = is_disturbed_ && chance(plan_.register_lost / 2);
    return 300 + static_cast<std::int64_t>(below(2'000)) + (is_late ? between_ms(1, 2'500) * 1'000 : 0);
  };
  if (proposal) note(machine.id.text, " proposes after ", proposal->expected, ": ", to_text(proposal->value));
  if (is_disturbed_ && chance(plan_.register_lost / 3)) return;
  const std::uint64_t life = machine.life;
  at(takes_us(), [this, number = machine.number, life, proposal, takes_us] {
    if (is_cut_from_register_[number] || now_ < register_away_until_) return;
    if (proposal && (proposal->expected == register_.revision || !without_.register_compares)) {
      if (register_.revision > 0 && proposal->value.epoch == register_.value.epoch)
        ++(proposal->value.isr.size() > register_.value.isr.size() ? figures_.grown : figures_.shrunk);
      register_ = {proposal->value, register_.revision + 1};
      note("register ", register_.revision, ": ", to_text(register_.value));
    }
    if (is_disturbed_ && chance(plan_.register_lost)) {
      ++figures_.lost_answers;
      return;
    }
    at_machine(number, takes_us(), [this, life, seen = register_](Machine& self) {
      if (self.life != life || !self.node) return;
      self.node->registered(seen, now_);
      pump(self);
    });
  });
}

}  // namespace tote::replication::test
