// What a record must move, told by everything in it but the wallets and items themselves: these must have moved just
// so, each of them, and nobody else.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>

#include "tests/simulation/node.h"

namespace tote::simulation {

// Who gets what is paid, and who its fee; nobody: it leaves the books.
struct Payee {
  std::string wallet{}, fee_wallet{};
  std::int64_t fee = 0;
};

// Of an event that names one.
inline Payee payee_of(const Node& event) {
  Payee payee;
  for (const Node& part : event.children) {
    if (part.name == "payee") payee.wallet = part.text("wallet");
    if (part.name == "fee") payee.fee_wallet = part.text("wallet"), payee.fee = part.integer("amount");
  }
  return payee;
}

class Dues {
 public:
  using Amounts = std::map<std::string, std::int64_t>;  // by the wallet's or item's id

  void begin_record() { due_.clear(), before_.clear(); }
  void add(const std::string& id, std::int64_t amount) { due_[id] += amount; }
  void add(const Amounts& amounts) {
    for (const auto& [id, amount] : amounts) add(id, amount);
  }
  // So much of what was paid was kept, and so much is from now on. The fee is what goes back last.
  void keep(const Payee& payee, std::int64_t before, std::int64_t now) {
    if (payee.wallet.empty()) return;
    add(payee.wallet, std::max<std::int64_t>(now - payee.fee, 0) - std::max<std::int64_t>(before - payee.fee, 0));
    if (payee.fee != 0) add(payee.fee_wallet, std::min(now, payee.fee) - std::min(before, payee.fee));
  }
  // A wallet or an item is about to change.
  void changes(const std::string& id, std::int64_t has) { before_.emplace(id, has); }

  const Amounts& due() const { return due_; }
  const Amounts& before() const { return before_; }

 private:
  Amounts due_, before_;
};

}  // namespace tote::simulation
