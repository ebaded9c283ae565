// The file of `tote import --wallets`: CSV with a line of names, as psql's `\copy (SELECT …) TO 'wallets.csv' CSV
// HEADER` writes it:
//
//   id,currency,balance[,overdraft_limit]
//
// Balances and limits are in minor units; a balance may be negative as far as its overdraft goes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "actors/wallet/currency.h"
#include "engine/kernel/sum.h"

namespace tote::cli {

inline constexpr const char* wallets_flag = "--wallets";  // FILE, of `tote import`

struct WalletRow {
  std::uint64_t line = 0;
  std::string id;
  Currency currency;
  std::int64_t balance = 0;
  std::int64_t overdraft_limit = 0;
};

using SumByCurrency = std::map<Currency, Sum>;

// Row after row, so that a file of any size takes no memory. Throws UsageError, which names file and line, for what
// isn't such a file.
class WalletsFile {
 public:
  // No more than so many rows are read: a file that has grown since it was checked is as it was then.
  explicit WalletsFile(std::string path, std::uint64_t rows = UINT64_MAX);

  bool next(WalletRow& row);  // false: that was all

 private:
  enum Column { id, currency, balance, overdraft_limit, columns };

  [[noreturn]] void refuse(const std::string& why) const;
  bool next_line();
  void split();
  void read_names();
  std::int64_t number(std::string_view text, std::string_view name, std::int64_t least) const;

  const std::string path_;
  std::uint64_t rows_;  // that are left to read
  std::ifstream file_;
  std::uint64_t line_ = 0;
  std::string text_;
  std::vector<std::string> fields_;
  std::size_t at_[columns];
};

// What is in the file. Throws UsageError when a row is wrong or an id comes twice: before anything of it is sent.
struct WalletsSummary {
  std::uint64_t wallets = 0;
  SumByCurrency sums;
};
WalletsSummary check_wallets(const std::string& path);

}  // namespace tote::cli
