#include "adapters/sportsbook/jws.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/rsa.h>

#include "adapters/sportsbook/base64url.h"
#include "adapters/sportsbook/json.h"

namespace tote::sportsbook {
namespace {

constexpr std::size_t key_id_bytes_max = 256;
constexpr int ec_part_bytes = 32;  // of r, and of s

struct FreeDigest {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Digest = std::unique_ptr<EVP_MD_CTX, FreeDigest>;
struct FreeSignature {
  void operator()(ECDSA_SIG* signature) const { ECDSA_SIG_free(signature); }
};
using EcSignature = std::unique_ptr<ECDSA_SIG, FreeSignature>;

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

const char* digest_of(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::rs384: return "SHA384";
    case Algorithm::rs512: return "SHA512";
    case Algorithm::eddsa: return nullptr;
    default: return "SHA256";
  }
}

bool use_pss(EVP_PKEY_CTX* context) {
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1;
}

// r and s side by side, as tokens have them, to the form that OpenSSL wants; empty when they aren't.
std::string to_der(std::string_view pair) {
  if (pair.size() != 2 * ec_part_bytes) return {};
  const EcSignature signature(ECDSA_SIG_new());
  BIGNUM* r = BN_bin2bn(bytes_of(pair), ec_part_bytes, nullptr);
  BIGNUM* s = BN_bin2bn(bytes_of(pair) + ec_part_bytes, ec_part_bytes, nullptr);
  ECDSA_SIG_set0(signature.get(), r, s);
  std::string der(static_cast<std::size_t>(i2d_ECDSA_SIG(signature.get(), nullptr)), '\0');
  unsigned char* at = bytes_of(der);
  i2d_ECDSA_SIG(signature.get(), &at);
  return der;
}

std::string from_der(std::string_view der) {
  const unsigned char* at = bytes_of(der);
  const EcSignature signature(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
  std::string pair(2 * ec_part_bytes, '\0');
  if (signature == nullptr) return {};
  BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), bytes_of(pair), ec_part_bytes);
  BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), bytes_of(pair) + ec_part_bytes, ec_part_bytes);
  return pair;
}

bool read_header(std::string_view encoded, Jws& jws) {
  const auto text = from_base64url(encoded);
  const auto header = text ? Json::parse(*text) : std::nullopt;
  if (!header || !header->is(Json::Type::object)) return false;
  for (const auto& [name, value] : header->members)
    if (name == "crit" || name == "b64") return false;
  const Json* algorithm = header->find("alg");
  const auto known =
      algorithm != nullptr && algorithm->is(Json::Type::text) ? algorithm_of(algorithm->text) : std::nullopt;
  if (!known) return false;
  jws.algorithm = *known;
  const Json* id = header->find("kid");
  if (id == nullptr) return true;
  if (!id->is(Json::Type::text) || id->text.size() > key_id_bytes_max) return false;
  jws.key_id = id->text;
  return true;
}

}  // namespace

std::optional<Jws> split_jws(std::string_view token) {
  if (token.size() > Jws::bytes_max) return std::nullopt;
  const auto first = token.find('.');
  const auto second = first == std::string_view::npos ? first : token.find('.', first + 1);
  if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos) return std::nullopt;
  Jws jws;
  if (!read_header(token.substr(0, first), jws)) return std::nullopt;
  auto payload = from_base64url(token.substr(first + 1, second - first - 1));
  auto signature = from_base64url(token.substr(second + 1));
  if (!payload || !signature || signature->empty()) return std::nullopt;
  jws.signed_bytes = token.substr(0, second);
  jws.payload = std::move(*payload);
  jws.signature = std::move(*signature);
  return jws;
}

// Its key, ready: what a verification needs is a copy of it. An Ed25519 context can't be copied.
struct Verifier::Prepared {
  Digest digest, scratch;

  Prepared(EVP_PKEY* key, Algorithm algorithm) : digest(EVP_MD_CTX_new()), scratch(EVP_MD_CTX_new()) {
    EVP_PKEY_CTX* context = nullptr;
    const bool good =
        EVP_DigestVerifyInit_ex(digest.get(), &context, digest_of(algorithm), nullptr, nullptr, key, nullptr) == 1 &&
        (algorithm != Algorithm::ps256 || use_pss(context));
    if (!good) digest.reset();
  }
};

Verifier::Verifier() = default;
Verifier::~Verifier() = default;

bool Verifier::verify(const Jws& jws, const KeySetPtr& keys) {
  if (keys_ != keys) {
    prepared_.clear();
    prepared_.resize(keys->keys.size());
    keys_ = keys;
  }
  const auto is_named = [&](const Key& key) { return key.algorithm == jws.algorithm && key.id == jws.key_id; };
  bool is_known = false;
  if (!jws.key_id.empty())
    for (std::size_t i = 0; i < keys_->keys.size(); ++i)
      if (is_named(keys_->keys[i])) {
        is_known = true;
        if (verify_with(i, jws)) return true;
      }
  if (is_known) return false;
  for (std::size_t i = 0; i < keys_->keys.size(); ++i)
    if (keys_->keys[i].algorithm == jws.algorithm && verify_with(i, jws)) return true;
  return false;
}

bool Verifier::verify_with(std::size_t number, const Jws& jws) {
  const Key& key = keys_->keys[number];
  std::string der;
  if (key.algorithm == Algorithm::es256 && (der = to_der(jws.signature)).empty()) return false;
  const std::string& signature = der.empty() ? jws.signature : der;
  auto& prepared = prepared_[number];
  if (prepared == nullptr || key.algorithm == Algorithm::eddsa)
    prepared = std::make_unique<Prepared>(key.key.get(), key.algorithm);
  if (prepared->digest == nullptr) return false;
  EVP_MD_CTX* context = prepared->digest.get();
  if (key.algorithm != Algorithm::eddsa) {
    if (EVP_MD_CTX_copy_ex(prepared->scratch.get(), context) != 1) return false;
    context = prepared->scratch.get();
  }
  const bool good = EVP_DigestVerify(context, bytes_of(signature), signature.size(), bytes_of(jws.signed_bytes),
                                     jws.signed_bytes.size()) == 1;
  if (!good) ERR_clear_error();
  return good;
}

std::optional<std::string> sign_jws(EVP_PKEY& key, Algorithm algorithm, std::string_view key_id,
                                    std::string_view payload) {
  std::string header = R"({"alg":")" + std::string(name_of(algorithm)) + R"(","typ":"JWT")";
  if (!key_id.empty()) header.append(R"(,"kid":")").append(key_id).append("\"");
  std::string token = to_base64url(header + "}") + '.' + to_base64url(payload);
  const Digest digest(EVP_MD_CTX_new());
  EVP_PKEY_CTX* context = nullptr;
  std::size_t size = 0;
  if (EVP_DigestSignInit_ex(digest.get(), &context, digest_of(algorithm), nullptr, nullptr, &key, nullptr) != 1 ||
      (algorithm == Algorithm::ps256 && !use_pss(context)) ||
      EVP_DigestSign(digest.get(), nullptr, &size, bytes_of(std::string_view(token)), token.size()) != 1)
    return std::nullopt;
  std::string signature(size, '\0');
  if (EVP_DigestSign(digest.get(), bytes_of(signature), &size, bytes_of(std::string_view(token)), token.size()) != 1)
    return std::nullopt;
  signature.resize(size);
  if (algorithm == Algorithm::es256) signature = from_der(signature);
  return token + '.' + to_base64url(signature);
}

}  // namespace tote::sportsbook
