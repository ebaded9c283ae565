// An engine at work over a disk, and the check of what it left behind. Both end their process: run them in children.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "tests/powercut/book.h"
#include "tests/powercut/fragile_disk.h"

namespace tests::powercut {

inline constexpr int exit_sound = 0, exit_wrong = 1, exit_refused = 3, exit_damage_told = 4;
inline constexpr int exit_disk_failed = 74;

// How an engine is used: everything that is drawn is drawn from the seed.
struct Use {
  std::string directory;
  std::uint64_t seed = 0;
  std::uint64_t sessions_max = 4;  // opened, worked with, closed
  std::uint64_t requests_max = 400;
  bool closes_at_end = true;  // else the process just ends
};

// Opens, asks, notes what is acknowledged, closes, again and again; over the real disk when it is null. exit_refused:
// it couldn't be opened, and says why.
int work(const Use& use, Book& book, const std::shared_ptr<FragileDisk>& disk);

// Reopens on the real disk and asks everything again: each acknowledged answer is the same, everything has happened
// once, the books are right. exit_refused: it doesn't open; exit_damage_told: it says that what was asked can't be
// read; exit_wrong: something else. Says why on stderr.
int check(const std::string& directory, const Book& book);

// Names and contents of everything in a directory, as a number.
std::uint64_t hash_of_directory(const std::string& directory);

}  // namespace tests::powercut
