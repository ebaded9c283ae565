// The file of a run of keys that is being written: its blocks, its index, its end. One thread.
#pragma once

#include <rocksdb/file_system.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "wal/key_run_format.h"
#include "wal/new_file.h"

namespace tote::wal {

class KeyRunFile {
 public:
  // Creates it.
  KeyRunFile(rocksdb::FileSystem& disk, const std::string& path) : file_(disk, path) {}

  // `raw_bytes`: of its entries, `stored`: they, or LZ4 of them.
  void add_block(std::uint32_t raw_bytes, std::string_view stored);
  // After all blocks, in the order of the hashes.
  void add_index(const key_run::IndexEntry& entry);
  // The rest of the file, and a sync. `footer` comes with first, last, oldest and newest. Empty, or what went wrong at
  // any time; then the file is worth nothing.
  std::string finish(KeyRunFooter& footer);

  std::uint64_t blocks() const { return block_at_.size(); }
  std::uint64_t written_bytes() const { return file_.written_bytes(); }

 private:
  void close_page();

  NewFile file_;
  std::string page_;                                  // of the index, open
  std::vector<std::uint64_t> block_at_, page_first_;  // offsets of blocks; first hashes of pages
  std::uint64_t blocks_bytes_ = 0, entries_ = 0, index_sum_ = 0;
};

}  // namespace tote::wal
