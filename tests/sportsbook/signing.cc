#include "tests/sportsbook/signing.h"

#include <doctest/doctest.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <chrono>
#include <map>

#include "adapters/sportsbook/base64url.h"

namespace tests::sportsbook {
namespace {

std::string public_pem(EVP_PKEY* key) {
  BIO* bio = BIO_new(BIO_s_mem());
  PEM_write_bio_PUBKEY(bio, key);
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  std::string text(data, static_cast<std::size_t>(size));
  BIO_free(bio);
  return text;
}

Signer make(Algorithm algorithm) {
  if (algorithm == Algorithm::es256) {
    Signer made{algorithm, KeyPtr(EVP_EC_gen("P-256")), {}};
    made.pem = public_pem(made.pair.get());
    return made;
  }
  if (algorithm == Algorithm::eddsa) {
    Signer made{algorithm, KeyPtr(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")), {}};
    made.pem = public_pem(made.pair.get());
    return made;
  }
  Signer made = make_rsa(2'048);
  made.algorithm = algorithm;
  return made;
}

std::string number(EVP_PKEY* key, const char* name) {
  BIGNUM* value = nullptr;
  REQUIRE(EVP_PKEY_get_bn_param(key, name, &value) == 1);
  std::string bytes(static_cast<std::size_t>(BN_num_bytes(value)), '\0');
  BN_bn2bin(value, reinterpret_cast<unsigned char*>(bytes.data()));
  BN_free(value);
  return to_base64url(bytes);
}

std::string point(EVP_PKEY* key) {
  unsigned char bytes[65];
  std::size_t size = 0;
  REQUIRE(EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, bytes, sizeof bytes, &size) == 1);
  REQUIRE(size == 65);
  const std::string_view all(reinterpret_cast<const char*>(bytes), size);
  return R"(,"x":")" + to_base64url(all.substr(1, 32)) + R"(","y":")" + to_base64url(all.substr(33)) + '"';
}

}  // namespace

Signer make_rsa(int bits) {
  Signer made{Algorithm::rs256, KeyPtr(EVP_RSA_gen(static_cast<unsigned>(bits))), {}};
  made.pem = public_pem(made.pair.get());
  return made;
}

const Signer& signer(Algorithm algorithm) {
  static std::map<Algorithm, Signer> made;
  const auto found = made.find(algorithm);
  return found != made.end() ? found->second : made.emplace(algorithm, make(algorithm)).first->second;
}

std::string Signer::token(std::string_view text, std::string_view key_id) const {
  const auto token = sign_jws(*pair, algorithm, key_id, text);
  REQUIRE(token.has_value());
  return *token;
}

std::string Signer::jwk(std::string_view key_id) const {
  std::string text = R"({"alg":")" + std::string(name_of(algorithm)) + '"';
  if (!key_id.empty()) text += R"(,"kid":")" + std::string(key_id) + '"';
  EVP_PKEY* key = pair.get();
  if (algorithm == Algorithm::es256) return text + R"(,"kty":"EC","crv":"P-256")" + point(key) + '}';
  if (algorithm == Algorithm::eddsa) {
    unsigned char bytes[32];
    std::size_t size = sizeof bytes;
    EVP_PKEY_get_raw_public_key(key, bytes, &size);
    return text + R"(,"kty":"OKP","crv":"Ed25519","x":")" + to_base64url({reinterpret_cast<const char*>(bytes), size}) +
           "\"}";
  }
  return text + R"(,"kty":"RSA","n":")" + number(key, OSSL_PKEY_PARAM_RSA_N) + R"(","e":")" +
         number(key, OSSL_PKEY_PARAM_RSA_E) + "\"}";
}

KeySetPtr keys_of(const std::vector<std::string>& texts) {
  const auto keys = std::make_shared<KeySet>();
  for (const std::string& text : texts) {
    const std::string problem = add_keys(text, *keys);
    REQUIRE_MESSAGE(problem.empty(), problem);
  }
  return keys;
}

std::int64_t now_s() {
  using namespace std::chrono;
  return duration_cast<seconds>(system_clock::now().time_since_epoch()).count();
}

std::string claims(std::string_view payload, std::string_view more) {
  return R"({"iss":"acme","aud":"shop","iat":)" + std::to_string(now_s()) + R"(.25,"exp":)" +
         std::to_string(now_s() + 60) + R"(,"payload":)" + std::string(payload) + std::string(more) + '}';
}

std::string body_of(const Signer& by, std::string_view payload, std::string_view more) {
  return R"({"payload":")" + by.token(claims(payload, more)) + "\"}";
}

}  // namespace tests::sportsbook
