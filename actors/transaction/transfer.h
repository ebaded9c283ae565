// Money from one wallet to another, whole or not at all.
#pragma once

#include <string>

#include "engine/kernel/money.h"
#include "engine/kernel/script.h"

namespace tote {

// same_wallet, not_found, currency_mismatch, insufficient_funds, balance_limit.
class Transfer final : public Script {
 public:
  Transfer(std::string from, std::string to, Money amount)
      : from_(std::move(from)), to_(std::move(to)), amount_(amount) {}

  void entities(std::vector<EntityRef>& out) const override;
  Verdict run(Transaction& on) const override;
  void answer(Transaction& on, std::string& out) const override;
  void digest(std::string& out) const override;

 private:
  const std::string from_, to_;
  const Money amount_;
};

// For a Request{kind = transaction::kind_id}.
Command transfer_command(std::string from, std::string to, Money amount);

}  // namespace tote
