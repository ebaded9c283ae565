#include "wal/segment_reader.h"

#include <zstd.h>

#include <algorithm>
#include <cstring>

#include "wal/key_run_format.h"

namespace tote::wal {
namespace {

using key_run::checksum;
using key_run::number_at;

}  // namespace

std::shared_ptr<const SegmentReader> SegmentReader::open(rocksdb::FileSystem& disk, const std::string& path,
                                                         std::string& reason) {
  std::shared_ptr<SegmentReader> reader(new SegmentReader);
  reason = reader->read_footer(disk, path);
  if (reason.empty()) return reader;
  reason = path + ": " + reason;
  return nullptr;
}

std::string SegmentReader::read_footer(rocksdb::FileSystem& disk, const std::string& path) {
  std::uint64_t bytes = 0;
  rocksdb::IOStatus status = disk.GetFileSize(path, rocksdb::IOOptions(), &bytes, nullptr);
  if (status.ok()) status = disk.NewRandomAccessFile(path, rocksdb::FileOptions(), &file_, nullptr);
  if (!status.ok()) return status.ToString();
  if (bytes < segment::footer_bytes) return "it ends too early";
  std::string end, table;
  std::string reason = read_at(bytes - segment::footer_bytes, segment::footer_bytes, end);
  if (reason.empty()) reason = SegmentFooter::read(end, footer_);
  if (!reason.empty()) return reason;
  if (footer_.blocks > bytes / segment::table_entry_bytes || footer_.blocks == 0 || footer_.file_bytes() != bytes)
    return "it has another size than its end says";
  reason = read_at(footer_.table_at, footer_.blocks * segment::table_entry_bytes, table);
  if (!reason.empty()) return reason;
  if (checksum(table, footer_.table_at) != footer_.table_checksum) return "its table has changed";
  for (std::size_t at = 0; at < table.size(); at += segment::table_entry_bytes)
    blocks_.emplace_back(Lsn{number_at<std::uint64_t>(table, at)}, number_at<std::uint64_t>(table, at + 8));
  return {};
}

std::string SegmentReader::read_at(std::uint64_t at, std::size_t bytes, std::string& out) const {
  out.resize(bytes);
  rocksdb::Slice got;
  const rocksdb::IOStatus status = file_->Read(at, bytes, rocksdb::IOOptions(), &got, out.data(), nullptr);
  if (!status.ok()) return status.ToString();
  if (got.size() != bytes) return "it ends too early";
  if (got.data() != out.data()) std::memcpy(out.data(), got.data(), bytes);
  return {};
}

std::size_t SegmentReader::block_of(Lsn lsn) const {
  const auto after = std::ranges::upper_bound(blocks_, lsn, {}, &std::pair<Lsn, std::uint64_t>::first);
  return after == blocks_.begin() ? 0 : static_cast<std::size_t>(after - blocks_.begin()) - 1;
}

std::string SegmentReader::read_block(std::size_t block, std::string& frames) const {
  const std::uint64_t at = blocks_[block].second;
  const std::uint64_t end = block + 1 < blocks_.size() ? blocks_[block + 1].second : footer_.table_at;
  if (end > footer_.table_at || at > end || end - at < segment::block_header_bytes) return "a block has no place";
  std::string bytes;
  if (std::string reason = read_at(at, end - at, bytes); !reason.empty()) return reason;
  const std::string_view stored = std::string_view(bytes).substr(segment::block_header_bytes);
  const std::size_t raw_bytes = number_at<std::uint32_t>(bytes, 0);
  if (number_at<std::uint32_t>(bytes, 4) != stored.size() || raw_bytes > segment::block_raw_bytes_max)
    return "a block has another size than it says";
  const std::uint64_t seed = checksum(std::string_view(bytes).substr(0, 8), block);
  if (checksum(stored, seed) != number_at<std::uint64_t>(bytes, 8)) return "a block has changed";
  if (stored.size() == raw_bytes) return frames = stored, std::string();
  frames.resize(raw_bytes);
  const std::size_t got = ZSTD_decompress(frames.data(), frames.size(), stored.data(), stored.size());
  return got == raw_bytes ? std::string() : "a block can't be decompressed";
}

std::string SegmentReader::check(Lsn& lsn) const {
  FrameHash chain = footer_.previous;
  lsn = footer_.first;
  for (std::size_t block = 0; block < blocks_.size(); ++block) {
    if (blocks_[block].first != lsn) return "a block begins with another record than its table says";
    if (std::string reason = check_block(block, chain, lsn); !reason.empty()) return reason;
  }
  return lsn == footer_.last.next() && chain == footer_.hash ? std::string() : "it ends elsewhere than its end says";
}

std::string SegmentReader::check_block(std::size_t block, FrameHash& chain, Lsn& next) const {
  std::string frames;
  std::string reason = read_block(block, frames);
  for (std::string_view rest = frames, frame; reason.empty() && !rest.empty();) {
    FrameHeader header;
    reason = next_frame(rest, frame);
    if (reason.empty()) reason = open_frame(frame, header);
    if (!reason.empty()) break;
    if (header.first != next || header.previous != chain) return "a frame doesn't follow from the one before it";
    chain = hash_of(frame);
    next = header.last.next();
  }
  return reason;
}

std::string next_frame(std::string_view& rest, std::string_view& frame) {
  if (rest.size() < segment::frame_prefix_bytes) return "a frame's size is cut off";
  const std::size_t bytes = number_at<std::uint32_t>(rest, 0);
  if (number_at<std::uint32_t>(rest, 4) != 0 || bytes > rest.size() - segment::frame_prefix_bytes)
    return "a frame is cut off";
  frame = rest.substr(segment::frame_prefix_bytes, bytes);
  rest.remove_prefix(segment::frame_prefix_bytes + bytes);
  return {};
}

}  // namespace tote::wal
