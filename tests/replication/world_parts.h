// Private to the world: a machine with its process, and a client.
#pragma once

#include <sstream>

#include "tests/replication/frames.h"
#include "tests/replication/world.h"

namespace tote::replication::test {

struct World::Machine {
  explicit Machine(std::size_t the_number, const std::vector<Command>& commands)
      : number(the_number), id{"n" + std::to_string(the_number)}, bank(commands) {}

  std::size_t number;
  NodeId id;
  std::uint64_t disks = 1;
  Disk disk{log_begins};
  Time paused_until{};
  Time slow_until{};
  std::int64_t disk_free_at_us = 0;  // writes are synced one after the other
  std::uint64_t crash_after = 0;     // demands; 0: not at all

  // The process; a life is one of them.
  std::uint64_t life = 0;
  std::unique_ptr<Node> node{};  // null: it isn't running
  Bank bank;
  bool is_filled = false;                // an image is on its way
  bool is_serving = false;               // the bank has executed all of the log, and more
  std::vector<std::uint32_t> waiting{};  // executed, not in a frame yet
  Lsn durable{};
  std::uint64_t released = 0;
  struct Reply {
    std::size_t client = 0;
    Request request{};
    Answer made{};
    std::uint64_t turn = 0;  // of a read
  };
  std::vector<Reply> replies{};  // made, and not let out
};

struct World::Client {
  std::size_t number = 0;
  bool is_busy = false;
  std::uint64_t attempt = 0;
  std::uint32_t record = 0;  // 0: a read
  std::size_t account = 0;
  Lsn known_before{};
  std::size_t machine = 0;  // asked last
};

template <class... Parts>
void World::note(const Parts&... parts) {
  if (!is_traced_) return;
  std::ostringstream line;
  line << now_.ns / 1000 << " us: ";
  (line << ... << parts);
  trace_ += line.str() + '\n';
}

}  // namespace tote::replication::test
