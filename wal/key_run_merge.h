// Makes one run of several that follow each other, a little at a time: their blocks as they are, their indexes sorted
// into one. In memory it has a block, and a page of each index. One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "wal/key_run_file.h"
#include "wal/key_run_reader.h"

namespace tote::wal {

class KeyRunMerge {
 public:
  using Inputs = std::vector<std::shared_ptr<const KeyRunReader>>;

  // `inputs`: in the order of their LSNs. Creates the file.
  KeyRunMerge(rocksdb::FileSystem& disk, const std::string& path, Inputs inputs);

  enum class Step : std::uint8_t { more, copied, damaged };
  // Copies about a mebibyte.
  Step step();
  // Damaged: which input, and what.
  std::size_t damaged_input() const { return damaged_input_; }
  const std::string& damage() const { return damage_; }
  // All is copied: the rest of the file, and a sync. Empty, or what went wrong when writing, at any time.
  std::string finish(KeyRunFooter& footer);

  const Inputs& inputs() const { return inputs_; }

 private:
  // Where one input's index is.
  struct Cursor {
    std::uint64_t first_block = 0;  // its blocks' numbers in the new run begin there
    std::uint64_t page_number = 0;
    std::string page{};
    std::size_t at = 0, count = 0;  // entries of the page
    key_run::IndexEntry entry{};
    std::uint64_t seen = 0, sum = 0;
  };

  Step copy_blocks();
  Step merge_indexes();
  bool advance(std::size_t input);  // false: at its end, or damaged
  Step fail(std::size_t input, std::string damage);

  const Inputs inputs_;
  KeyRunFile file_;
  std::size_t input_ = 0;    // whose blocks are being copied
  std::uint64_t block_ = 0;  // the next one of them
  std::vector<Cursor> cursors_;
  std::vector<std::size_t> open_;  // inputs whose index isn't at its end: a heap, the lowest hash on top
  std::size_t damaged_input_ = 0;
  std::string damage_;
};

}  // namespace tote::wal
