// `tote sign jwt`: a callback of a betting provider's, signed, for tests.
#include <openssl/pem.h>

#include <chrono>
#include <cstdio>
#include <random>

#include "adapters/cli/commands.h"
#include "adapters/cli/errors.h"
#include "adapters/cli/input.h"
#include "adapters/sportsbook/json.h"
#include "adapters/sportsbook/jws.h"

namespace tote::cli {
namespace {

using sportsbook::Algorithm;
using sportsbook::Json;

sportsbook::KeyPtr key_in(const std::string& path) {
  const std::string text = input_of(path);
  BIO* bio = BIO_new_mem_buf(text.data(), static_cast<int>(text.size()));
  sportsbook::KeyPtr key(PEM_read_bio_PrivateKey(bio, nullptr, nullptr, nullptr));
  BIO_free(bio);
  if (key == nullptr) throw UsageError(path + ": has no private key in PEM form without a password");
  return key;
}

Algorithm algorithm_for(const EVP_PKEY& key, const std::string& name) {
  if (!name.empty()) {
    const auto known = sportsbook::algorithm_of(name);
    if (!known) throw UsageError("--alg: must be RS256, RS384, RS512, PS256, ES256 or EdDSA");
    return *known;
  }
  if (EVP_PKEY_is_a(&key, "EC") == 1) return Algorithm::es256;
  return EVP_PKEY_is_a(&key, "ED25519") == 1 ? Algorithm::eddsa : Algorithm::rs256;
}

std::string random_id() {
  std::random_device random;
  return std::to_string(random()) + '-' + std::to_string(random());
}

// The claims that are missing, each with a comma behind it.
std::string missing_claims(const Json& claims, const SignJwtArguments& arguments) {
  using namespace std::chrono;
  const std::int64_t now_s = duration_cast<std::chrono::seconds>(system_clock::now().time_since_epoch()).count();
  std::string text;
  const auto add = [&](std::string_view name, const std::string& value) {
    if (claims.find(name) == nullptr) text.append("\"").append(name).append("\":").append(value).append(",");
  };
  add("iat", std::to_string(now_s));
  add("exp", std::to_string(now_s + arguments.expires_in_s));
  add("jti", '"' + random_id() + '"');
  if (!arguments.issuer.empty()) add("iss", '"' + arguments.issuer + '"');
  if (!arguments.audience.empty()) add("aud", '"' + arguments.audience + '"');
  return text;
}

// A file with a member `payload` is the claims, any other object the payload itself.
std::string claims_of(const SignJwtArguments& arguments) {
  const std::string text = input_of(arguments.payload);
  const auto json = Json::parse(text);
  if (!json || !json->is(Json::Type::object)) throw UsageError(arguments.payload + ": isn't a JSON object");
  const Json* inner = json->find("payload");
  if (inner == nullptr || !inner->is(Json::Type::object))
    return '{' + missing_claims({}, arguments) + "\"payload\":" + text + '}';
  const std::string missing = missing_claims(*json, arguments);
  return text.substr(0, text.find('{') + 1) + missing + text.substr(text.find('{') + 1);
}

}  // namespace

int sign_jwt(const SignJwtArguments& arguments) {
  const auto key = key_in(arguments.key);
  const Algorithm algorithm = algorithm_for(*key, arguments.algorithm);
  const auto token = sportsbook::sign_jws(*key, algorithm, arguments.key_id, claims_of(arguments));
  if (!token) throw UsageError("--alg: the key isn't for " + std::string(sportsbook::name_of(algorithm)));
  std::puts((arguments.as_body ? "{\"payload\":\"" + *token + "\"}" : *token).c_str());
  return exit_ok;
}

}  // namespace tote::cli
