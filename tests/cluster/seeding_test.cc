// A node that is behind what the owner still keeps can't catch up by itself: it says how to seed it.
#include <doctest/doctest.h>

#include <future>
#include <thread>

#include "adapters/cluster/member.h"
#include "tests/cluster/etcd_servers.h"
#include "tests/cluster/machines.h"
#include "tests/temp_directory.h"
#include "wal/codec.h"
#include "wal/frame_store.h"
#include "wal/store.h"

namespace tote::cluster {
namespace {

// A log of three frames that begins with the second one, and has no archive.
void write_trimmed(const std::string& directory) {
  auto opened = wal::FrameStore::open({.directory = directory, .disk_free_bytes_min = 0});
  const auto frames = std::get<std::shared_ptr<wal::FrameStore>>(opened);
  wal::FrameEnd end = frames->end(), first;
  for (std::int64_t i = 1; i <= 3; ++i) {
    wal::RecordEncoder encoder;
    std::string records;
    encoder.append({.time = {i}}, records);
    wal::FrameBuilder builder;
    const auto made = builder.build(end.last.next(), 1, records, end.hash);
    const std::string frame = std::string(made.header).append(made.payload);
    const std::string_view one(frame);
    REQUIRE(frames->append({&one, 1}, end));
    end = {end.last.next(), made.hash};
    if (i == 1) first = end;
  }
  REQUIRE(frames->store().trim(first.last.next(), first.hash) == "");
}

struct Node {
  Node(const std::string& name, const tests::EtcdServers& etcd, const std::string& data)
      : member({.name = "shop", .node = name, .etcd = etcd.urls(), .listen = "127.0.0.1:0", .min_in_sync = 1},
               {[](const std::string&) {}, [this](const std::string& why) { refused.set_value(why); }, {}}) {
    auto opened = member.open_log({.directory = data, .disk_free_bytes_min = 0});
    REQUIRE(std::holds_alternative<std::unique_ptr<wal::Log>>(opened));
    log = std::move(std::get<std::unique_ptr<wal::Log>>(opened));
  }
  std::promise<std::string> refused;
  Member member;
  std::unique_ptr<wal::Log> log;
};

TEST_CASE("seeding: a node that is behind what the owner keeps says so, and what to do") {
  const tests::EtcdServers etcd(1);
  const tests::TempDirectory directory;
  write_trimmed(directory.file("owner"));
  Node owner("n1", etcd, directory.file("owner"));
  test::Machines::wait([&] { return owner.member.status().state == MemberStatus::State::owner; }, "an owner");
  Node behind("n2", etcd, directory.file("behind"));
  const std::string why = behind.refused.get_future().get();
  CHECK(why.find("tote backup") != std::string::npos);
  CHECK(behind.member.status().state == MemberStatus::State::stopped);
  CHECK(owner.member.status().isr == std::vector<std::string>{"n1"});
}

}  // namespace
}  // namespace tote::cluster
