// All rows of a store, read ahead on a thread of its own: reading, unpacking and proving them takes as long as what is
// made of them, so a start with many of them takes half of the time.
//
// Threads: one, but what says otherwise.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "wal/state_store.h"

namespace tote {

class RowPages {
 public:
  explicit RowPages(const wal::StateStore& store) : store_(store) {}

  // Calls `visit` for every row as StateStore::each() does, on the calling thread; the store is read on another one,
  // which has ended when this returns.
  wal::Damage each(const wal::StateStore::Visit& visit);

 private:
  // Rows, copied: what a row views into lies in `bytes`, one after the other.
  struct Page {
    std::string bytes;
    std::vector<wal::StateRow> rows;  // their views are made when the page is full, and stays where it is
    std::vector<std::size_t> ends;    // of tenant, entity and state of each
    bool is_last = false;

    void add(const wal::StateRow& row);
    void make_views();
  };
  using PagePointer = std::unique_ptr<Page>;

  void read();
  PagePointer empty_page();          // reading thread; null: nobody wants more
  void hand_over(PagePointer page);  // reading thread
  PagePointer next_page();

  const wal::StateStore& store_;
  wal::Damage damage_;  // of the reading thread until the last page was taken

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<PagePointer> full_;
  std::vector<PagePointer> empty_;
  bool is_stopped_ = false;
};

}  // namespace tote
