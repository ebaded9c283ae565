// What a test's process takes of memory.
#pragma once

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdio>

namespace tests::http {

// Of this process, the server within it.
inline std::size_t resident_bytes() {
  std::size_t total = 0, resident = 0;
  std::FILE* file = std::fopen("/proc/self/statm", "r");
  REQUIRE(file != nullptr);
  REQUIRE(std::fscanf(file, "%zu %zu", &total, &resident) == 2);
  std::fclose(file);
  return resident * 4'096;
}

}  // namespace tests::http
