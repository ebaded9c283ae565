// Who may ask: bearer tokens, kept as SHA-256 only, and which tenant they stand for. An operator's of the whole server
// stands for each tenant: which one a request is about says its header Tote-Tenant.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/http/quotas.h"
#include "adapters/http/role.h"
#include "adapters/http/words.h"

namespace tote::http {

struct TenantTokens {
  std::string id;
  std::vector<std::string> token_sha256;  // 64 hex digits each; they may do everything
  TenantLimits limits{};
  std::vector<NamedToken> tokens{};
};

class Access {
 public:
  struct Denied {
    bool forbidden = false;  // 403, else 401
  };
  struct Grant {
    std::optional<std::size_t> tenant;  // index into the tenants given; without tokens 0
    Denied denied{};
    Role role = Role::issuer;
    std::string_view name{};         // of who has the token, until the tokens are changed; empty: it has none
    bool is_of_server = false;       // an operator of the whole server: it is let in, also where no tenant is named …
    bool is_unknown_tenant = false;  // … or one that there isn't
    bool is_foreign_tenant = false;  // a tenant's token, and a request about another tenant
    bool is_known() const { return tenant.has_value() || is_of_server; }
  };

  // Nothing when it is well formed, else what is wrong. No tenants: everybody is tenant 0. `listen_host` is the host of
  // the address that is listened on, an IPv6 one without brackets. `operators`: tokens of the whole server's.
  std::optional<std::string> configure(const std::vector<TenantTokens>& tenants, std::string_view listen_host = {},
                                       const std::vector<NamedToken>& operators = {});
  bool open() const { return tokens_.empty(); }

  // Whether the client may speak to this server at all, whatever it asks. Without tokens only under one of its own
  // names: a browser that was led here by a name whose address has changed (DNS rebinding) says the foreign one.
  bool is_for_us(const Headers& headers) const;
  // With tokens: every one of them is compared in constant time. Without: a browser's page of another origin is denied,
  // as it could otherwise send changes to a server on the reader's own machine.
  Grant check(const Headers& headers) const;

 private:
  using Digest = std::array<unsigned char, 32>;
  struct Token {
    Digest digest;
    std::optional<std::size_t> tenant;  // none: of the whole server
    Role role;
    std::string name{};
  };
  // `whose`: "the tenant shop", for sentences.
  std::optional<std::string> add(std::optional<std::size_t> tenant, const std::string& whose, NamedToken given);
  Grant whoever(const Headers& headers) const;  // of a server without tokens
  void name_tenant(const Headers& headers, Grant& grant) const;

  std::vector<Token> tokens_;
  std::vector<std::string> ids_;  // of the tenants
  std::string listen_host_;       // lower case
};

// Whether only this machine can reach the address: 127.0.0.0/8, ::1 or localhost.
bool is_loopback(std::string_view host);

}  // namespace tote::http
