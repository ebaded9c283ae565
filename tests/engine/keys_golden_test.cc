// Logs that earlier builds wrote, with keys that had left the memory: every one of them is answered for ever, byte for
// byte, by the program of today.
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "tests/engine/disk.h"
#include "tests/places.h"

namespace tote {
namespace {

const std::filesystem::path golden = std::filesystem::path(::tests::source_directory()) / "tests/golden";
constexpr int golden_rounds = 30;
constexpr int golden_keys_a_round = 20;

Options options_of(const std::filesystem::path& directory) {
  Options options;
  options.directory = directory.string();
  options.kinds = {kind_of<Wallet>()};
  options.key_retention_s = 0;  // a golden log is older than any other
  options.keys_in_memory_max = 50;
  options.disk_free_bytes_min = 0;
  return options;
}

// One round's commands of a tenant, each under a key of its own; two tenants use the same keys.
std::vector<Request> commands(int round, Tenant tenant) {
  std::vector<Request> all;
  for (int i = 0; i < golden_keys_a_round; ++i) {
    const std::string id = "w" + std::to_string(i % 3);
    const std::string key = "k" + std::to_string(round) + "-" + std::to_string(i);
    switch (i % 4) {
      case 0: all.push_back(ask(id, open(), key, tenant)); break;
      case 1: all.push_back(ask(id, debit(1000 + i), key, tenant)); break;
      case 2: all.push_back(ask(id, hold("h" + key, 3), key, tenant)); break;
      default: all.push_back(ask(id, credit(i + 1), key, tenant)); break;
    }
  }
  return all;
}

// What it is told, one line a command; those that are told `overloaded` are asked again.
std::vector<std::string> tell(Engine& engine, int round, Tenant tenant, bool is_replay) {
  for (int tries = 0; tries < 2'000; ++tries) {
    std::vector<std::string> lines;
    for (const Outcome& outcome : batch(engine, commands(round, tenant))) {
      if (outcome.code == Code::overloaded) break;
      if (is_replay) CHECK(outcome.replayed);
      lines.push_back(told(outcome));
    }
    if (lines.size() == golden_keys_a_round) return lines;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  FAIL("overloaded for too long");
  return {};
}

std::string tell_all(Engine& engine, bool is_replay) {
  std::string all;
  for (int round = 0; round < golden_rounds; ++round)
    for (const char* name : {"default", "shop", "other"})
      for (const std::string& line : tell(engine, round, engine.tenant(name).value(), is_replay)) all += line + '\n';
  return all;
}

std::string text_of(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

// Kept as the recipe; a written golden log is never written again (a new format version gets a new directory).
TEST_CASE("keys golden: write" * doctest::skip()) {
  const std::filesystem::path path = golden / "keys-v1";
  REQUIRE_FALSE(std::filesystem::exists(path));
  std::filesystem::create_directories(path);
  std::string lines;
  {
    const auto engine = open_engine(options_of(path / "log"));
    lines = tell_all(*engine, false);
    REQUIRE(engine->figures().keys_on_disk > 1'000);
  }
  std::ofstream(path / "expected.txt", std::ios::binary) << lines;
  for (const auto& entry : std::filesystem::directory_iterator(path / "log")) {
    const std::string name = entry.path().filename().string();  // not needed to open, and full of this machine
    if (name.starts_with("LO") || name.starts_with("OPTIONS")) std::filesystem::remove(entry.path());
  }
}

TEST_CASE("keys golden: every key of a log that an earlier build wrote is answered as it was, and again after that") {
  const Disk disk;
  const std::filesystem::path path = disk.options().directory;
  std::filesystem::copy(golden / "keys-v1" / "log", path, std::filesystem::copy_options::recursive);
  const std::string expected = text_of(golden / "keys-v1" / "expected.txt");
  for (int opening = 0; opening < 3; ++opening) {
    CAPTURE(opening);
    const auto engine = open_engine(options_of(path));
    CHECK(tell_all(*engine, true) == expected);
    for (int round = 0; round < 5; ++round)  // and it goes on: more keys leave the memory
      CHECK(tell(*engine, golden_rounds + 5 * opening + round, {}, false).size() == golden_keys_a_round);
  }
}

}  // namespace
}  // namespace tote
