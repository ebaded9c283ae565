#include "adapters/cli/address.h"

#include "adapters/cli/errors.h"

namespace tote::cli {

Address address_in(const Kinds& kinds, const std::string& what, const std::string& text) {
  const auto slash = text.find('/');
  if (slash == std::string::npos || slash + 1 == text.size()) throw UsageError(what + ": must be KIND/ID, not " + text);
  for (const auto& kind : kinds)
    if (kind->name() == std::string_view(text).substr(0, slash)) return {kind->id(), text.substr(slash + 1)};
  throw UsageError(what + ": there is no kind " + text.substr(0, slash));
}

}  // namespace tote::cli
