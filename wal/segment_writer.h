// Writes one segment: frames as they come, then a table of its blocks and its footer. One thread.
#pragma once

#include <rocksdb/file_system.h>

#include <string>
#include <string_view>
#include <vector>

#include "wal/new_file.h"
#include "wal/segment_format.h"

namespace tote::wal {

class SegmentWriter {
 public:
  // Creates the file.
  SegmentWriter(rocksdb::FileSystem& disk, const std::string& path) : file_(disk, path) {}

  // Frames in the order of their LSNs, each proved by open_frame().
  void add(std::string_view frame, const FrameHeader& header);
  std::uint64_t raw_bytes() const { return footer_.raw_bytes; }
  std::uint64_t frames() const { return footer_.frames; }
  Lsn last() const { return footer_.last; }
  // The rest of the file, and a sync. Empty, or what went wrong at any time; then the file is worth nothing. Of the
  // footer log id and times are the caller's.
  std::string finish(SegmentFooter& footer);

 private:
  void close_block();

  NewFile file_;
  std::string block_, packed_;  // frames of the open block; it compressed
  Lsn block_first_{};
  std::vector<std::pair<Lsn, std::uint64_t>> blocks_;  // first LSN, offset
  SegmentFooter footer_;
};

}  // namespace tote::wal
