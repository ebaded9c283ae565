#include "adapters/cli/tls.h"

#include <spdlog/spdlog.h>

#include <ctime>

#include "adapters/cli/errors.h"

namespace tote::cli {
namespace {

constexpr std::int64_t day_s = 86'400;
constexpr std::int64_t told_before_days = 14;

void tell_expiry(const std::string& path, std::int64_t expires_s) {
  const std::int64_t left_s = expires_s - std::time(nullptr);
  if (left_s < 0)
    spdlog::warn("tls_certificate = {} has expired: clients will refuse it", path);
  else if (left_s < told_before_days * day_s)
    spdlog::warn("tls_certificate = {} ends in {} days", path, left_s / day_s);
}

}  // namespace

server::TlsContext::Read read_tls(const Settings& settings) {
  using Context = std::shared_ptr<const server::TlsContext>;
  if (settings.tls_certificate.empty()) return Context();
  auto read = server::TlsContext::read({settings.tls_certificate, settings.tls_key, settings.tls_client_ca});
  if (const auto* context = std::get_if<Context>(&read)) tell_expiry(settings.tls_certificate, (*context)->expires_s());
  return read;
}

std::shared_ptr<const server::TlsContext> tls_of(const Settings& settings) {
  auto read = read_tls(settings);
  if (const auto* problem = std::get_if<std::string>(&read)) throw UsageError(*problem);
  return std::get<std::shared_ptr<const server::TlsContext>>(std::move(read));
}

}  // namespace tote::cli
