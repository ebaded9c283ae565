// The provider's side: keys, tokens, claims.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "adapters/sportsbook/jws.h"

namespace tests::sportsbook {

using namespace tote::sportsbook;

// A key pair, made once a program and kind.
struct Signer {
  Algorithm algorithm{};
  KeyPtr pair;
  std::string pem;  // of the public key

  std::string token(std::string_view claims, std::string_view key_id = {}) const;
  // With an `alg`, so a set of it pins that.
  std::string jwk(std::string_view key_id = {}) const;
};
const Signer& signer(Algorithm algorithm);
Signer make_rsa(int bits);

KeySetPtr keys_of(const std::vector<std::string>& texts);

std::int64_t now_s();
// Claims that are valid now, with this payload; `more` are others, with a comma in front.
std::string claims(std::string_view payload, std::string_view more = {});
// The body of a callback.
std::string body_of(const Signer& signer, std::string_view payload, std::string_view more = {});

}  // namespace tests::sportsbook
