#include "wal/key_run_reader.h"

#include <lz4.h>

#include <algorithm>
#include <cstring>

namespace tote::wal {
namespace {

using namespace key_run;

// Takes one entry from the front of a block's bytes.
std::string next_entry(std::string_view& rest, Lsn& lsn, std::string_view& record) {
  if (rest.size() < sizeof(std::uint64_t)) return "an entry is cut off";
  lsn = {number_at<std::uint64_t>(rest, 0)};
  rest.remove_prefix(sizeof(std::uint64_t));
  return next_record(rest, record);
}

}  // namespace

std::uint64_t tenant_seed(std::string_view tenant) {
  constexpr std::uint64_t seed = 0x746f7465;
  return XXH3_64bits_withSeed(tenant.data(), tenant.size(), seed);
}

std::uint64_t key_hash(std::uint64_t tenant_seed, std::string_view key) {
  return XXH3_64bits_withSeed(key.data(), key.size(), tenant_seed);
}

std::uint64_t key_hash(std::string_view tenant, std::string_view key) { return key_hash(tenant_seed(tenant), key); }

std::unique_ptr<KeyRunReader> KeyRunReader::open(RunFiles& files, std::string path, const KeyRunFooter& wanted,
                                                 std::string& reason) {
  std::unique_ptr<KeyRunReader> reader(new KeyRunReader(files, std::move(path), wanted));
  std::uint64_t bytes = 0;
  reason = files.size(reader->path_, bytes);
  if (reason.empty() && bytes != wanted.file_bytes())
    reason = "it has " + std::to_string(bytes) + " bytes instead of " + std::to_string(wanted.file_bytes());
  if (reason.empty()) reason = reader->read_tables(reader->tables_);
  if (reason.empty()) return reader;
  reason = reader->in_file(reason);
  return nullptr;
}

std::string KeyRunReader::read_tables(Tables& tables) const {
  std::string bytes;
  if (std::string reason = read(footer_.file_bytes() - footer_bytes, footer_bytes, bytes); !reason.empty())
    return reason;
  if (bytes != footer_.bytes()) return "its end isn't the one that was written";
  const std::uint64_t numbers = footer_.blocks + 1 + footer_.pages;
  if (std::string reason = read(footer_.tables_at, numbers * sizeof(std::uint64_t), bytes); !reason.empty())
    return reason;
  if (checksum(bytes, footer_.tables_at) != footer_.tables_checksum) return "the checksum of its tables is wrong";
  for (std::uint64_t i = 0; i < numbers; ++i)
    (i <= footer_.blocks ? tables.block_at : tables.page_first).push_back(number_at<std::uint64_t>(bytes, i * 8));
  const auto is_sorted = [](const auto& all) { return std::is_sorted(all.begin(), all.end()); };
  const bool fits = tables.block_at.front() == 0 && tables.block_at.back() == footer_.index_at &&
                    is_sorted(tables.block_at) && is_sorted(tables.page_first);
  return fits ? std::string() : "its tables don't fit together";
}

std::string KeyRunReader::read_page(std::uint64_t number, std::string& page) const {
  if (std::string reason = read(footer_.index_at + number * page_bytes, page_bytes, page); !reason.empty())
    return reason;
  const std::string_view sealed = std::string_view(page).substr(sizeof(std::uint64_t));
  const std::size_t count = number_at<std::uint16_t>(page, sizeof(std::uint64_t));
  if (number_at<std::uint64_t>(page, 0) == checksum(sealed, number) && count <= page_entries_max) return {};
  return "the checksum of page " + std::to_string(number) + " of its index is wrong";
}

std::string KeyRunReader::read_stored(std::uint64_t number, std::string& block) const {
  const auto name = [&] { return "block " + std::to_string(number); };
  if (number >= footer_.blocks) return name() + " isn't there";
  const std::uint64_t stored = tables_.block_at[number + 1] - tables_.block_at[number];
  if (stored < block_header_bytes || stored > block_raw_bytes_max) return name() + " has a size that can't be";
  if (std::string reason = read(tables_.block_at[number], stored, block); !reason.empty()) return reason;
  const std::string_view payload = std::string_view(block).substr(block_header_bytes);
  const std::uint64_t seed = checksum(std::string_view(block).substr(0, 8), number);
  if (number_at<std::uint64_t>(block, 8) != checksum(payload, seed)) return "the checksum of " + name() + " is wrong";
  const bool fits =
      number_at<std::uint32_t>(block, 4) == payload.size() && number_at<std::uint32_t>(block, 0) <= block_raw_bytes_max;
  return fits ? std::string() : name() + " has a size that can't be";
}

std::string KeyRunReader::read_block(std::uint64_t number, std::string& entries) const {
  std::string block;
  if (std::string reason = read_stored(number, block); !reason.empty()) return reason;
  const std::string_view payload = std::string_view(block).substr(block_header_bytes);
  const std::size_t raw_bytes = number_at<std::uint32_t>(block, 0);
  if (raw_bytes == payload.size()) {
    entries = payload;
    return {};
  }
  entries.resize(raw_bytes);
  const int unpacked = LZ4_decompress_safe(payload.data(), entries.data(), static_cast<int>(payload.size()),
                                           static_cast<int>(raw_bytes));
  return unpacked == static_cast<int>(raw_bytes) ? std::string()
                                                 : "block " + std::to_string(number) + " can't be unpacked";
}

KeyFound KeyRunReader::find(std::string_view tenant, std::string_view key, std::uint64_t hash) const {
  KeyFound found;
  std::string page, reason;
  // The last page that begins below the hash, and those after it that may hold it.
  const auto above = std::lower_bound(tables_.page_first.begin(), tables_.page_first.end(), hash);
  auto number = static_cast<std::uint64_t>(above - tables_.page_first.begin());
  if (number > 0) --number;
  for (; number < footer_.pages && tables_.page_first[number] <= hash && reason.empty(); ++number) {
    reason = read_page(number, page);
    const std::size_t count = reason.empty() ? number_at<std::uint16_t>(page, sizeof(std::uint64_t)) : 0;
    for (std::size_t i = 0; i < count && reason.empty(); ++i)
      if (const IndexEntry entry = index_entry_at(page, i); entry.hash == hash)
        reason = take_newer(entry, tenant, key, found);
  }
  if (reason.empty()) return found;
  KeyFound damaged;
  damaged.answer = KeyFound::Answer::damaged;
  damaged.damage = in_file(reason);
  damaged.lsn = footer_.first;
  return damaged;
}

// Another key may have the same hash; the same key may be here twice, when it was executed again after its retention.
std::string KeyRunReader::take_newer(const IndexEntry& entry, std::string_view tenant, std::string_view key,
                                     KeyFound& found) const {
  std::string entries, reason = read_block(entry.block, entries);
  std::string_view rest = entries, bytes;
  Lsn lsn;
  for (std::size_t place = 0; place <= entry.place && reason.empty(); ++place) reason = next_entry(rest, lsn, bytes);
  if (!reason.empty()) return reason;
  auto own = std::make_unique<char[]>(bytes.size());
  std::memcpy(own.get(), bytes.data(), bytes.size());
  DecodedRecords decoded;
  reason = decoded.add({own.get(), bytes.size()}, 1, Time{});
  if (!reason.empty()) return reason;
  const Record& record = decoded.records().front();
  if (key_hash(record.tenant, record.key) != entry.hash) return "its index leads to another key";
  if (record.key != key || record.tenant != tenant || lsn <= found.lsn) return {};
  found.answer = KeyFound::Answer::yes;
  found.lsn = lsn;
  found.record = record;
  found.record.changes = {};
  found.bytes = std::move(own);
  return {};
}

std::string KeyRunReader::each_hash(const std::function<void(std::uint64_t)>& visit) const {
  std::string page;
  std::uint64_t seen = 0, sum = 0, before = 0;
  for (std::uint64_t number = 0; number < footer_.pages; ++number) {
    if (const std::string reason = read_page(number, page); !reason.empty()) return in_file(reason);
    const std::size_t count = number_at<std::uint16_t>(page, sizeof(std::uint64_t));
    for (std::size_t i = 0; i < count; ++i) {
      const IndexEntry entry = index_entry_at(page, i);
      if (entry.hash < before || (i == 0 && entry.hash != tables_.page_first[number]))
        return in_file("its index isn't sorted");
      before = entry.hash;
      sum += share_of_sum(entry);
      ++seen;
      visit(entry.hash);
    }
  }
  if (seen == footer_.entries && sum == footer_.index_sum) return {};
  return in_file("its index isn't the one that was written");
}

std::string KeyRunReader::check(Lsn& lsn) const {
  lsn = {};
  Tables tables;  // again from the disk
  if (std::string reason = read_tables(tables); !reason.empty()) return in_file(reason);
  if (std::string reason = each_hash([](std::uint64_t) {}); !reason.empty()) return reason;
  std::uint64_t sum = 0, count = 0;
  Lsn last;
  for (std::uint64_t number = 0; number < footer_.blocks; ++number) {
    const std::string reason = check_block(number, sum, count, last);
    if (reason.empty()) continue;
    lsn = number == 0 ? footer_.first : last.next();
    return in_file(reason);
  }
  if (sum != footer_.index_sum || count != footer_.entries || last != footer_.last)
    return in_file("its entries aren't those of its index");
  return {};
}

std::string KeyRunReader::check_block(std::uint64_t number, std::uint64_t& sum, std::uint64_t& count, Lsn& last) const {
  std::string entries;
  if (std::string reason = read_block(number, entries); !reason.empty()) return reason;
  std::string_view rest = entries, bytes;
  IndexEntry entry{0, static_cast<std::uint32_t>(number), 0};
  for (; !rest.empty(); ++entry.place, ++count) {
    Lsn lsn;
    if (std::string reason = next_entry(rest, lsn, bytes); !reason.empty()) return reason;
    DecodedRecords decoded;
    if (std::string reason = decoded.add(bytes, 1, Time{}); !reason.empty()) return reason;
    if (lsn <= last) return "its entries aren't in order";
    last = lsn;
    const Record& record = decoded.records().front();
    entry.hash = key_hash(record.tenant, record.key);
    sum += share_of_sum(entry);
  }
  return {};
}

}  // namespace tote::wal
