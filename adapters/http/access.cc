#include "adapters/http/access.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <algorithm>

#include "engine/kernel/hex.h"
#include "engine/kernel/limits.h"
#include "engine/kernel/name.h"
#include "wal/record.h"

namespace tote::http {
namespace {

// The token of "Bearer <token>"; the scheme's case doesn't matter (RFC 9110 §11.1).
std::string_view bearer_token(std::string_view value) {
  constexpr std::string_view scheme = "bearer ";
  if (value.size() <= scheme.size()) return {};
  for (std::size_t i = 0; i < scheme.size(); ++i)
    if ((value[i] | 0x20) != scheme[i]) return {};
  value.remove_prefix(scheme.size());
  while (!value.empty() && value.front() == ' ') value.remove_prefix(1);
  return value;
}

std::string_view without_port(std::string_view authority) {
  if (authority.starts_with('[')) return authority.substr(1, authority.find(']') - 1);
  return authority.substr(0, authority.find(':'));
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

bool is_own_origin(std::string_view origin, std::string_view host) {
  const auto scheme = origin.find("://");
  if (scheme == std::string_view::npos) return false;  // "null": a sandboxed page or a file
  return origin.substr(scheme + 3) == host && is_loopback(without_port(host));
}

}  // namespace

std::optional<std::string> Access::configure(const std::vector<TenantTokens>& tenants, std::string_view listen_host,
                                             const std::vector<NamedToken>& operators) {
  listen_host_ = lower(listen_host);
  if (tenants.empty() && !operators.empty())
    return "an operator of the whole server needs tenants: without tokens everybody is one";
  if (tenants.empty()) ids_.emplace_back(wal::default_tenant);
  for (std::size_t i = 0; i < tenants.size(); ++i) {
    if (!is_valid_id(tenants[i].id))
      return "the tenant id \"" + tenants[i].id + "\" isn't 1 to 128 characters of A-Z a-z 0-9 . _ : -";
    if (tenants[i].token_sha256.empty() && tenants[i].tokens.empty())
      return "the tenant " + tenants[i].id + " has no token";
    const std::string whose = "the tenant " + tenants[i].id;
    ids_.push_back(tenants[i].id);
    for (const std::string& hex : tenants[i].token_sha256)
      if (auto problem = add(i, whose, {hex, Role::issuer, {}})) return problem;
    for (const NamedToken& named : tenants[i].tokens) {
      if (named.name.starts_with(operator_mark))
        return "the name of a token of " + whose + " begins with " + std::string(operator_mark) +
               ", as those of the whole server's operators";
      if (auto problem = add(i, whose, named)) return problem;
    }
  }
  for (NamedToken named : operators) {
    named.name.insert(0, operator_mark);
    if (named.name.size() == operator_mark.size()) named.name += "operator";
    if (auto problem = add(std::nullopt, "the whole server", std::move(named))) return problem;
  }
  return std::nullopt;
}

std::optional<std::string> Access::add(std::optional<std::size_t> tenant, const std::string& whose, NamedToken given) {
  if (given.name.size() > limits::actor_bytes_max)
    return "the name of a token of " + whose + " has more than " + std::to_string(limits::actor_bytes_max) + " bytes";
  // The text itself isn't said: somebody may have written the token instead of its hash.
  const auto digest = bytes_of_hex<SHA256_DIGEST_LENGTH>(given.sha256);
  if (!digest) return "a token_sha256 of " + whose + " isn't 64 hex digits";
  for (const auto& other : tokens_)
    if (other.digest == *digest) return "a token of " + whose + " is there twice";
  tokens_.push_back({*digest, tenant, given.role, std::move(given.name)});
  return std::nullopt;
}

bool Access::is_for_us(const Headers& headers) const {
  if (!open() || !headers.has(Header::host)) return true;  // HTTP/1.0 without a Host: no browser
  const std::string host = lower(without_port(headers.value(Header::host)));
  return host == "localhost" || host == "127.0.0.1" || host == "::1" || (!host.empty() && host == listen_host_);
}

Access::Grant Access::check(const Headers& headers) const {
  if (open()) {
    if (!headers.has(Header::origin) || is_own_origin(headers.value(Header::origin), headers.value(Header::host)))
      return whoever(headers);
    return {std::nullopt, {true}};
  }
  const std::string_view presented = bearer_token(headers.value(Header::authorization));
  if (presented.empty() || headers.count(Header::authorization) != 1) return {};
  Digest digest;
  SHA256(reinterpret_cast<const unsigned char*>(presented.data()), presented.size(), digest.data());
  Grant grant;
  for (const auto& token : tokens_)
    if (CRYPTO_memcmp(token.digest.data(), digest.data(), digest.size()) == 0) {
      grant.tenant = token.tenant;
      grant.is_of_server = !token.tenant;
      grant.role = token.role;
      grant.name = token.name;
    }
  if (grant.is_known()) name_tenant(headers, grant);
  return grant;
}

Access::Grant Access::whoever(const Headers& headers) const {
  Grant grant{0};
  name_tenant(headers, grant);
  return grant;
}

// A tenant's own token may say its tenant, too; whoever says another one means something that won't happen.
void Access::name_tenant(const Headers& headers, Grant& grant) const {
  const unsigned named = headers.count(Header::tote_tenant);
  if (named == 0) [[likely]]
    return;
  const auto found = std::ranges::find(ids_, headers.value(Header::tote_tenant));
  const bool is_one = named == 1 && found != ids_.end();
  const auto index = static_cast<std::size_t>(found - ids_.begin());
  if (grant.is_of_server) {
    grant.is_unknown_tenant = !is_one;
    if (is_one) grant.tenant = index;
  } else {
    grant.is_foreign_tenant = !is_one || index != *grant.tenant;
  }
}

bool is_loopback(std::string_view host) {
  if (host == "localhost" || host == "::1") return true;
  // Digits only: 127.example.com is somebody's name, not this machine.
  return host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string_view::npos;
}

}  // namespace tote::http
