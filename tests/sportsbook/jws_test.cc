// Signed tokens: what is taken, and all that must not be.
#include <doctest/doctest.h>

#include "adapters/sportsbook/base64url.h"
#include "adapters/sportsbook/token.h"
#include "tests/sportsbook/signing.h"

namespace tests::sportsbook {
namespace {

const Algorithm all[] = {Algorithm::rs256, Algorithm::rs384, Algorithm::rs512,
                         Algorithm::ps256, Algorithm::es256, Algorithm::eddsa};

bool is_good(const std::string& token, const KeySetPtr& keys) {
  Verifier verifier;
  const auto jws = split_jws(token);
  return jws && verifier.verify(*jws, keys);
}

std::string with_header(std::string_view header, const std::string& token) {
  return to_base64url(header) + token.substr(token.find('.'));
}

int code_of(const std::string& body, const Options& options, const KeySetPtr& keys) {
  Verifier verifier;
  const auto opened = open_token(body, options, keys, verifier, now_s() * 1'000);
  const auto* refused = std::get_if<Refused>(&opened);
  return refused == nullptr ? 0 : refused->code;
}

std::string enveloped(const std::string& token) { return R"({"payload":")" + token + "\"}"; }

TEST_CASE("a token of each algorithm is verified by its key, from a JWK or a set, and by no other") {
  for (const Algorithm algorithm : all) {
    CAPTURE(name_of(algorithm));
    const Signer& by = signer(algorithm);
    const std::string token = by.token("{}");
    CHECK(is_good(token, keys_of({by.jwk()})));
    CHECK(is_good(token, keys_of({R"({"keys":[)" + by.jwk("k1") + "]}"})));
    for (const Algorithm other : all)
      if (other != algorithm) CHECK_FALSE(is_good(token, keys_of({signer(other).jwk()})));
  }
}

TEST_CASE("a PEM key means RS256, ES256 or EdDSA, and a file may have several") {
  for (const Algorithm algorithm : {Algorithm::rs256, Algorithm::es256, Algorithm::eddsa})
    CHECK(is_good(signer(algorithm).token("{}"), keys_of({signer(algorithm).pem})));
  const auto both = keys_of({signer(Algorithm::rs256).pem + "text between\n" + signer(Algorithm::es256).pem});
  CHECK(both->keys.size() == 2);
  CHECK(is_good(signer(Algorithm::es256).token("{}"), both));
}

TEST_CASE("one changed byte of header, payload or signature is found") {
  for (const Algorithm algorithm : {Algorithm::rs256, Algorithm::es256, Algorithm::eddsa}) {
    const auto keys = keys_of({signer(algorithm).jwk()});
    const std::string token = signer(algorithm).token(R"({"a":1})");
    for (std::size_t i = 0; i < token.size(); i += 7) {
      std::string changed = token;
      if (changed[i] == '.') continue;
      changed[i] = changed[i] == 'A' ? 'B' : 'A';
      CHECK_FALSE(is_good(changed, keys));
    }
  }
}

TEST_CASE("the key pins the algorithm: what a token says of another, or of none, doesn't count") {
  const Signer& by = signer(Algorithm::rs256);
  const auto keys = keys_of({by.jwk()});
  const std::string token = by.token("{}");
  for (const char* name : {"none", "HS256", "RS384", "PS256", "ES256", "rs256", "", "RS257"})
    CHECK_FALSE(is_good(with_header(R"({"alg":")" + std::string(name) + "\"}", token), keys));
  CHECK_FALSE(split_jws(to_base64url(R"({"alg":"none"})") + ".e30."));
}

TEST_CASE("headers with crit or b64 are refused; addresses of keys are never followed") {
  const std::string token = signer(Algorithm::rs256).token("{}");
  CHECK_FALSE(split_jws(with_header(R"({"alg":"RS256","crit":["exp"]})", token)));
  CHECK_FALSE(split_jws(with_header(R"({"alg":"RS256","b64":false})", token)));
  CHECK_FALSE(split_jws(with_header(R"({"alg":"RS256","alg":"RS256"})", token)));
  CHECK_FALSE(split_jws(with_header(R"(["RS256"])", token)));
  CHECK_FALSE(split_jws(with_header(R"({"alg":"RS256","kid":7})", token)));
  CHECK(split_jws(with_header(R"({"alg":"RS256","jku":"https://evil","x5u":"https://evil"})", token)));
}

TEST_CASE("of several keys the one that is named is tried; all of the algorithm where none is, or it isn't known") {
  const Signer& by = signer(Algorithm::rs256);
  const Signer other = make_rsa(2'048);
  const auto keys = keys_of({other.jwk("old"), by.jwk("new")});
  CHECK(is_good(by.token("{}", "new"), keys));
  CHECK(is_good(other.token("{}", "old"), keys));
  CHECK_FALSE(is_good(by.token("{}", "old"), keys));
  CHECK(is_good(by.token("{}"), keys));
  CHECK(is_good(by.token("{}", "../../etc/passwd"), keys));
}

TEST_CASE("what isn't a token is refused without any work") {
  for (const std::string token : {"", ".", "..", "a.b", "a.b.c.d", "e30.e30.e30=", "e30.e3 0.AA", "e30..AA"})
    CHECK_FALSE(split_jws(token));
  CHECK_FALSE(split_jws(std::string(Jws::bytes_max + 1, 'A')));
}

TEST_CASE("base64url is strict: no padding, no other letters, one spelling of each value") {
  CHECK(from_base64url("") == "");
  CHECK(from_base64url("Zg") == "f");
  CHECK(from_base64url("Zm8") == "fo");
  CHECK(from_base64url("Zm9v") == "foo");
  CHECK(from_base64url("-_8") == "\xfb\xff");
  for (const char* text : {"Z", "Zg==", "Zh", "Zm9", "Zm 8", "+/8", "Zm8\n"}) CHECK_FALSE(from_base64url(text));
  std::string bytes;
  for (int i = 0; i < 256; ++i) {
    bytes += static_cast<char>(i);
    CHECK(from_base64url(to_base64url(bytes)) == bytes);
  }
}

TEST_CASE("weak, private, symmetric and unreadable keys are refused, each in words of its own") {
  const auto problem = [](const std::string& text) {
    KeySet keys;
    const std::string said = add_keys(text, keys);
    CHECK(keys.keys.empty());
    return said;
  };
  CHECK(problem(make_rsa(1'024).pem).find("1024 bits, which is too weak") != std::string::npos);
  CHECK(problem("").find("empty") != std::string::npos);
  CHECK(problem("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n").find("no public key") !=
        std::string::npos);
  CHECK(problem("-----BEGIN PRIVATE KEY-----\nAAAA\n").find("private key") != std::string::npos);
  CHECK(problem(R"({"kty":"oct","alg":"HS256","k":"AAAA"})").find("symmetric") != std::string::npos);
  CHECK(problem(R"({"kty":"RSA","n":"AQAB","e":"AQAB"})").find("without alg") != std::string::npos);
  CHECK(problem(R"({"kty":"RSA","alg":"RS256","n":"AQAB","e":"AQAB"})").find("too weak") != std::string::npos);
  CHECK(problem(R"({"kty":"EC","alg":"RS256"})").find("kty") != std::string::npos);
  CHECK(problem(R"({"kty":"EC","crv":"P-256","alg":"ES256","x":"AA","y":"AA"})").find("can't be read") !=
        std::string::npos);
  CHECK(problem(R"({"keys":[]})").find("no keys") != std::string::npos);
  CHECK(problem(R"({"keys":7})").find("list") != std::string::npos);
  std::string of_another_curve = signer(Algorithm::es256).jwk();
  of_another_curve.replace(of_another_curve.find("P-256"), 5, "P-384");
  CHECK(problem(of_another_curve).find("can't be read") != std::string::npos);
}

TEST_CASE("a token that expired, isn't valid yet, or has no exp is 2005; what it is for is 2004") {
  const Signer& by = signer(Algorithm::es256);
  const auto keys = keys_of({by.pem});
  Options options;
  const auto of = [&](const std::string& text) { return code_of(enveloped(by.token(text)), options, keys); };
  const auto at = [](const std::string& name, std::int64_t seconds) {
    return ",\"" + name + "\":" + std::to_string(now_s() + seconds);
  };
  const std::string exp = at("exp", 60).substr(1);
  CHECK(of("{" + exp + R"(,"payload":{}})") == 0);
  CHECK(of(R"({"payload":{}})") == token_code);
  CHECK(of("{" + at("exp", -59).substr(1) + R"(,"payload":{}})") == 0);
  CHECK(of("{" + at("exp", -61).substr(1) + R"(,"payload":{}})") == token_code);
  CHECK(of("{" + exp + at("nbf", 61) + R"(,"payload":{}})") == token_code);
  CHECK(of("{" + exp + at("nbf", 59) + R"(.5,"payload":{}})") == 0);
  CHECK(of("{" + exp + at("iat", 62) + R"(,"payload":{}})") == token_code);
  CHECK(of("{" + exp + R"(,"iat":"now","payload":{}})") == token_code);
  CHECK(of(R"({"exp":1e30,"payload":{}})") == token_code);
  CHECK(of("{" + exp + R"(,"payload":[]})") == request_code);
  CHECK(of("{" + exp + R"(,"payload":{},"payload":{}})") == request_code);
  CHECK(of("[]") == request_code);
  options.issuer = "acme", options.audience = "shop";
  CHECK(of("{" + exp + R"(,"iss":"acme","aud":"shop","payload":{}})") == 0);
  CHECK(of("{" + exp + R"(,"iss":"acme","aud":["x","shop"],"payload":{}})") == 0);
  CHECK(of("{" + exp + R"(,"iss":"other","aud":"shop","payload":{}})") == request_code);
  CHECK(of("{" + exp + R"(,"iss":"acme","aud":["x"],"payload":{}})") == request_code);
  CHECK(of("{" + exp + R"(,"payload":{}})") == request_code);
}

TEST_CASE("a body without a text `payload` is 2004, one whose token can't be one 2005") {
  const auto keys = keys_of({signer(Algorithm::es256).pem});
  const Options options;
  for (const char* body :
       {"", "[]", "{}", R"({"payload":7})", R"({"payload":"a","payload":"b"})", "{\"payload\":\"\x01\"}"})
    CHECK(code_of(body, options, keys) == request_code);
  CHECK(code_of(R"({"payload":"a.b.c"})", options, keys) == token_code);
  CHECK(code_of(enveloped(signer(Algorithm::rs256).token("{}")), options, keys) == token_code);
}

TEST_CASE("times of tokens have fractions and no exponents, and never go through a double") {
  CHECK(read_numeric_date("1700000000") == 1'700'000'000'000);
  CHECK(read_numeric_date("1700000000.1239") == 1'700'000'000'123);
  CHECK(read_numeric_date("0.5") == 500);
  for (const char* text : {"", "-1", "1e9", "1.", ".5", "1.5e3", "99999999999999999999", "253402300800", "1.-5"})
    CHECK_FALSE(read_numeric_date(text));
}

}  // namespace
}  // namespace tests::sportsbook
