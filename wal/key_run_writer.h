// Writes one run of keys: entries as they come, then an index of them, sorted. One thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "wal/codec.h"
#include "wal/key_run_file.h"
#include "wal/record.h"

namespace tote::wal {

class KeyRunWriter {
 public:
  // Creates the file.
  KeyRunWriter(rocksdb::FileSystem& disk, const std::string& path) : file_(disk, path) {}

  // In the order of their LSNs. The record has a key and no changes; `hash` is its key_hash().
  void add(Lsn lsn, std::uint64_t hash, const Record& record);
  // The rest of the file, and a sync. Empty, or what went wrong at any time; then the file is worth nothing.
  std::string finish(KeyRunFooter& footer);

 private:
  void close_block();

  KeyRunFile file_;
  RecordEncoder encoder_;
  std::string block_, packed_;  // entries of the open block; it compressed
  std::uint16_t places_ = 0;    // entries in the open block
  std::vector<key_run::IndexEntry> index_;
  KeyRunFooter footer_;
};

}  // namespace tote::wal
