// What the settings say of TLS, read.
#pragma once

#include <memory>

#include "adapters/cli/settings.h"
#include "adapters/server/tls.h"

namespace tote::cli {

// Null: plain HTTP. Or what is wrong. A certificate that ends soon, or has ended, is told to the log.
server::TlsContext::Read read_tls(const Settings& settings);
// The same, throws UsageError when a file is wrong.
std::shared_ptr<const server::TlsContext> tls_of(const Settings& settings);

}  // namespace tote::cli
