// What cuts have saved is bounded: the oldest go, and each is told.
#include "wal/cut_files.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

#include "tests/wal/fixture.h"

namespace tote::wal {
namespace {

struct Cuts {
  TemporaryDirectory directory;
  LogOptions options = options_for(directory.path());

  Cuts() { std::filesystem::create_directories(options.directory); }
  void add(const std::string& name, std::size_t bytes = 10) const {
    write_file(options.directory + "/" + name, std::string(bytes, 'c'));
  }
  std::vector<std::string> names() const {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(options.directory))
      found.push_back(entry.path().filename());
    std::ranges::sort(found);
    return found;
  }
};

TEST_CASE("cut files: the newest epochs stay, as many as are meant to, and what goes is told") {
  const Cuts cuts;
  for (const char* name : {"cut-9-100", "cut-10-7", "cut-10-20", "cut-2-500"}) cuts.add(name);
  const auto said = drop_old_cut_files(cuts.options, {.files = 2});
  CHECK(cuts.names() == std::vector<std::string>{"cut-10-20", "cut-10-7"});
  REQUIRE(said.size() == 2);
  CHECK(said[0].find("/cut-9-100 was removed: 10 bytes of records that were never acknowledged") != std::string::npos);
  CHECK(said[1].find("/cut-2-500 was removed") != std::string::npos);
  CHECK(drop_old_cut_files(cuts.options, {.files = 2}).empty());
}

TEST_CASE("cut files: they are bounded in bytes, too, but the newest stays, however large") {
  const Cuts cuts;
  cuts.add("cut-3-1", 100);
  cuts.add("cut-4-1", 60);
  cuts.add("cut-5-1", 50);
  drop_old_cut_files(cuts.options, {.bytes = 110});
  CHECK(cuts.names() == std::vector<std::string>{"cut-4-1", "cut-5-1"});
  drop_old_cut_files(cuts.options, {.bytes = 49});
  CHECK(cuts.names() == std::vector<std::string>{"cut-5-1"});
}

TEST_CASE("cut files: nothing else is removed but what a crash left of one") {
  const Cuts cuts;
  for (const char* name :
       {"cut-1-1", "cut-1-1.new", "cut-", "cut-1", "cut-1-", "cut-1-2x", "cut-x-2", "000007.sst", "xcut-1-1"})
    cuts.add(name);
  const auto said = drop_old_cut_files(cuts.options, {.files = 0, .bytes = 0});
  REQUIRE(said.size() == 1);
  CHECK(said[0].find("cut-1-1.new was removed: a crash left it") != std::string::npos);
  CHECK(cuts.names() == std::vector<std::string>{"000007.sst", "cut-", "cut-1", "cut-1-", "cut-1-1", "cut-1-2x",
                                                 "cut-x-2", "xcut-1-1"});
}

TEST_CASE("cut files: with the bounds of a node, many cuts leave 64") {
  const Cuts cuts;
  for (int epoch = 1; epoch <= 70; ++epoch) cuts.add("cut-" + std::to_string(epoch) + "-3");
  CHECK(drop_old_cut_files(cuts.options).size() == 6);
  CHECK(cuts.names().size() == 64);
  CHECK(std::filesystem::exists(cuts.options.directory + "/cut-7-3"));
  CHECK_FALSE(std::filesystem::exists(cuts.options.directory + "/cut-6-3"));
}

}  // namespace
}  // namespace tote::wal
