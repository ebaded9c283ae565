// The protocol over real connections and a real etcd: three replicas in one process, each with its thread and a disk in
// memory.
#include "adapters/cluster/replica.h"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <iostream>
#include <mutex>
#include <thread>
#include <utility>

#include "adapters/cluster/wire.h"
#include "tests/cluster/elapsed.h"
#include "tests/cluster/etcd_servers.h"
#include "tests/replication/disk.h"
#include "tests/support/free_port.h"
#include "wal/frame.h"

namespace tote::cluster {
namespace {

using namespace replication;
using Clock = std::chrono::steady_clock;

constexpr auto fail_over_patience = std::chrono::seconds(40);

Mark log_begin() {
  const wal::FrameHash hash = wal::chain_start("0123456789abcdef0123456789abcdef");
  return {{}, {hash.high, hash.low}};
}

Frame frame_after(const Mark& end, Epoch epoch, std::size_t bytes) {
  wal::FrameBuilder builder;
  const std::string record(bytes, 'r');
  const auto made =
      builder.build(end.lsn.next(), 1, record, {end.hash.high, end.hash.low}, static_cast<std::uint32_t>(epoch.value));
  return std::get<Frame>(read_frame(std::string(made.header) + std::string(made.payload)));
}

// Of the replica's thread, while there is one.
class MemoryStorage final : public Storage {
 public:
  Kept kept() const override { return disk.kept(); }
  void write(const Write& write, std::function<void()> on_synced) override {
    disk.write(write, true);
    disk.sync(write.ticket);
    on_synced();
  }
  Mark begin() const override { return disk.begin(); }
  bool has(const Mark& mark) const override { return disk.has(mark); }
  Mark end_after(Lsn lsn) const override { return disk.end_after(lsn); }
  std::vector<Frame> page(Lsn lsn, std::size_t bytes_max) const override { return disk.page(lsn, bytes_max); }

  replication::test::Disk disk{log_begin()};
};

struct Unserved final : Served {
  std::optional<Frame> claim(Epoch epoch, const Mark& end) override { return frame_after(end, epoch, 64); }
  void opened(Epoch) override { is_open = true; }
  void durable(Lsn lsn) override { acknowledged = lsn.value; }
  void may_apply(Lsn lsn) override { applied = lsn.value; }
  std::uint64_t asked() override { return questions; }
  void released(std::uint64_t number) override { confirmed = number; }
  void stopped(const std::string&) override { is_stopped = true; }
  void problem(const std::string&) override { ++problems; }

  std::atomic<bool> is_open{false}, is_stopped{false};
  std::atomic<std::uint64_t> acknowledged{0}, applied{0}, questions{0}, confirmed{0}, problems{0};
};

struct Beside {
  explicit Beside(std::string name) : id{std::move(name)}, port(tests::free_port()) {}

  const NodeId id;
  const int port;
  MemoryStorage storage;
  Unserved engine;
  std::unique_ptr<Replica> replica;
};

class Cluster {
 public:
  Cluster() {
    for (int i = 0; i < 3; ++i) members_.push_back(std::make_unique<Beside>("n" + std::to_string(i)));
    for (std::size_t i = 0; i < 3; ++i) start(i);
    wait([this] { return owner() != nullptr && in_sync() == 3; });
  }
  void start(std::size_t number) {
    Beside& member = *members_[number];
    member.engine.is_open = false;
    ReplicaOptions options;
    options.node.self = member.id;
    options.node.creates = number == 0;
    options.links = {.shard = "shop", .listen = "127.0.0.1:" + std::to_string(member.port)};
    options.etcd = {.members = etcd_.urls(), .key = "tote/shop"};
    for (const auto& other : members_)
      if (other != members_[number]) options.peers[other->id] = "127.0.0.1:" + std::to_string(other->port);
    member.replica = std::make_unique<Replica>(options, member.storage, member.engine);
  }
  Beside& at(std::size_t number) { return *members_[number]; }
  Beside* owner() {
    for (const auto& member : members_)
      if (member->replica && member->engine.is_open && !member->engine.is_stopped) return member.get();
    return nullptr;
  }
  // As the owner has it from the register.
  std::size_t in_sync() {
    std::promise<std::size_t> said;
    owner()->replica->post([&](Node& node, Time) { said.set_value(node.known().value.isr.size()); });
    return said.get_future().get();
  }
  template <class IsThere>
  void wait(const IsThere& is_there) {
    for (const auto ends_at = Clock::now() + fail_over_patience; !is_there();) {
      REQUIRE(Clock::now() < ends_at);
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }
  // So many frames more, acknowledged; the newest LSN.
  std::uint64_t append(Beside& to, std::uint64_t count, std::size_t bytes) {
    const std::uint64_t target = to.engine.acknowledged + count;
    std::atomic<std::uint64_t> left{count};
    wait([&] {
      std::promise<void> done;
      to.replica->post([&](Node& node, Time now) {
        for (; left > 0 && node.can_append(); --left) node.append(frame_after(node.end(), node.epoch(), bytes), now);
        done.set_value();
      });
      done.get_future().get();
      return to.engine.acknowledged >= target;
    });
    return to.engine.acknowledged;
  }
  tests::EtcdServers& etcd() { return etcd_; }

 private:
  tests::EtcdServers etcd_{1};
  std::vector<std::unique_ptr<Beside>> members_;
};

TEST_CASE("replicas: what was acknowledged outlives its owner, and who comes back has it all") {
  Cluster cluster;
  Beside* const first = cluster.owner();
  REQUIRE(first == &cluster.at(0));
  auto begun = Clock::now();
  const std::uint64_t acknowledged = cluster.append(*first, 300, 4'096);
  std::cout << "300 frames of 4 KiB acknowledged by three in " << tests::ms_since(begun) << " ms" << std::endl;
  first->replica.reset();  // killed
  begun = Clock::now();
  cluster.wait([&] { return cluster.owner() != nullptr; });
  const std::int64_t away_ms = tests::ms_since(begun);
  std::cout << "another opened after " << away_ms << " ms" << std::endl;
  CHECK(away_ms < 3'000);
  Beside* const second = cluster.owner();
  REQUIRE(second != first);
  const std::uint64_t after = cluster.append(*second, 50, 100);
  CHECK(after > acknowledged);
  cluster.start(0);
  cluster.wait([&] { return cluster.in_sync() == 3 && cluster.at(0).engine.applied >= after; });
  const std::uint64_t last = cluster.append(*second, 1, 100);
  cluster.wait([&] { return cluster.at(0).engine.applied >= last; });
  CHECK(!cluster.at(0).engine.is_open);
  for (std::size_t i = 0; i < 3; ++i) cluster.at(i).replica.reset();
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(cluster.at(i).storage.disk.end() == second->storage.disk.end());
    CHECK(cluster.at(i).storage.disk.frames().size() == last);
  }
}

TEST_CASE("replicas: a planned change of owner loses nothing") {
  Cluster cluster;
  Beside* const first = cluster.owner();
  const std::uint64_t acknowledged = cluster.append(*first, 50, 100);
  auto begun = Clock::now();
  const auto ask = [&](Beside& owner) {
    begun = Clock::now();
    owner.replica->post([](Node& node, Time now) { node.yield({"n2"}, now); });
  };
  ask(*first);
  // One that takes too long is given up, and the owner goes on: who wanted it asks again.
  cluster.wait([&] {
    if (cluster.at(2).engine.is_open) return true;
    if (Beside* const owner = cluster.owner(); owner != nullptr && Clock::now() - begun > std::chrono::seconds(2))
      ask(*owner);
    return false;
  });
  std::cout << "another opened " << tests::ms_since(begun) << " ms after it was asked to" << std::endl;
  cluster.wait([&] { return first->engine.is_stopped.load(); });
  CHECK(cluster.owner() == &cluster.at(2));
  CHECK(cluster.append(cluster.at(2), 5, 100) > acknowledged);
}

TEST_CASE("replicas: without etcd the owner goes on while those in sync answer; only membership stands still") {
  Cluster cluster;
  Beside* const owner = cluster.owner();
  cluster.etcd().kill(0);
  const std::uint64_t acknowledged = cluster.append(*owner, 20, 100);
  owner->engine.questions = 7;
  owner->replica->wake();
  cluster.wait([&] { return owner->engine.confirmed == 7; });
  // A backup that dies now can't be let go: nothing more is acknowledged, and nothing that was is lost.
  cluster.at(2).replica.reset();
  std::promise<void> done;
  owner->replica->post([&](Node& node, Time now) {
    node.append(frame_after(node.end(), node.epoch(), 100), now);
    done.set_value();
  });
  done.get_future().get();
  std::this_thread::sleep_for(std::chrono::milliseconds(1'500));
  CHECK(owner->engine.acknowledged == acknowledged);
  cluster.etcd().start(0);
  cluster.wait([&] { return owner->engine.acknowledged > acknowledged; });
  CHECK(cluster.in_sync() == 2);
  CHECK(owner->engine.is_open);
}

}  // namespace
}  // namespace tote::cluster
