// Public keys that providers sign with, from PEM files and JWK sets. A key pins its algorithm: what a token says of its
// own is only compared with it.
#pragma once

#include <openssl/evp.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tote::sportsbook {

enum class Algorithm : std::uint8_t { rs256, rs384, rs512, ps256, es256, eddsa };

std::optional<Algorithm> algorithm_of(std::string_view name);  // "RS256"
std::string_view name_of(Algorithm algorithm);

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, FreeKey>;

struct Key {
  KeyPtr key;
  Algorithm algorithm{};
  std::string id{};  // kid, empty: it has none
};

// Never changes: whoever verifies shares it.
struct KeySet {
  static constexpr std::size_t keys_max = 32;
  static constexpr int rsa_bits_min = 2'048, rsa_bits_max = 8'192;

  std::vector<Key> keys;
};
using KeySetPtr = std::shared_ptr<const KeySet>;

// Adds what the text of a file has: PEM public keys, a JWK or a JWK set. What is wrong with it, empty when nothing is:
// then nothing was added.
std::string add_keys(std::string_view text, KeySet& keys);

// The keys of these files; or what is wrong, naming the file.
std::variant<KeySetPtr, std::string> read_keys(const std::vector<std::string>& paths);

}  // namespace tote::sportsbook
