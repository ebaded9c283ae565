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

  // A tenant's own account: what refunds are paid from; charges add to it.
  void set_balance(std::int64_t amount, const std::string& tenant = "default");
  std::int64_t balance(const std::string& tenant = "default") const;
  // What it really did for the tenant, oldest first; the newest entries_max.
  static constexpr std::size_t entries_max = 10'000;
  std::vector<Entry> charges(const std::string& tenant = "default") const;
  std::vector<Entry> refunds(const std::string& tenant = "default") const;

  // Calls that are waiting come back at once.
  void stop();

 private:
  struct Line;
  struct Account {
    std::int64_t balance = 0;
    std::vector<Entry> charges, refunds;
  };
  struct Answer {
    payment::Result result;
    bool is_old = false;  // of a file of version 1, whose lines name no tenant: "default" has what they tell, and any
                          // tenant may go on with what was its own
  };
  struct Charged {
    std::string tenant;
    std::int64_t amount = 0;
    bool is_old = false;
  };

  void recover();
  bool take(const std::string& text);
  void begin_version();
  const payment::Result* find_answer(const std::string& tenant, const std::string& key) const;
  void apply(const Line& line);
  void write(const Line& line);
  void append(const std::string& text);
  bool sleep(std::int64_t ms);
  payment::Result decide(const payment::Charge& charge);
  payment::Result decide(const payment::Refund& refund);

  mutable std::mutex mutex_;
  std::condition_variable stopping_;
  bool stopped_ = false;
  int file_ = -1;
  std::string path_;
  int version_ = 1;                               // of the lines that come next in the file
  std::uint64_t count_ = 0;                       // of charges and refunds: makes their ids
  std::map<std::string, Answer> answers_;         // by idempotency key
  std::map<std::string, int> unanswered_;         // attempts of a key that got no answer, since the start
  std::map<std::string, Account> accounts_;       // by tenant
  std::map<std::string, Charged> charged_;        // by the charge's id
  std::map<std::string, std::int64_t> refunded_;  // how much of a charge, by its id
};

}  // namespace tote::payments
