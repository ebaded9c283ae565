#include "adapters/cli/wallets_file.h"

#include <xxhash.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <system_error>
#include <utility>

#include "adapters/cli/errors.h"
#include "engine/kernel/limits.h"
#include "engine/kernel/name.h"

namespace tote::cli {
namespace {

constexpr std::uint64_t rows_max = 20'000'000;  // 24 bytes of memory each
constexpr std::size_t line_bytes_max = 4'096;
constexpr std::size_t is_missing = SIZE_MAX;
constexpr std::string_view names[] = {"id", "currency", "balance", "overdraft_limit"};

}  // namespace

WalletsFile::WalletsFile(std::string path, std::uint64_t rows) : path_(std::move(path)), rows_(rows) {
  std::error_code error;
  if (std::filesystem::exists(path_, error) && !std::filesystem::is_regular_file(path_, error))
    throw UsageError(path_ + ": isn't a file; it is read twice, so it can't be a pipe");
  file_.open(path_, std::ios::binary);
  if (!file_) throw UsageError(path_ + ": can't be read");
  std::ranges::fill(at_, is_missing);
  if (!next_line()) throw UsageError(path_ + ": is empty; its first line must be id,currency,balance");
  if (text_.starts_with("\xef\xbb\xbf")) text_.erase(0, 3);
  read_names();
}

void WalletsFile::refuse(const std::string& why) const {
  throw UsageError(path_ + ":" + std::to_string(line_) + ": " + why);
}

// Empty lines are passed over. No more of a line is read than may be of one.
bool WalletsFile::next_line() {
  char line[line_bytes_max + 3];  // with \r and what getline() adds
  while (file_.getline(line, sizeof line) || file_.gcount() > 0) {
    ++line_;
    const auto count = static_cast<std::size_t>(file_.gcount());
    const bool is_whole = !file_.fail();
    text_.assign(line, is_whole && !file_.eof() ? count - 1 : count);  // without \n
    if (text_.ends_with('\r')) text_.pop_back();
    if (!is_whole || text_.size() > line_bytes_max)
      refuse("is longer than " + std::to_string(line_bytes_max) + " bytes");
    if (!text_.empty()) return true;
  }
  if (file_.bad()) throw Failure(path_ + ": can't be read to its end");
  return false;
}

// No field that may be in such a file has a comma or a quote in it, but any may stand between quotes.
void WalletsFile::split() {
  fields_.clear();
  for (std::size_t from = 0; from <= text_.size();) {
    const std::size_t end = std::min(text_.find(',', from), text_.size());
    std::string_view field = std::string_view(text_).substr(from, end - from);
    if (field.size() >= 2 && field.front() == '"' && field.back() == '"') field = field.substr(1, field.size() - 2);
    if (field.find('"') != std::string_view::npos) refuse("has a quote where none may be");
    fields_.emplace_back(field);
    from = end + 1;
  }
}

void WalletsFile::read_names() {
  split();
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    const auto* const known = std::ranges::find(names, fields_[i]);
    if (known == std::end(names))
      refuse("unknown column '" + fields_[i] + "'; there are id, currency, balance, overdraft_limit");
    std::size_t& at = at_[known - std::begin(names)];
    if (at != is_missing) refuse("has the column '" + fields_[i] + "' twice");
    at = i;
  }
  for (const Column wanted : {id, currency, balance})
    if (at_[wanted] == is_missing) refuse("has no column '" + std::string(names[wanted]) + "'");
}

std::int64_t WalletsFile::number(std::string_view text, std::string_view name, std::int64_t least) const {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < least || value > limits::amount_max)
    refuse(std::string(name) + " must be a whole number of minor units (1250 for 12.50), not '" + std::string(text) +
           "'");
  return value;
}

bool WalletsFile::next(WalletRow& row) {
  if (rows_ == 0 || !next_line()) return false;
  --rows_;
  const std::size_t wanted = fields_.size();
  split();
  if (fields_.size() != wanted)
    refuse("has " + std::to_string(fields_.size()) + " fields, the first line has " + std::to_string(wanted));
  row.line = line_;
  row.id = fields_[at_[id]];
  if (!is_valid_id(row.id)) refuse("'" + row.id + "' isn't 1 to 128 characters of A-Z a-z 0-9 . _ : -");
  const auto known = currency_of(fields_[at_[currency]]);
  if (!known) refuse("'" + fields_[at_[currency]] + "' isn't a currency of ISO 4217, such as EUR");
  row.currency = *known;
  row.balance = number(fields_[at_[balance]], "balance", -limits::amount_max);
  row.overdraft_limit = 0;
  if (at_[overdraft_limit] != is_missing && !fields_[at_[overdraft_limit]].empty())
    row.overdraft_limit = number(fields_[at_[overdraft_limit]], "overdraft_limit", 0);
  if (row.balance < -row.overdraft_limit) refuse("the balance is below the overdraft_limit");
  return true;
}

WalletsSummary check_wallets(const std::string& path) {
  using Named = std::pair<std::pair<std::uint64_t, std::uint64_t>, std::uint64_t>;  // digest of the id, line
  WalletsSummary out;
  std::vector<Named> ids;
  WalletsFile file(path);
  for (WalletRow row; file.next(row);) {
    if (++out.wallets > rows_max)
      throw UsageError(path + ": has more than " + grouped(rows_max) + " wallets; split it");
    out.sums[row.currency] += row.balance;
    const XXH128_hash_t digest = XXH3_128bits(row.id.data(), row.id.size());
    ids.push_back({{digest.high64, digest.low64}, row.line});
  }
  std::ranges::sort(ids);
  const auto twice = std::ranges::adjacent_find(ids, {}, &Named::first);
  if (twice != ids.end())
    throw UsageError(path + ": lines " + std::to_string(twice->second) + " and " + std::to_string((twice + 1)->second) +
                     " are of the same wallet");
  return out;
}

}  // namespace tote::cli
