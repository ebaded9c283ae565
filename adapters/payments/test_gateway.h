// A payment provider for trying things out (API.md, Test gateway): behaves like a real one, with the failures of a real
// one, over a durable file of its own, outside of the engine's log. No money moves.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "actors/payment/gateway.h"

namespace tote::payments {

// Any thread.
class TestGateway final : public payment::Gateway {
 public:
  struct Entry {
    std::string id, key, charge;  // charge: what a refund pays back
    std::int64_t amount = 0;
    std::string currency;
  };

  // Opens or creates `directory`/test-gateway.log. Throws std::runtime_error when it can't, or when it is damaged.
  explicit TestGateway(const std::string& directory);
  ~TestGateway() override;
  TestGateway(const TestGateway&) = delete;
  TestGateway& operator=(const TestGateway&) = delete;

  // tok_ok, tok_declined, tok_slow (answers after 2 s), tok_unreachable (no answer to the first two attempts of a key),
  // tok_lost_answer (charges, but the first answer is lost). Other tokens are declined.
  payment::Result charge(const payment::Charge& charge) override;
  payment::Result refund(const payment::Refund& refund) override;

  // What refunds are paid from; charges add to it.
  void set_balance(std::int64_t amount);
  std::int64_t balance() const;
  // What it really did, oldest first; the newest entries_max.
  static constexpr std::size_t entries_max = 10'000;
  std::vector<Entry> charges() const;
  std::vector<Entry> refunds() const;

  // Calls that are waiting come back at once.
  void stop();

 private:
  struct Line;

  void recover();
  void apply(const Line& line);
  void write(const Line& line);
  bool sleep(std::int64_t ms);
  payment::Result decide(const payment::Charge& charge);
  payment::Result decide(const payment::Refund& refund);

  mutable std::mutex mutex_;
  std::condition_variable stopping_;
  bool stopped_ = false;
  int file_ = -1;
  std::string path_;
  std::int64_t balance_ = 0;
  std::uint64_t count_ = 0;                         // of charges and refunds: makes their ids
  std::map<std::string, payment::Result> answers_;  // by idempotency key
  std::map<std::string, int> unanswered_;           // attempts of a key that got no answer, since the start
  std::vector<Entry> charges_, refunds_;
  std::map<std::string, std::size_t> charge_by_id_;
  std::set<std::string> refunded_;  // ids of charges
};

}  // namespace tote::payments
