// "wallet/alice" on the command line.
#pragma once

#include <string>

#include "adapters/cli/kinds.h"

namespace tote::cli {

struct Address {
  KindId kind;
  std::string id;
};

// `what` names the flag or argument. Throws UsageError.
Address address_in(const Kinds& kinds, const std::string& what, const std::string& text);

}  // namespace tote::cli
