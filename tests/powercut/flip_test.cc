// One flipped bit anywhere in a directory whose keys have moved to disk: it is found and told in a sentence, with
// nothing changed, or it does no harm. No assertion is reached, no effect is doubled.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <vector>

#include "tests/powercut/child.h"
#include "tests/powercut/seeds.h"
#include "tests/powercut/workload.h"

namespace tests::powercut {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files_in(const std::string& directory) {
  std::vector<fs::path> files;
  for (const auto& at : fs::recursive_directory_iterator(directory))
    if (at.is_regular_file() && at.file_size() > 0) files.push_back(at.path());
  std::sort(files.begin(), files.end());
  return files;
}

std::string flip(const fs::path& file, std::mt19937_64& random) {
  const std::uint64_t at = random() % fs::file_size(file);
  const unsigned bit = static_cast<unsigned>(random() % 8);
  std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
  bytes.seekg(static_cast<std::streamoff>(at));
  const int before = bytes.get();
  bytes.seekp(static_cast<std::streamoff>(at));
  bytes.put(static_cast<char>(before ^ (1 << bit)));
  return "bit " + std::to_string(bit) + " of byte " + std::to_string(at) + " of " + file.filename().string();
}

// Directories as a clean end and as an abrupt one leave them.
struct Victims {
  Victims() {
    for (const bool closed : {false, true}) {
      const Use use{.directory = path(closed), .seed = 7, .requests_max = 300, .closes_at_end = closed};
      Book& book = closed ? *closed_book : *open_book;
      REQUIRE(run_child(directory.path() + "/work", [&] { return work(use, book, nullptr); }).code == exit_sound);
    }
  }
  std::string path(bool closed) const { return directory.path() + (closed ? "/closed" : "/open"); }

  TrialDirectory directory;
  SharedBook open_book, closed_book;
};

std::string judge_flip(const Victims& victims, std::uint64_t seed, const std::string& directory) {
  std::mt19937_64 random(seed);
  const bool closed = random() % 2 == 0;
  const std::string data = directory + "/data";
  fs::copy(victims.path(closed), data, fs::copy_options::recursive);
  const auto files = files_in(data);
  const std::string what = flip(files[random() % files.size()], random) + (closed ? ", closed" : ", killed");
  const std::uint64_t before = hash_of_directory(data);
  const Book& book = closed ? *victims.closed_book : *victims.open_book;
  const Ended ended = run_child(directory + "/check", [&] { return check(data, book); });
  const std::string told = what + ": ended with " + std::to_string(ended.code) + ": " + ended.said;
  if (ended.code == exit_sound) return {};
  const bool is_told = ended.code == exit_refused || ended.code == exit_disk_failed || ended.code == exit_damage_told;
  if (!is_told) return told;
  if (ended.said.empty()) return told + "nothing";
  if (ended.code == exit_refused && hash_of_directory(data) != before) return told + "but the directory was changed";
  return {};
}

}  // namespace

TEST_CASE("flips: a flipped bit in any file is found with nothing changed, or does no harm") {
  const Victims victims;
  MESSAGE(try_all(Seeds(150), [&](std::uint64_t seed,
                                  const std::string& directory) { return judge_flip(victims, seed, directory); })
          << " flips");
}

}  // namespace tests::powercut
