// What a wallet is, written a second time and as plainly as possible: the truth that the server's answers are compared
// with. It shares nothing with actors/wallet.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "tests/support/answer.h"
#include "tests/support/operation.h"

namespace tests {

class WalletModel {
 public:
  // What must be answered now.
  struct Expected {
    unsigned status = 200;
    std::string code{};                           // of a refusal
    std::map<std::string, std::int64_t> facts{};  // of a refusal
    bool changes = false;
  };

  Expected expect(const Operation& operation) const;
  // Of an operation that changes. `expires_at_ms` is the server's word for a new hold.
  void apply(const Operation& operation, std::int64_t expires_at_ms);
  void expire(const std::string& hold);

  // Open holds that run out next, several when the shown milliseconds don't tell which is first.
  std::vector<std::string> next_to_expire() const;
  std::int64_t next_expiry_ms() const;  // never_ns when there is none

  // What the answer of a success must show, all but the LSN.
  Answer answer(const Operation& operation) const;

  std::uint64_t version() const { return version_; }
  std::int64_t balance() const { return balance_; }

 private:
  struct Hold {
    std::int64_t amount = 0, captured = 0, expires_at_ms = 0;
    std::string status = "open";
  };

  std::int64_t held() const;
  std::int64_t available() const { return balance_ + overdraft_limit_ - held(); }
  Expected refuse(unsigned status, std::string code, std::map<std::string, std::int64_t> facts = {}) const;
  Expected expect_spending(std::int64_t amount, unsigned success) const;
  void close(const std::string& id, std::string status);

  std::uint64_t version_ = 0;  // 0: it doesn't exist
  std::string currency_;
  std::int64_t balance_ = 0, overdraft_limit_ = 0;
  std::map<std::string, Hold> open_;
  std::map<std::string, Hold> closed_;
  std::deque<std::string> closed_in_order_;
};

// Empty, or how what was told differs from what was expected, the LSN apart.
std::string difference(const Answer& told, const Answer& expected);

}  // namespace tests
