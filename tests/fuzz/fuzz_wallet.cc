// Any bytes as events, or the answer, of a wallet.
#include "actors/wallet/wallet.h"
#include "tests/fuzz/entity_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return tote::fuzz::check_entity<tote::Wallet>(data, size);
}
