// A start that has to move keys to disk first, and hasn't the room.
#include <doctest/doctest.h>

#include <cstdio>
#include <filesystem>

#include "actors/wallet/wallet.h"
#include "engine/tote.h"
#include "tests/powercut/child.h"
#include "tests/powercut/fragile_disk.h"
#include "tests/powercut/seeds.h"

namespace tests::powercut {
namespace {

using namespace tote;

std::size_t runs_in(const std::string& directory) {
  std::size_t count = 0;
  for (const auto& at : std::filesystem::recursive_directory_iterator(directory))
    count += at.path().extension() == ".run" ? 1 : 0;
  return count;
}

// What a start says that has no room: on stderr. Else 1.
int refuse_to_start(const std::string& directory) {
  Options options;
  options.directory = directory + "/data";
  options.kinds = {kind_of<Wallet>()};
  options.disk_free_bytes_min = 0;
  {
    auto opened = Engine::open(options);
    const auto engine = std::move(std::get<std::unique_ptr<Engine>>(opened));
    engine->call(request<Wallet>("alice", Wallet::Open{*currency_of("EUR"), {}}));
    for (int i = 0; i < 500; ++i)
      engine->call(request<Wallet>("alice", Wallet::Command(Wallet::Credit{{1}}), "k" + std::to_string(i)));
  }
  const auto full =
      std::make_shared<FragileDisk>(options.directory, directory + "/image",
                                    Mishap{.kind = Mishap::Kind::full, .room = std::uint64_t{1} << 20, .seed = 1});
  const auto env = rocksdb::NewCompositeEnv(full);
  options.env = env.get();
  options.keys_in_memory_max = 50;
  const auto refused = Engine::open(options);
  if (!std::holds_alternative<OpenError>(refused)) return 1;
  std::fputs(std::get<OpenError>(refused).detail.c_str(), stderr);
  return 0;
}

// In a process of its own: RocksDB's threads, once there, would be missing in the children of tests that come later.
TEST_CASE("room: on a disk with too little of it a start says so before it has moved any keys") {
  const TrialDirectory directory;
  const Ended ended = run_child(directory.path() + "/said", [&] { return refuse_to_start(directory.path()); });
  REQUIRE(ended.code == 0);
  CHECK_MESSAGE(ended.said.find("of free disk") != std::string::npos, ended.said);
  CHECK(runs_in(directory.path() + "/data") == 0);
}

}  // namespace
}  // namespace tests::powercut
