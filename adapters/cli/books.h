// Double entry over all wallets: what went in, less what went out, is what is there, per currency. And what each entity
// sums up of its own: holds, reservations, seats.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "actors/wallet/wallet.h"
#include "adapters/cli/kinds.h"
#include "engine/world.h"

namespace tote::cli {

// A sum over any number of wallets doesn't fit 64 bit.
__extension__ using Sum = __int128;
std::string text_of(Sum sum);

struct CurrencyBook {
  Sum credited = 0, debited = 0, captured = 0;  // by the events of all records
  Sum balance = 0, held = 0;                    // by the wallets as they are at the end
  std::uint64_t wallets = 0;
};

class Books {
 public:
  // One change that `world` has just applied; changes of other kinds are passed over.
  void add(const World& world, std::string_view tenant, const wal::Change& change);

  // Sums up. What doesn't add up, empty when everything does.
  std::string close(const World& world);

  const std::map<Currency, CurrencyBook>& by_currency() const { return books_; }

 private:
  std::map<Currency, CurrencyBook> books_;
};

}  // namespace tote::cli
