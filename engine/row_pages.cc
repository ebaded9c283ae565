#include "engine/row_pages.h"

#include <pthread.h>

#include <thread>
#include <utility>

namespace tote {
namespace {

constexpr std::size_t pages_count = 4;  // read ahead at most
constexpr std::size_t page_rows = 4'096, page_bytes = 1 << 20;

}  // namespace

void RowPages::Page::add(const wal::StateRow& row) {
  rows.push_back(row);
  for (const std::string_view part : {row.tenant, row.entity, row.state}) {
    bytes.append(part);
    ends.push_back(bytes.size());
  }
}

void RowPages::Page::make_views() {
  std::size_t from = 0, at = 0;
  const auto next = [&] {
    const std::string_view part = std::string_view(bytes).substr(from, ends[at] - from);
    from = ends[at++];
    return part;
  };
  for (wal::StateRow& row : rows) {
    row.tenant = next();
    row.entity = next();
    row.state = next();
  }
}

wal::Damage RowPages::each(const wal::StateStore::Visit& visit) {
  for (std::size_t i = 0; i < pages_count; ++i) empty_.push_back(std::make_unique<Page>());
  is_stopped_ = false;
  std::thread thread([this] { read(); });
  for (bool goes_on = true, is_last = false; goes_on && !is_last;) {
    PagePointer page = next_page();
    is_last = page->is_last;
    for (const wal::StateRow& row : page->rows)
      if (!(goes_on = visit(row))) break;
    const std::lock_guard lock(mutex_);
    is_stopped_ = !goes_on;
    empty_.push_back(std::move(page));
    changed_.notify_one();
  }
  thread.join();
  full_.clear();
  empty_.clear();
  return damage_;
}

void RowPages::read() {
  pthread_setname_np(pthread_self(), "tote-rows");
  PagePointer page = empty_page();
  damage_ = store_.each([&](const wal::StateRow& row) {
    page->add(row);
    if (page->rows.size() < page_rows && page->bytes.size() < page_bytes) return true;
    hand_over(std::move(page));
    page = empty_page();
    return page != nullptr;
  });
  if (page == nullptr) return;
  page->is_last = true;
  hand_over(std::move(page));
}

RowPages::PagePointer RowPages::empty_page() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return is_stopped_ || !empty_.empty(); });
  if (is_stopped_) return nullptr;
  PagePointer page = std::move(empty_.back());
  empty_.pop_back();
  page->bytes.clear();
  page->rows.clear();
  page->ends.clear();
  return page;
}

void RowPages::hand_over(PagePointer page) {
  page->make_views();
  const std::lock_guard lock(mutex_);
  full_.push_back(std::move(page));
  changed_.notify_one();
}

RowPages::PagePointer RowPages::next_page() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !full_.empty(); });
  PagePointer page = std::move(full_.front());
  full_.pop_front();
  return page;
}

}  // namespace tote
