// What the settings say of TLS, read.
#pragma once

#include <memory>

#include "adapters/cli/settings.h"
#include "adapters/server/tls.h"

namespace tote::cli {

// Null: plain HTTP. Throws UsageError when a file is wrong; one that ends soon, or has ended, is told to the log.
std::shared_ptr<const server::TlsContext> tls_of(const Settings& settings);

}  // namespace tote::cli
