// Who signed an event, and when.
#include "adapters/card_webhooks/signature.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace tote::card_webhooks;

namespace {

const std::string body = R"({"id":"evt_1","object":"event"})";
const std::vector<std::string> secrets{"whsec_test_secret"};
constexpr std::int64_t signed_at = 1'700'000'000;
const std::string mac = "0c8670ed117751cc551a20e35839447075c42800ea3cf3e8a2fbda99cd1e6edd";

SignatureState check(const std::string& header, std::int64_t now_s = signed_at) {
  return check_signature(header, body, secrets, now_s, {});
}

}  // namespace

TEST_CASE("a signature is the HMAC of time and body under the whole secret, as the provider makes it") {
  CHECK(sign("whsec_test_secret", signed_at, body) == "t=1700000000,v1=" + mac);
  CHECK(check("t=1700000000,v1=" + mac) == SignatureState::valid);
}

TEST_CASE("any of several signatures may fit any of several secrets, and other schemes are passed over") {
  const std::string other = sign("whsec_another_one", signed_at, body).substr(13);
  CHECK(check("t=1700000000," + other + ",v1=" + mac + ",v0=00") == SignatureState::valid);
  CHECK(check("t=1700000000, v1=" + mac) == SignatureState::valid);
  CHECK(check("t=1700000000,v0=" + mac) == SignatureState::invalid);
  const std::vector<std::string> both{"whsec_another_one", "whsec_test_secret"};
  CHECK(check_signature("t=1700000000,v1=" + mac, body, both, signed_at, {}) == SignatureState::valid);
  CHECK(check_signature("t=1700000000,v1=" + mac, body, {}, signed_at, {}) == SignatureState::invalid);
}

TEST_CASE("a signature is good for 300 seconds, and for a clock that is 60 ahead of ours") {
  const std::string header = "t=1700000000,v1=" + mac;
  CHECK(check(header, signed_at + 300) == SignatureState::valid);
  CHECK(check(header, signed_at + 301) == SignatureState::expired);
  CHECK(check(header, signed_at - 60) == SignatureState::valid);
  CHECK(check(header, signed_at - 61) == SignatureState::expired);
  CHECK(check_signature(header, body, secrets, signed_at + 301, {301, 0}) == SignatureState::valid);
}

TEST_CASE("what is changed in a header, or in a body, is no signature") {
  CHECK(check_signature("t=1700000000,v1=" + mac, body + " ", secrets, signed_at, {}) == SignatureState::invalid);
  CHECK(check("t=1700000001,v1=" + mac) == SignatureState::invalid);
  std::string changed = mac;
  changed.back() = 'e';
  CHECK(check("t=1700000000,v1=" + changed) == SignatureState::invalid);
  for (const std::string& header :
       {std::string(), std::string("t=1700000000"), "v1=" + mac, "t=,v1=" + mac, "t=-1,v1=" + mac,
        "t= 1700000000,v1=" + mac, "t=1700000000x,v1=" + mac, "t=1700000000,t=1700000000,v1=" + mac,
        "t=99999999999999999999,v1=" + mac, "t=1700000000,v1=" + mac.substr(1), "t=1700000000,v1=" + mac + "0",
        "t=1700000000,v1=zz" + mac.substr(2), std::string(5'000, ','), "t=1700000000;v1=" + mac})
    CHECK_MESSAGE(check(header) == SignatureState::invalid, header);
}

TEST_CASE("a secret is looked at before it is used, and never repeated") {
  CHECK(problem_of_secret("whsec_test_secret").empty());
  CHECK(problem_of_secret("test_secret_of_somebody").find("test_secret") == std::string::npos);
  CHECK(!problem_of_secret("whsec_").empty());
  CHECK(!problem_of_secret("whsec_with a blank in it").empty());
}
