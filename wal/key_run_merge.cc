#include "wal/key_run_merge.h"

#include <algorithm>

namespace tote::wal {
namespace {

using namespace key_run;

constexpr std::uint64_t bytes_per_step = 1 << 20;

}  // namespace

KeyRunMerge::KeyRunMerge(rocksdb::FileSystem& disk, const std::string& path, Inputs inputs)
    : inputs_(std::move(inputs)), file_(disk, path), cursors_(inputs_.size()) {}

KeyRunMerge::Step KeyRunMerge::step() {
  if (!damage_.empty()) return Step::damaged;
  if (input_ < inputs_.size()) return copy_blocks();
  return merge_indexes();
}

KeyRunMerge::Step KeyRunMerge::fail(std::size_t input, std::string damage) {
  damaged_input_ = input;
  damage_ = inputs_[input]->in_file(damage);
  return Step::damaged;
}

KeyRunMerge::Step KeyRunMerge::copy_blocks() {
  std::string block;
  for (std::uint64_t copied = 0; copied < bytes_per_step && input_ < inputs_.size();) {
    const KeyRunReader& input = *inputs_[input_];
    if (block_ == 0) cursors_[input_].first_block = file_.blocks();
    if (std::string damage = input.read_stored(block_, block); !damage.empty()) return fail(input_, std::move(damage));
    file_.add_block(number_at<std::uint32_t>(block, 0), std::string_view(block).substr(block_header_bytes));
    copied += block.size();
    if (++block_ == input.footer().blocks) ++input_, block_ = 0;
  }
  if (input_ < inputs_.size()) return Step::more;
  for (std::size_t input = 0; input < inputs_.size(); ++input)
    if (advance(input)) open_.push_back(input);
  std::ranges::make_heap(open_, std::greater(), [this](std::size_t input) { return cursors_[input].entry.hash; });
  return damage_.empty() ? Step::more : Step::damaged;
}

KeyRunMerge::Step KeyRunMerge::merge_indexes() {
  const auto hash_of = [this](std::size_t input) { return cursors_[input].entry.hash; };
  for (std::uint64_t left = bytes_per_step / index_entry_bytes; left > 0 && !open_.empty(); --left) {
    std::ranges::pop_heap(open_, std::greater(), hash_of);
    const std::size_t input = open_.back();
    IndexEntry entry = cursors_[input].entry;
    entry.block += static_cast<std::uint32_t>(cursors_[input].first_block);
    file_.add_index(entry);
    if (advance(input)) {
      std::ranges::push_heap(open_, std::greater(), hash_of);
    } else if (damage_.empty()) {
      open_.pop_back();
    } else {
      return Step::damaged;
    }
  }
  return open_.empty() ? Step::copied : Step::more;
}

bool KeyRunMerge::advance(std::size_t input) {
  Cursor& cursor = cursors_[input];
  const KeyRunFooter& footer = inputs_[input]->footer();
  while (cursor.at == cursor.count) {
    if (cursor.page_number == footer.pages) {
      const bool is_whole = cursor.seen == footer.entries && cursor.sum == footer.index_sum;
      if (!is_whole) fail(input, "its index isn't the one that was written");
      return false;
    }
    if (std::string damage = inputs_[input]->read_page(cursor.page_number++, cursor.page); !damage.empty())
      return fail(input, std::move(damage)), false;
    cursor.at = 0;
    cursor.count = number_at<std::uint16_t>(cursor.page, sizeof(std::uint64_t));
  }
  const IndexEntry entry = index_entry_at(cursor.page, cursor.at++);
  const bool is_sound = entry.hash >= cursor.entry.hash && entry.block < footer.blocks;
  if (!is_sound) return fail(input, "its index isn't sorted, or leads out of it"), false;
  cursor.entry = entry;
  cursor.sum += share_of_sum(entry);
  ++cursor.seen;
  return true;
}

std::string KeyRunMerge::finish(KeyRunFooter& footer) {
  footer = {};
  footer.first = inputs_.front()->footer().first;
  footer.last = inputs_.back()->footer().last;
  footer.oldest = inputs_.front()->footer().oldest;
  footer.newest = inputs_.front()->footer().newest;
  for (const auto& input : inputs_) footer.newest = std::max(footer.newest, input->footer().newest);
  return file_.finish(footer);
}

}  // namespace tote::wal
