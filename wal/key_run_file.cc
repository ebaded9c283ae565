#include "wal/key_run_file.h"

namespace tote::wal {
namespace {

using namespace key_run;

constexpr std::size_t out_bytes_max = 1 << 20;
constexpr std::uint64_t flushed_bytes = 8 << 20;  // so often the kernel is told to begin writing: no burst at the end

}  // namespace

KeyRunFile::KeyRunFile(rocksdb::FileSystem& disk, const std::string& path) {
  status_ = disk.NewWritableFile(path, rocksdb::FileOptions(), &file_, nullptr);
}

void KeyRunFile::add_block(std::uint32_t raw_bytes, std::string_view stored) {
  std::string header;
  put_number(raw_bytes, header);
  put_number(static_cast<std::uint32_t>(stored.size()), header);
  const std::uint64_t seed = checksum(header, block_at_.size());
  put_number(checksum(stored, seed), header);
  block_at_.push_back(written_bytes_);
  write(header);
  write(stored);
  blocks_bytes_ = written_bytes_;
}

void KeyRunFile::add_index(const IndexEntry& entry) {
  constexpr std::size_t entry_bytes_max = page_entries_max * index_entry_bytes;
  if (page_.empty()) page_first_.push_back(entry.hash);
  put_number(entry.hash, page_);
  put_number(entry.block, page_);
  put_number(entry.place, page_);
  index_sum_ += share_of_sum(entry);
  ++entries_;
  if (page_.size() == entry_bytes_max) close_page();
}

void KeyRunFile::close_page() {
  if (page_.empty()) return;
  std::string sealed;
  put_number(static_cast<std::uint16_t>(page_.size() / index_entry_bytes), sealed);
  sealed.append(6, '\0');
  sealed.append(page_);
  sealed.resize(page_bytes - sizeof(std::uint64_t), '\0');
  std::string sum;
  put_number(checksum(sealed, page_first_.size() - 1), sum);
  write(sum);
  write(sealed);
  page_.clear();
}

std::string KeyRunFile::finish(KeyRunFooter& footer) {
  close_page();
  footer.blocks = block_at_.size();
  footer.pages = page_first_.size();
  footer.entries = entries_;
  footer.index_sum = index_sum_;
  footer.index_at = blocks_bytes_;
  footer.tables_at = written_bytes_;
  std::string tables;
  for (const std::uint64_t at : block_at_) put_number(at, tables);
  put_number(blocks_bytes_, tables);
  for (const std::uint64_t hash : page_first_) put_number(hash, tables);
  footer.tables_checksum = checksum(tables, footer.tables_at);
  write(tables);
  write(footer.bytes());
  write_through();
  const rocksdb::IOOptions options;
  if (status_.ok()) status_ = file_->Sync(options, nullptr);
  if (status_.ok()) status_ = file_->Close(options, nullptr);
  file_.reset();
  return status_.ok() ? std::string() : status_.ToString();
}

void KeyRunFile::write(std::string_view bytes) {
  out_.append(bytes);
  written_bytes_ += bytes.size();
  if (out_.size() >= out_bytes_max) write_through();
}

void KeyRunFile::write_through() {
  const rocksdb::IOOptions options;
  if (status_.ok()) status_ = file_->Append({out_.data(), out_.size()}, options, nullptr);
  out_.clear();
  if (status_.ok() && written_bytes_ - handed_over_bytes_ >= flushed_bytes) {
    status_ = file_->RangeSync(handed_over_bytes_, written_bytes_ - handed_over_bytes_, options, nullptr);
    handed_over_bytes_ = written_bytes_;
  }
}

}  // namespace tote::wal
