// Makes histories that are right, for the checker's tests to break.
#pragma once

#include <map>
#include <string>

#include "tests/support/history.h"
#include "tests/support/wallet_model.h"

namespace tests {

class HonestServer {
 public:
  History history;

  // Executes and answers; its own tick of time. The event is the last of the history.
  Event& execute(const Operation& operation);
  // Sends what has been sent before, under its key.
  Event& repeat(const Event& event);
  // Executes, but nobody is told.
  Event& execute_unheard(const Operation& operation);
  void expire(const std::string& wallet, const std::string& hold);

  void pass_ms(std::int64_t ms) { now_ns_ += ms * 1'000'000; }

 private:
  Event& begin(const Operation& operation);

  std::map<std::string, WalletModel> wallets_;
  std::map<std::string, std::uint64_t> changed_;  // LSN of a wallet's last change
  std::uint64_t lsn_ = 0;
  std::int64_t now_ns_ = 1'700'000'000'000'000'000;
};

// Short ways to say an operation on the wallet "w".
Operation open_wallet(std::string key = {});
Operation credit(std::int64_t amount, std::string key = {});
Operation debit(std::int64_t amount, std::string key = {});
Operation hold(std::string id, std::int64_t amount, std::int64_t expires_in_s = 900, std::string key = {});
Operation capture(std::string id, std::int64_t amount = 0, std::string key = {});
Operation read();

// A server with the wallet "w" and 1000 on it.
HonestServer opened();

// What the checker says of its history.
bool finds(const HonestServer& server, Violation::Kind kind);
bool passes(const HonestServer& server);

// Replaces the first `from` of a body.
void replace(Event& event, const std::string& from, const std::string& to);

}  // namespace tests
