// Records as the engine would write them, made straight from the wallet: for logs that no server has to run for.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "actors/wallet/wallet.h"
#include "engine/kernel/kind_of.h"
#include "wal/record.h"

namespace tote::cli::test {

class Writer {
 public:
  // The record of a command that succeeds. Valid until the next one.
  wal::Record change(const std::string& id, Wallet::Command command, const std::string& key = "");
  // The record of a command that is refused.
  wal::Record refusal(const std::string& id, Wallet::Command command, const std::string& key);

  std::vector<wal::Change> changes;  // of the last record: tests bend it

 private:
  wal::Record handle(const std::string& id, Wallet::Command command, const std::string& key);

  std::map<std::string, EntityOf<Wallet>> wallets_;
  Time now_{1'700'000'000 * ns_per_s};
  std::string id_, key_, events_, answer_;
};

// A log on disk: alice is opened, given 1000 EUR (topup-1), pays 300 (order-17), can't pay 5000 (order-18); bob is
// opened. Five records.
void write_log(const std::string& directory);

}  // namespace tote::cli::test
