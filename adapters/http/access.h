// Who may ask: bearer tokens, kept as SHA-256 only, and which tenant they stand for.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/http/message.h"

namespace tote::http {

struct TenantTokens {
  std::string id;
  std::vector<std::string> token_sha256;  // 64 hex digits each
};

class Access {
 public:
  struct Denied {
    bool forbidden = false;  // 403, else 401
  };
  struct Grant {
    std::optional<std::size_t> tenant;  // index into the tenants given; without tokens 0
    Denied denied{};
  };

  // Nothing when it is well formed, else what is wrong. No tenants: everybody is tenant 0.
  std::optional<std::string> configure(const std::vector<TenantTokens>& tenants);
  bool open() const { return tokens_.empty(); }

  // With tokens: every one of them is compared in constant time. Without: a browser's page of another origin is denied,
  // as it could otherwise send changes to a server on the reader's own machine.
  Grant check(const Headers& headers) const;

 private:
  using Digest = std::array<unsigned char, 32>;
  struct Token {
    Digest digest;
    std::size_t tenant;
  };
  std::vector<Token> tokens_;
};

// Whether only this machine can reach the address: 127.0.0.0/8, ::1 or localhost.
bool is_loopback(std::string_view host);

}  // namespace tote::http
