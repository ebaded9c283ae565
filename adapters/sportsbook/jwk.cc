#include "adapters/sportsbook/jwk.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/param_build.h>

#include "adapters/sportsbook/base64url.h"
#include "adapters/sportsbook/json.h"

namespace tote::sportsbook {
namespace {

struct FreeBuilder {
  void operator()(OSSL_PARAM_BLD* builder) const { OSSL_PARAM_BLD_free(builder); }
};
struct FreeParameters {
  void operator()(OSSL_PARAM* parameters) const { OSSL_PARAM_free(parameters); }
};
struct FreeContext {
  void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
};
struct FreeNumber {
  void operator()(BIGNUM* number) const { BN_free(number); }
};
using Number = std::unique_ptr<BIGNUM, FreeNumber>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, FreeBuilder>;

const unsigned char* bytes_of(const std::string& text) { return reinterpret_cast<const unsigned char*>(text.data()); }

std::optional<std::string> member(const Json& jwk, std::string_view name) {
  const Json* found = jwk.find(name);
  if (found == nullptr || !found->is(Json::Type::text)) return std::nullopt;
  return found->text;
}
std::optional<std::string> bytes_in(const Json& jwk, std::string_view name) {
  const auto text = member(jwk, name);
  auto bytes = text ? from_base64url(*text) : std::nullopt;
  return bytes && !bytes->empty() && bytes->size() <= 2'048 ? bytes : std::nullopt;
}

KeyPtr build(const char* type, const Builder& builder) {
  const std::unique_ptr<OSSL_PARAM, FreeParameters> parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  const std::unique_ptr<EVP_PKEY_CTX, FreeContext> context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  const bool good = parameters != nullptr && context != nullptr && EVP_PKEY_fromdata_init(context.get()) == 1 &&
                    EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) == 1;
  ERR_clear_error();
  return good ? KeyPtr(key) : nullptr;
}

KeyPtr rsa_key(const Json& jwk) {
  const auto modulus = bytes_in(jwk, "n"), exponent = bytes_in(jwk, "e");
  if (!modulus || !exponent) return nullptr;
  const Number n(BN_bin2bn(bytes_of(*modulus), static_cast<int>(modulus->size()), nullptr));
  const Number e(BN_bin2bn(bytes_of(*exponent), static_cast<int>(exponent->size()), nullptr));
  const Builder builder(OSSL_PARAM_BLD_new());
  if (BN_num_bits(e.get()) > 33 || BN_is_odd(e.get()) == 0 || BN_is_one(e.get()) == 1) return nullptr;
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get());
  return build("RSA", builder);
}

KeyPtr ec_key(const Json& jwk) {
  const auto x = bytes_in(jwk, "x"), y = bytes_in(jwk, "y");
  if (member(jwk, "crv") != "P-256" || !x || !y || x->size() != 32 || y->size() != 32) return nullptr;
  const std::string point = '\x04' + *x + *y;
  const Builder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0);
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
  return build("EC", builder);  // false of a point that isn't on the curve
}

KeyPtr ed_key(const Json& jwk) {
  const auto x = bytes_in(jwk, "x");
  if (member(jwk, "crv") != "Ed25519" || !x || x->size() != 32) return nullptr;
  return KeyPtr(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes_of(*x), x->size()));
}

std::string type_for(Algorithm algorithm) {
  if (algorithm == Algorithm::es256) return "EC";
  return algorithm == Algorithm::eddsa ? "OKP" : "RSA";
}

std::string add_one(const Json& jwk, KeySet& keys) {
  if (!jwk.is(Json::Type::object)) return "has a key that isn't an object";
  if (const auto use = member(jwk, "use"); use && *use != "sig") return {};
  const auto type = member(jwk, "kty"), name = member(jwk, "alg");
  if (type == "oct") return "has a symmetric key: whoever verifies with it could sign, too";
  if (jwk.find("d") != nullptr) return "has a private key: the door wants the provider's public one";
  if (!name) return "has a key without alg, which says what it is for";
  const auto algorithm = algorithm_of(*name);
  if (!algorithm) return "has a key for " + *name + "; known are RS256, RS384, RS512, PS256, ES256, EdDSA";
  if (type != type_for(*algorithm))
    return "has a key whose kty isn't " + type_for(*algorithm) + ", as " + *name + " wants";
  KeyPtr key = *type == "RSA" ? rsa_key(jwk) : *type == "EC" ? ec_key(jwk) : ed_key(jwk);
  if (key == nullptr) return "has a key that can't be read";
  if (auto problem = problem_of(*key, *algorithm); !problem.empty()) return problem;
  keys.keys.push_back({std::move(key), *algorithm, member(jwk, "kid").value_or("")});
  return {};
}

}  // namespace

std::string add_jwks(std::string_view text, KeySet& keys) {
  const auto json = Json::parse(text);
  if (!json || !json->is(Json::Type::object)) return "isn't JSON that can be read as a key";
  const Json* all = json->find("keys");
  if (all == nullptr) return add_one(*json, keys);
  if (!all->is(Json::Type::list)) return "has `keys` that aren't a list";
  for (const Json& one : all->elements)
    if (auto problem = add_one(one, keys); !problem.empty()) return problem;
  return {};
}

}  // namespace tote::sportsbook
