// Three machines, a register, a network, disks and clients, all of it drawn from one seed, and everything that can
// happen to them. The protocol is the product's own; the rest is here, and sees everything.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <queue>
#include <random>
#include <string>
#include <vector>

#include "replication/node.h"
#include "tests/replication/bank.h"
#include "tests/replication/checker.h"
#include "tests/replication/disk.h"

namespace tote::replication::test {

// What is left out, to see what it is for.
struct Without {
  Rules rules{};
  bool register_compares = true;    // off: a proposal is taken whatever the revision
  bool fill_is_of_this_log = true;  // off: an image replaces a log that has taken something since
  bool new_disk_new_name = true;    // off: a node whose disk was lost comes back under its old id
};

// What a schedule has come to, so that many of them can be seen to have met everything.
struct Figures {
  std::uint64_t acknowledged = 0, reads = 0, opened = 0, raised = 0, stopped = 0, shrunk = 0, grown = 0, cuts = 0,
                frames_cut = 0, crashes = 0, crashes_between = 0, wipes = 0, pauses = 0, refusals = 0, lost_answers = 0,
                yields = 0, trims = 0, fills = 0;
  void add(const Figures& other);
};

class World {
 public:
  World(std::uint64_t seed, const Without& without, bool is_traced);
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  // Faults for some seconds, then none, until all is whole again. Ends early once something is wrong.
  void run();
  const std::vector<std::string>& faults() const { return checker_.faults(); }
  const Figures& figures() const { return figures_; }
  const std::string& trace() const { return trace_; }

 private:
  struct Machine;
  struct Client;
  struct Request {
    std::uint64_t attempt = 0;
    std::uint32_t record = 0;  // 0: a read
    std::size_t account = 0;
  };
  // How likely things are in this schedule, of 1 000.
  struct Plan {
    unsigned lost = 0, doubled = 0, late = 0, register_lost = 0, disk_late = 0, answer_lost = 0;
    // and how often, against each other
    unsigned crash = 0, crash_between = 0, pause = 0, isolate = 0, one_way = 0, no_register = 0, slow_disk = 0,
             wipe = 0, yield = 0, trim = 0, heal = 0;
    std::int64_t calm_ms = 0;  // between two of them
  };
  struct Event {
    Time at;
    std::uint64_t number;
    std::function<void()> what;
    bool operator>(const Event& other) const { return at != other.at ? at > other.at : number > other.number; }
  };

  // -- chance and time (world.cc)
  std::uint64_t below(std::uint64_t end) { return random_() % end; }
  bool chance(unsigned permille) { return permille > 0 && below(1000) < permille; }
  std::int64_t between_ms(std::int64_t least, std::int64_t most);
  Plan draw_plan();
  void at(std::int64_t in_us, std::function<void()> what);
  void at_machine(std::size_t machine, std::int64_t in_us, std::function<void(Machine&)> what);
  bool step();  // false: nothing will happen any more
  template <class... Parts>
  void note(const Parts&... parts);

  // -- a machine and its process (machine.cc)
  void start(Machine& machine);
  void crash(Machine& machine, std::int64_t restart_in_ms);
  void wipe(Machine& machine);
  void tick(Machine& machine, std::uint64_t life);
  void pump(Machine& machine);                             // until its node demands nothing more
  bool carry_out(Machine& machine, const Demand& demand);  // false: the process has ended
  void carry_out(Machine& machine, const Send& send);
  void carry_out(Machine& machine, const Write& write);
  void carry_out(Machine& machine, const Durable& durable);
  void carry_out(Machine& machine, const Apply& apply);
  void claim(Machine& machine, Epoch epoch);
  void open(Machine& machine, Epoch epoch);
  void fill(Machine& machine, const NodeId& owner);
  void append_waiting(Machine& machine);
  void execute_to(Machine& machine, Lsn lsn);
  void let_out(Machine& machine);

  // -- the network and the register (machine.cc)
  void carry(std::size_t from, const Send& send);
  void ask_register(Machine& machine, std::optional<Propose> proposal);

  // -- clients (clients.cc)
  void invoke(Client& client);
  void attempt(Client& client);
  void serve(Machine& machine, Client& client, const Request& request);
  void answer(Client& client, const Request& request, const Answer& made);
  void try_again(Client& client, std::int64_t in_ms);

  // -- what goes wrong (chaos.cc)
  void disturb();
  void act();
  void trim(Machine& machine);
  void heal();
  bool is_whole() const;
  bool may_wipe() const;

  std::mt19937_64 random_;
  const Without without_;
  const bool is_traced_;
  Plan plan_;
  Time now_;
  std::uint64_t events_made_ = 0;
  std::priority_queue<Event, std::vector<Event>, std::greater<>> events_;
  std::vector<std::unique_ptr<Machine>> machines_;
  std::vector<std::unique_ptr<Client>> clients_;
  std::vector<Disk> lost_disks_;  // what they had synced was held, when it was told
  std::vector<Command> commands_{Command{}};
  Checker checker_{commands_};
  Registered register_{};
  Time register_away_until_{};
  std::vector<std::vector<bool>> is_cut_;  // link from, to
  std::vector<bool> is_cut_from_register_;
  bool is_disturbed_ = true;
  Figures figures_;
  std::string trace_;
};

}  // namespace tote::replication::test
