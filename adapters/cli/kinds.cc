#include "adapters/cli/kinds.h"

#include "actors/wallet/wallet.h"

namespace tote::cli {

Kinds kinds() { return {kind_of<Wallet>()}; }

const Kind* find_kind(const Kinds& kinds, KindId id) {
  for (const auto& kind : kinds)
    if (kind->id() == id) return kind.get();
  return nullptr;
}

}  // namespace tote::cli
