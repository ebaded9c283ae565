// One node as its tests drive it: a disk that syncs when they say so, and what the node demands.
#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "replication/node.h"
#include "tests/replication/disk.h"
#include "tests/replication/frames.h"

namespace tote::replication::test {

inline const NodeId a{"a"}, b{"b"}, c{"c"};

// A node on a disk; writes are synced when the test says so.
class Rig {
 public:
  explicit Rig(Options options, const Rules& rules = {}) : options_(std::move(options)), rules_(rules) { start(); }

  void start() {
    node_ = std::make_unique<Node>(options_, rules_, disk_, disk_.kept(), now_);
    look();
  }
  Node& node() { return *node_; }
  Disk& disk() { return disk_; }
  void pass(std::int64_t ms) {
    now_.ns += ms * ns_per_ms;
    node_->tick(now_);
    look();
  }
  void say(const NodeId& from, const Message& message) {
    node_->take(from, message, now_);
    look();
  }
  void registered(const Register& value, std::int64_t revision) {
    node_->registered({value, revision}, now_);
    look();
  }
  void sync() {
    while (disk_.pending() > 0) {
      disk_.sync(ticket_);
      node_->synced(ticket_, now_);
      look();
    }
  }
  Frame append(const std::vector<std::uint32_t>& records) {
    const Frame frame = frame_after(node_->end(), node_->epoch(), records);
    node_->append(frame, now_);
    look();
    return frame;
  }
  std::uint64_t confirm() {
    const std::uint64_t turn = node_->confirm();
    look();
    return turn;
  }
  Time now() const { return now_; }
  // The last demand of this kind since this was asked the last time; nothing: none.
  template <class What>
  std::optional<What> demanded() {
    std::optional<What> last;
    std::erase_if(demands_, [&](const Demand& demand) {
      const What* what = std::get_if<What>(&demand);
      if (what != nullptr) last = *what;
      return what != nullptr;
    });
    return last;
  }
  template <class Said>
  std::optional<Said> said(const NodeId& to) {
    std::optional<Said> last;
    std::erase_if(demands_, [&](const Demand& demand) {
      const Send* send = std::get_if<Send>(&demand);
      const Said* what = send != nullptr && send->to == to ? std::get_if<Said>(&send->message) : nullptr;
      if (what != nullptr) last = *what;
      return what != nullptr;
    });
    return last;
  }

 private:
  void look() {
    for (;;) {
      const std::vector<Demand> demands = node_->take_demands();
      if (demands.empty()) return;
      for (const Demand& demand : demands) {
        if (const Write* write = std::get_if<Write>(&demand)) {
          disk_.write(*write, true);
          ticket_ = write->ticket;
        }
        demands_.push_back(demand);
      }
    }
  }

  const Options options_;
  const Rules rules_;
  Disk disk_{log_begins};
  Time now_{ns_per_s * 100};
  std::uint64_t ticket_ = 0;
  std::unique_ptr<Node> node_;
  std::vector<Demand> demands_;
};

inline Options options_of(const NodeId& self, std::size_t min_in_sync = 2) {
  Options options;
  options.self = self;
  options.min_in_sync = min_in_sync;
  return options;
}

// The owner of epoch 1 with b in sync; its claim is LSN 1, synced everywhere.
struct OwnerRig : Rig {
  explicit OwnerRig(std::size_t min_in_sync = 2) : Rig(options_of(a, min_in_sync)) {
    registered({{0}, a, {a, b}}, 1);
    pass(50);
    sync();
    const auto proposed = demanded<Propose>();
    REQUIRE(proposed);
    CHECK(proposed->expected == 1);
    registered(proposed->value, 2);
    REQUIRE(demanded<MakeClaim>());
    const Frame claim = append({0});
    sync();
    CHECK(!demanded<Open>());
    say(b, Held{{1}, claim.end()});
    REQUIRE(demanded<Open>());
    CHECK(demanded<Durable>()->lsn == claim.last);
  }
};

}  // namespace tote::replication::test
