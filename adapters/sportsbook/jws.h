// JWS in compact form (RFC 7515), as providers sign their callbacks: the received bytes are verified, by a key that
// pins its algorithm. What the token says of keys by address (jku, x5u) is never followed; `crit` and `b64` are
// refused.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/sportsbook/keys.h"

namespace tote::sportsbook {

// A token taken apart, views into it.
struct Jws {
  static constexpr std::size_t bytes_max = std::size_t{64} << 10;

  Algorithm algorithm{};
  std::string key_id{};             // kid, empty: it says none
  std::string_view signed_bytes{};  // header and payload as they came
  std::string payload{};            // its bytes
  std::string signature{};          // its bytes
};

// Nothing when it isn't one that we take. No cryptography yet.
std::optional<Jws> split_jws(std::string_view token);

// Verifies with the keys of one set. One a thread: it keeps a prepared context for each key.
class Verifier {
 public:
  Verifier();
  ~Verifier();
  Verifier(const Verifier&) = delete;
  Verifier& operator=(const Verifier&) = delete;

  // By the key that the token names and that is for its algorithm; by all of that algorithm, where there is none.
  bool verify(const Jws& jws, const KeySetPtr& keys);

 private:
  struct Prepared;

  bool verify_with(std::size_t key, const Jws& jws);

  KeySetPtr keys_;  // those that are prepared
  std::vector<std::unique_ptr<Prepared>> prepared_;
};

// A token of this header and payload, signed with a private key: for tests of a provider's side.
std::optional<std::string> sign_jws(EVP_PKEY& key, Algorithm algorithm, std::string_view key_id,
                                    std::string_view payload);

}  // namespace tote::sportsbook
