// Writes one run of keys: entries as they come, then an index of them, sorted. One thread.
#pragma once

#include <rocksdb/file_system.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "wal/codec.h"
#include "wal/key_run_format.h"
#include "wal/record.h"

namespace tote::wal {

class KeyRunWriter {
 public:
  // Creates the file.
  KeyRunWriter(rocksdb::FileSystem& disk, const std::string& path);

  // In the order of their LSNs. The record has a key and no changes; `hash` is its key_hash().
  void add(Lsn lsn, std::uint64_t hash, const Record& record);
  // The rest of the file, and a sync. Empty, or what went wrong at any time; then the file is worth nothing.
  std::string finish(KeyRunFooter& footer);

 private:
  void close_block();
  void write_index();
  void write(std::string_view bytes);
  void write_through();

  std::unique_ptr<rocksdb::FSWritableFile> file_;
  rocksdb::IOStatus status_;
  RecordEncoder encoder_;
  std::string block_, packed_, out_;  // entries of the open block; it compressed; what isn't handed over yet
  std::uint16_t places_ = 0;          // entries in the open block
  std::uint64_t written_bytes_ = 0, handed_over_bytes_ = 0;
  std::vector<std::uint64_t> block_at_, page_first_;  // offsets of blocks and their end; first hashes of pages
  std::vector<key_run::IndexEntry> index_;
  KeyRunFooter footer_;
};

}  // namespace tote::wal
