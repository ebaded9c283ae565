// Huge pages made ready beside the loop: the kernel clears one at its first touch, which takes up to a millisecond, as
// long as a whole turn may.
#pragma once

#include <cstddef>
#include <mutex>
#include <vector>

#include "engine/large_block.h"
#include "engine/question_thread.h"

namespace tote {

class HugePages {
 public:
  // take() will be called soon. Any thread.
  void prepare() { thread_.ask({}); }

  // `huge_page_bytes` of zeroes; one that is ready, and the next is prepared. Whoever comes too early gets one that the
  // kernel has yet to clear. Any thread.
  template <class T>
  LargeBlock<T> take() {
    LargeBlock<std::byte> page = take_ready();
    prepare();
    if (page == nullptr) return make_large_block<T>(huge_page_bytes / sizeof(T));
    const FreeBlock free = page.get_deleter();
    return LargeBlock<T>(reinterpret_cast<T*>(page.release()), free);
  }

 private:
  struct One {};
  static constexpr std::size_t ready_max = 2;  // several tables may want one in the same turn

  LargeBlock<std::byte> take_ready() {
    const std::lock_guard lock(mutex_);
    if (ready_.empty()) return nullptr;
    LargeBlock<std::byte> page = std::move(ready_.back());
    ready_.pop_back();
    return page;
  }

  bool has_enough() {
    const std::lock_guard lock(mutex_);
    return ready_.size() >= ready_max;
  }
  void make() {
    while (!has_enough()) {
      auto page = make_large_block<std::byte>(huge_page_bytes);
      // Where the kernel has no huge pages these are many small ones.
      for (std::size_t at = 0; at < huge_page_bytes; at += 4096) *const_cast<volatile std::byte*>(&page[at]) = {};
      const std::lock_guard lock(mutex_);
      ready_.push_back(std::move(page));
    }
  }

  std::mutex mutex_;  // hand-over only
  std::vector<LargeBlock<std::byte>> ready_;
  QuestionThread<One> thread_{"tote-pages", 1, [this](One&&) { make(); }};  // last: it ends first
};

}  // namespace tote
