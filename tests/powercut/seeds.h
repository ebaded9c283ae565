// Which seeds a run tries, and several of them at once, each in processes of its own.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace tests::powercut {

// TOTE_POWERCUT_SEED (one), or from TOTE_POWERCUT_FIRST on: TOTE_POWERCUT_SEEDS of them, or TOTE_POWERCUT_HOURS long;
// else `seeds` of them.
struct Seeds {
  explicit Seeds(std::uint64_t seeds);
  // False: there are no more.
  bool next(std::uint64_t& seed);

 private:
  std::uint64_t at_ = 1, left_ = 0;
  std::int64_t until_s_ = 0;  // 0: none
};

// In memory where there is such a place; gone at its end.
class TrialDirectory {
 public:
  TrialDirectory();
  ~TrialDirectory();
  TrialDirectory(const TrialDirectory&) = delete;
  TrialDirectory& operator=(const TrialDirectory&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// What a seed came to: empty when all is well, else what is wrong. Runs in a process of its own, in a directory of its
// own that is removed afterwards.
using Trial = std::function<std::string(std::uint64_t seed, const std::string& directory)>;
// Fails the test with every seed that something is wrong with. Returns how many were tried.
std::uint64_t try_all(Seeds seeds, const Trial& trial);

}  // namespace tests::powercut
