// What was asked of an engine and what it acknowledged, in memory that outlives the process of the engine.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

namespace tests::powercut {

// All that an acknowledgement says, as a number.
struct Entry {
  std::atomic<std::uint64_t> answer{0};  // 0: not acknowledged
};

struct Book {
  static constexpr std::size_t requests_max = 4'096;

  std::atomic<std::uint64_t> asked{0};          // requests with keys: their number says what they are
  std::array<Entry, requests_max> entries{};    // by number
  std::atomic<std::uint64_t> unkeyed_asked{0};  // credits of 1, without a key
  std::atomic<std::uint64_t> unkeyed_told{0};
};

// Shared between this process and the children that it forks; given back at the end.
class SharedBook {
 public:
  SharedBook();
  ~SharedBook();
  SharedBook(const SharedBook&) = delete;
  SharedBook& operator=(const SharedBook&) = delete;

  Book& operator*() const { return *book_; }
  Book* operator->() const { return book_; }

 private:
  Book* book_;
};

}  // namespace tests::powercut
