#include "wal/key_run_writer.h"

#include <lz4.h>

#include <algorithm>
#include <limits>

#include "engine/kernel/invariant.h"

namespace tote::wal {
namespace {

using namespace key_run;

constexpr std::size_t out_bytes_max = 1 << 20;
constexpr std::uint64_t flushed_bytes = 8 << 20;  // so often the kernel is told to begin writing: no burst at the end

// By hash: into as many buckets as there are entries to the eighth, in one pass, then each for itself.
void sort_by_hash(std::vector<IndexEntry>& entries) {
  const int bits = std::max(1, static_cast<int>(std::bit_width(entries.size())) - 3);
  const auto bucket_of = [bits](const IndexEntry& entry) { return entry.hash >> (64 - bits); };
  std::vector<std::uint32_t> ends((std::size_t{1} << bits) + 1);
  for (const IndexEntry& entry : entries) ++ends[bucket_of(entry) + 1];
  for (std::size_t i = 1; i < ends.size(); ++i) ends[i] += ends[i - 1];
  std::vector<IndexEntry> sorted(entries.size());
  for (const IndexEntry& entry : entries) sorted[ends[bucket_of(entry)]++] = entry;
  std::size_t begin = 0;
  for (std::size_t bucket = 0; bucket + 1 < ends.size(); begin = ends[bucket++])
    std::sort(sorted.begin() + static_cast<std::ptrdiff_t>(begin),
              sorted.begin() + static_cast<std::ptrdiff_t>(ends[bucket]),
              [](const IndexEntry& a, const IndexEntry& b) { return a.hash < b.hash; });
  entries.swap(sorted);
}

}  // namespace

KeyRunWriter::KeyRunWriter(rocksdb::FileSystem& disk, const std::string& path) {
  status_ = disk.NewWritableFile(path, rocksdb::FileOptions(), &file_, nullptr);
}

void KeyRunWriter::add(Lsn lsn, std::uint64_t hash, const Record& record) {
  TOTE_INVARIANT(lsn > footer_.last && index_.size() < std::numeric_limits<std::uint32_t>::max());
  if (footer_.first == Lsn{}) footer_.first = lsn, footer_.oldest = record.time;
  footer_.last = lsn;
  footer_.newest = std::max(footer_.newest, record.time);
  put_number(lsn.value, block_);
  encoder_.append(record, block_);
  index_.push_back({hash, static_cast<std::uint32_t>(block_at_.size()), places_});
  footer_.index_sum += share_of_sum(index_.back());
  ++places_;
  if (block_.size() >= block_raw_bytes) close_block();
}

void KeyRunWriter::close_block() {
  if (block_.empty()) return;
  packed_.resize(block_.size());
  const int packed = LZ4_compress_default(block_.data(), packed_.data(), static_cast<int>(block_.size()),
                                          static_cast<int>(block_.size() - 1));
  const std::string_view stored =
      packed > 0 ? std::string_view(packed_).substr(0, static_cast<std::size_t>(packed)) : std::string_view(block_);
  std::string header;
  put_number(static_cast<std::uint32_t>(block_.size()), header);
  put_number(static_cast<std::uint32_t>(stored.size()), header);
  const std::uint64_t seed = checksum(header, block_at_.size());
  put_number(checksum(stored, seed), header);
  block_at_.push_back(written_bytes_);
  write(header);
  write(stored);
  block_.clear();
  places_ = 0;
}

void KeyRunWriter::write_index() {
  sort_by_hash(index_);
  for (std::size_t at = 0; at < index_.size();) {
    const std::size_t count = std::min(page_entries_max, index_.size() - at);
    page_first_.push_back(index_[at].hash);
    std::string page;
    put_number(static_cast<std::uint16_t>(count), page);
    page.append(6, '\0');
    for (const std::size_t end = at + count; at < end; ++at) {
      put_number(index_[at].hash, page);
      put_number(index_[at].block, page);
      put_number(index_[at].place, page);
    }
    page.resize(page_bytes - sizeof(std::uint64_t), '\0');
    std::string sum;
    put_number(checksum(page, page_first_.size() - 1), sum);
    write(sum);
    write(page);
  }
}

std::string KeyRunWriter::finish(KeyRunFooter& footer) {
  close_block();
  footer_.blocks = block_at_.size();
  footer_.index_at = written_bytes_;
  block_at_.push_back(written_bytes_);
  write_index();
  footer_.entries = index_.size();
  footer_.pages = page_first_.size();
  footer_.tables_at = written_bytes_;
  std::string tables;
  for (const std::uint64_t at : block_at_) put_number(at, tables);
  for (const std::uint64_t hash : page_first_) put_number(hash, tables);
  footer_.tables_checksum = checksum(tables, footer_.tables_at);
  write(tables);
  write(footer_.bytes());
  write_through();
  const rocksdb::IOOptions options;
  if (status_.ok()) status_ = file_->Sync(options, nullptr);
  if (status_.ok()) status_ = file_->Close(options, nullptr);
  file_.reset();
  footer = footer_;
  return status_.ok() ? std::string() : status_.ToString();
}

void KeyRunWriter::write(std::string_view bytes) {
  out_.append(bytes);
  written_bytes_ += bytes.size();
  if (out_.size() >= out_bytes_max) write_through();
}

void KeyRunWriter::write_through() {
  const rocksdb::IOOptions options;
  if (status_.ok()) status_ = file_->Append({out_.data(), out_.size()}, options, nullptr);
  out_.clear();
  if (status_.ok() && written_bytes_ - handed_over_bytes_ >= flushed_bytes) {
    status_ = file_->RangeSync(handed_over_bytes_, written_bytes_ - handed_over_bytes_, options, nullptr);
    handed_over_bytes_ = written_bytes_;
  }
}

}  // namespace tote::wal
