#include "wal/key_run_writer.h"

#include <lz4.h>

#include <algorithm>
#include <limits>

#include "engine/kernel/invariant.h"

namespace tote::wal {
namespace {

using namespace key_run;

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

void KeyRunWriter::add(Lsn lsn, std::uint64_t hash, const Record& record) {
  TOTE_INVARIANT(lsn > footer_.last && index_.size() < std::numeric_limits<std::uint32_t>::max());
  if (footer_.first == Lsn{}) footer_.first = lsn, footer_.oldest = record.time;
  footer_.last = lsn;
  footer_.newest = std::max(footer_.newest, record.time);
  put_number(lsn.value, block_);
  encoder_.append(record, block_);
  index_.push_back({hash, static_cast<std::uint32_t>(file_.blocks()), places_});
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
  file_.add_block(static_cast<std::uint32_t>(block_.size()), stored);
  block_.clear();
  places_ = 0;
}

std::string KeyRunWriter::finish(KeyRunFooter& footer) {
  close_block();
  sort_by_hash(index_);
  for (const IndexEntry& entry : index_) file_.add_index(entry);
  footer = footer_;
  return file_.finish(footer);
}

}  // namespace tote::wal
