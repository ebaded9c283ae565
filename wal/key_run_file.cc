#include "wal/key_run_file.h"

namespace tote::wal {
namespace {

using namespace key_run;

}  // namespace

void KeyRunFile::add_block(std::uint32_t raw_bytes, std::string_view stored) {
  std::string header;
  put_number(raw_bytes, header);
  put_number(static_cast<std::uint32_t>(stored.size()), header);
  const std::uint64_t seed = checksum(header, block_at_.size());
  put_number(checksum(stored, seed), header);
  block_at_.push_back(written_bytes());
  file_.write(header);
  file_.write(stored);
  blocks_bytes_ = written_bytes();
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
  file_.write(sum);
  file_.write(sealed);
  page_.clear();
}

std::string KeyRunFile::finish(KeyRunFooter& footer) {
  close_page();
  footer.blocks = block_at_.size();
  footer.pages = page_first_.size();
  footer.entries = entries_;
  footer.index_sum = index_sum_;
  footer.index_at = blocks_bytes_;
  footer.tables_at = written_bytes();
  std::string tables;
  for (const std::uint64_t at : block_at_) put_number(at, tables);
  put_number(blocks_bytes_, tables);
  for (const std::uint64_t hash : page_first_) put_number(hash, tables);
  footer.tables_checksum = checksum(tables, footer.tables_at);
  file_.write(tables);
  file_.write(footer.bytes());
  return file_.finish();
}

}  // namespace tote::wal
