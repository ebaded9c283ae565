// The engine beside the protocol, in small: accounts whose commands are executed once, whatever is asked how often, in
// the order of the log. The checker has one, each process has one.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <vector>

#include "engine/kernel/ordinal.h"

namespace tote::replication::test {

inline constexpr std::size_t accounts = 4;

// A record of the log is the number of one of these; 0: an owner's claim.
struct Command {
  std::size_t from = accounts;  // `accounts`: from outside
  std::size_t to = 0;
  std::int64_t amount = 0;
};

struct Answer {
  Lsn lsn{};                 // of the record
  std::int64_t balance = 0;  // of `to`, after it; -1: refused, `from` has too little
};

class Bank {
 public:
  using Balances = std::array<std::int64_t, accounts>;

  explicit Bank(const std::vector<Command>& commands) : commands_(&commands) {}

  // The next record. False: it was executed before.
  bool apply(std::uint32_t record) {
    lsn_ = lsn_.next();
    if (record == 0) return true;
    const auto [answer, is_new] = answers_.try_emplace(record);
    if (!is_new) return false;
    const Command& command = (*commands_)[record];
    const bool has_enough = command.from == accounts || balances_[command.from] >= command.amount;
    if (has_enough) {
      if (command.from != accounts) balances_[command.from] -= command.amount;
      balances_[command.to] += command.amount;
    }
    answer->second = {lsn_, has_enough ? balances_[command.to] : -1};
    return true;
  }

  Lsn lsn() const { return lsn_; }
  const Balances& balances() const { return balances_; }
  const Answer* find(std::uint32_t record) const {
    const auto found = answers_.find(record);
    return found == answers_.end() ? nullptr : &found->second;
  }

 private:
  const std::vector<Command>* commands_;
  Lsn lsn_{};
  Balances balances_{};
  std::map<std::uint32_t, Answer> answers_;
};

}  // namespace tote::replication::test
