#include "wal/segment_writer.h"

#include <zstd.h>

#include "wal/key_run_format.h"

namespace tote::wal {
namespace {

using key_run::checksum;
using key_run::put_number;

constexpr int zstd_level = 1;  // most frames are LZ4 blocks: what is left to gain is their entropy

}  // namespace

void SegmentWriter::add(std::string_view frame, const FrameHeader& header) {
  if (footer_.frames == 0) {
    footer_.first = header.first;
    footer_.previous = header.previous;
  }
  if (!block_.empty() && block_.size() + frame.size() > segment::block_raw_bytes) close_block();
  if (block_.empty()) block_first_ = header.first;
  put_number(static_cast<std::uint32_t>(frame.size()), block_);
  put_number(std::uint32_t{0}, block_);
  block_.append(frame);
  ++footer_.frames;
  footer_.raw_bytes += frame.size();
  footer_.last = header.last;
  footer_.hash = hash_of(frame);
}

void SegmentWriter::close_block() {
  if (block_.empty()) return;
  packed_.resize(ZSTD_compressBound(block_.size()));
  const std::size_t packed = ZSTD_compress(packed_.data(), packed_.size(), block_.data(), block_.size(), zstd_level);
  const bool helps = ZSTD_isError(packed) == 0 && packed < block_.size() - block_.size() / 32;
  const std::string_view stored = helps ? std::string_view(packed_).substr(0, packed) : std::string_view(block_);
  std::string header;
  put_number(static_cast<std::uint32_t>(block_.size()), header);
  put_number(static_cast<std::uint32_t>(stored.size()), header);
  put_number(checksum(stored, checksum(header, blocks_.size())), header);
  blocks_.emplace_back(block_first_, file_.written_bytes());
  file_.write(header);
  file_.write(stored);
  block_.clear();
}

std::string SegmentWriter::finish(SegmentFooter& footer) {
  close_block();
  footer_.log_id = footer.log_id;
  footer_.oldest = footer.oldest;
  footer_.newest = footer.newest;
  footer_.blocks = blocks_.size();
  footer_.table_at = file_.written_bytes();
  std::string table;
  for (const auto& [first, at] : blocks_) {
    put_number(first.value, table);
    put_number(at, table);
  }
  footer_.table_checksum = checksum(table, footer_.table_at);
  footer = footer_;
  file_.write(table);
  file_.write(footer.bytes());
  return file_.finish();
}

}  // namespace tote::wal
