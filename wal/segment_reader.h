// One sealed segment, open to be read: its frames, block by block. Any thread.
#pragma once

#include <rocksdb/file_system.h>

#include <memory>
#include <string>
#include <vector>

#include "wal/segment_format.h"

namespace tote::wal {

class SegmentReader {
 public:
  // Null, and the reason, when it can't be read or isn't whole.
  static std::shared_ptr<const SegmentReader> open(rocksdb::FileSystem& disk, const std::string& path,
                                                   std::string& reason);

  const SegmentFooter& footer() const { return footer_; }
  std::size_t blocks() const { return blocks_.size(); }
  // The block that has this record, which the segment has.
  std::size_t block_of(Lsn lsn) const;
  // Its frames, each with its size before it. Empty, or what is wrong.
  std::string read_block(std::size_t block, std::string& frames) const;
  // Every byte, every frame, the chain through all of them. Empty, or the damage, with the LSN that can't be read.
  std::string check(Lsn& lsn) const;

 private:
  SegmentReader() = default;
  std::string read_footer(rocksdb::FileSystem& disk, const std::string& path);
  std::string read_at(std::uint64_t at, std::size_t bytes, std::string& out) const;
  std::string check_block(std::size_t block, FrameHash& chain, Lsn& next) const;

  std::unique_ptr<rocksdb::FSRandomAccessFile> file_;
  SegmentFooter footer_;
  std::vector<std::pair<Lsn, std::uint64_t>> blocks_;  // first LSN, offset
};

// Takes one frame from the front of a block; the reason when its size can't be.
std::string next_frame(std::string_view& rest, std::string_view& frame);

}  // namespace tote::wal
