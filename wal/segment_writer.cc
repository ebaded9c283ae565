#include "wal/segment_writer.h"

#include <zstd.h>

#include "wal/key_run_format.h"

namespace tote::wal {
namespace {

using key_run::checksum;
using key_run::put_number;

constexpr int zstd_level = 1;  // most frames are LZ4 blocks: what is left to gain is their entropy
constexpr std::size_t segment_out_bytes_max = 1 << 20;
constexpr std::uint64_t segment_flushed_bytes =
    8 << 20;  // so often the kernel is told to begin writing: no burst at the end

}  // namespace

SegmentWriter::SegmentWriter(rocksdb::FileSystem& disk, const std::string& path) {
  status_ = disk.NewWritableFile(path, rocksdb::FileOptions(), &file_, nullptr);
}

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
  blocks_.emplace_back(block_first_, written_bytes_);
  write(header);
  write(stored);
  block_.clear();
}

std::string SegmentWriter::finish(SegmentFooter& footer) {
  close_block();
  footer_.log_id = footer.log_id;
  footer_.oldest = footer.oldest;
  footer_.newest = footer.newest;
  footer_.blocks = blocks_.size();
  footer_.table_at = written_bytes_;
  std::string table;
  for (const auto& [first, at] : blocks_) {
    put_number(first.value, table);
    put_number(at, table);
  }
  footer_.table_checksum = checksum(table, footer_.table_at);
  footer = footer_;
  write(table);
  write(footer.bytes());
  write_through();
  const rocksdb::IOOptions options;
  if (status_.ok()) status_ = file_->Sync(options, nullptr);
  if (status_.ok()) status_ = file_->Close(options, nullptr);
  file_.reset();
  return status_.ok() ? std::string() : status_.ToString();
}

void SegmentWriter::write(std::string_view bytes) {
  out_.append(bytes);
  written_bytes_ += bytes.size();
  if (out_.size() >= segment_out_bytes_max) write_through();
}

void SegmentWriter::write_through() {
  const rocksdb::IOOptions options;
  if (status_.ok()) status_ = file_->Append({out_.data(), out_.size()}, options, nullptr);
  out_.clear();
  if (status_.ok() && written_bytes_ - handed_over_bytes_ >= segment_flushed_bytes) {
    status_ = file_->RangeSync(handed_over_bytes_, written_bytes_ - handed_over_bytes_, options, nullptr);
    handed_over_bytes_ = written_bytes_;
  }
}

}  // namespace tote::wal
