#include "adapters/sportsbook/keys.h"

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "adapters/sportsbook/jwk.h"

namespace tote::sportsbook {
namespace {

constexpr std::size_t file_bytes_max = std::size_t{1} << 20;
constexpr std::string_view names[] = {"RS256", "RS384", "RS512", "PS256", "ES256", "EdDSA"};

struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};

// The one that a PEM key is for; a JWK says its own.
std::optional<Algorithm> usual_algorithm(const EVP_PKEY* key) {
  if (EVP_PKEY_is_a(key, "RSA") == 1) return Algorithm::rs256;
  if (EVP_PKEY_is_a(key, "EC") == 1) return Algorithm::es256;
  if (EVP_PKEY_is_a(key, "ED25519") == 1) return Algorithm::eddsa;
  return std::nullopt;
}

// Each block in turn; text between them is no matter.
std::string add_pem(std::string_view text, KeySet& keys) {
  if (text.find("PRIVATE KEY-----") != std::string_view::npos)
    return "is a private key: the door wants the provider's public one";
  const std::unique_ptr<BIO, FreeBio> bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  std::size_t count = 0;
  for (;; ++count) {
    KeyPtr key(PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr));
    if (key == nullptr) break;
    const auto algorithm = usual_algorithm(key.get());
    if (!algorithm) return "has a key that is neither RSA, P-256 nor Ed25519";
    if (auto problem = problem_of(*key, *algorithm); !problem.empty()) return problem;
    keys.keys.push_back({std::move(key), *algorithm, {}});
  }
  ERR_clear_error();
  std::size_t blocks = 0;
  for (auto at = text.find("-----BEGIN "); at != std::string_view::npos; at = text.find("-----BEGIN ", at + 1))
    ++blocks;
  if (count == 0) return "has no public key that can be read";
  return count == blocks ? std::string() : "has something else than public keys that can be read";
}

}  // namespace

std::optional<Algorithm> algorithm_of(std::string_view name) {
  const auto found = std::ranges::find(names, name);
  if (found == std::end(names)) return std::nullopt;
  return static_cast<Algorithm>(found - std::begin(names));
}

std::string_view name_of(Algorithm algorithm) { return names[static_cast<std::size_t>(algorithm)]; }

std::string problem_of(const EVP_PKEY& key, Algorithm algorithm) {
  const int bits = EVP_PKEY_get_bits(&key);
  if (algorithm == Algorithm::eddsa) return {};
  if (algorithm == Algorithm::es256) {
    char curve[64] = {};
    std::size_t size = 0;
    EVP_PKEY_get_utf8_string_param(&key, OSSL_PKEY_PARAM_GROUP_NAME, curve, sizeof curve, &size);
    const std::string_view name(curve, size);
    return name == "prime256v1" || name == "P-256" ? std::string() : "has an EC key of another curve than P-256";
  }
  if (bits < KeySet::rsa_bits_min)
    return "has an RSA key of " + std::to_string(bits) + " bits, which is too weak: at least 2048";
  if (bits > KeySet::rsa_bits_max) return "has an RSA key of " + std::to_string(bits) + " bits: at most 8192";
  return {};
}

std::string add_keys(std::string_view text, KeySet& keys) {
  KeySet added;
  const auto begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return "is empty";
  auto problem = text[begin] == '{' ? add_jwks(text, added) : add_pem(text, added);
  if (problem.empty() && added.keys.empty()) problem = "has no keys";
  if (problem.empty() && keys.keys.size() + added.keys.size() > KeySet::keys_max)
    problem = "has too many keys: at most " + std::to_string(KeySet::keys_max) + " in all";
  if (problem.empty()) std::ranges::move(added.keys, std::back_inserter(keys.keys));
  return problem;
}

std::variant<KeySetPtr, std::string> read_keys(const std::vector<std::string>& paths) {
  const auto keys = std::make_shared<KeySet>();
  for (const std::string& path : paths) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error)) return path + " isn't a file that can be read";
    std::ifstream file(path, std::ios::binary);
    std::string text(file_bytes_max + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (file.bad() || (file.gcount() == 0 && !file.eof())) return path + " can't be read";
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (text.size() > file_bytes_max) return path + " is too large for keys";
    if (auto problem = add_keys(text, *keys); !problem.empty()) return path + " " + problem;
  }
  if (keys->keys.empty()) return std::string("no keys were given");
  return KeySetPtr(keys);
}

}  // namespace tote::sportsbook
