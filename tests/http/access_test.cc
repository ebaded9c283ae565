#include "adapters/http/access.h"

#include <doctest/doctest.h>

#include "tests/support/token_hashes.h"

namespace tote::http {

namespace {

Headers with(std::string_view name, std::string_view value) {
  Headers headers;
  headers.add("Host", "localhost:8080");
  headers.add(name, value);
  return headers;
}

}  // namespace

TEST_CASE("a token names its tenant") {
  Access access;
  REQUIRE_FALSE(access.configure({{"a", {tests::secret_a_sha256}}, {"b", {tests::secret_b_sha256}}}));
  CHECK(access.check(with("Authorization", "Bearer secret-a")).tenant == 0);
  CHECK(access.check(with("authorization", "bearer secret-b")).tenant == 1);
  for (const char* value :
       {"", "Bearer", "Bearer ", "Bearer secret-c", "Basic secret-a", "secret-a", "Bearer secret-a x"})
    CHECK_FALSE_MESSAGE(access.check(with("Authorization", value)).tenant, value);
  CHECK_FALSE(access.check({}).tenant);
  auto twice = with("Authorization", "Bearer secret-a");
  twice.add("Authorization", "Bearer secret-a");
  CHECK_FALSE(access.check(twice).tenant);
}

TEST_CASE("a configuration that can't be meant is refused, without saying the token") {
  CHECK(Access().configure({{"a b", {tests::secret_a_sha256}}}));
  CHECK(Access().configure({{"a", {}}}));
  CHECK(Access().configure({{"a", {tests::secret_a_sha256}}, {"b", {tests::secret_a_sha256}}}));
  const auto wrong = Access().configure({{"a", {"my-secret"}}});
  REQUIRE(wrong);
  CHECK(wrong->find("my-secret") == std::string::npos);
}

TEST_CASE("without tokens everybody is the first tenant, but not another site's page") {
  const Access access;
  CHECK(access.check({}).tenant == 0);
  CHECK(access.check(with("Origin", "http://localhost:8080")).tenant == 0);
  for (const char* origin : {"http://localhost:3000", "http://evil.example", "null", "http://127.evil.example:8080"}) {
    const auto grant = access.check(with("Origin", origin));
    CHECK_FALSE_MESSAGE(grant.tenant, origin);
    CHECK(grant.denied.forbidden);
  }
  Headers rebound;
  rebound.add("Host", "evil.example:8080");
  rebound.add("Origin", "http://evil.example:8080");
  CHECK_FALSE(access.check(rebound).tenant);
}

TEST_CASE("loopback is an address, not a prefix of a name") {
  for (const char* host : {"localhost", "127.0.0.1", "127.1.2.3", "::1"}) CHECK(is_loopback(host));
  for (const char* host : {"0.0.0.0", "::", "127.0.0.1.example.com", "10.0.0.1", ""}) CHECK_FALSE(is_loopback(host));
}

TEST_CASE("without tokens a server answers under its own names only, whatever their port") {
  const auto under = [](const Access& access, std::string_view host) {
    Headers headers;
    headers.add("Host", host);
    return access.is_for_us(headers);
  };
  Access access;
  REQUIRE_FALSE(access.configure({}, "127.0.0.7"));
  for (const char* host :
       {"localhost", "LocalHost:1", "127.0.0.1", "127.0.0.1:8080", "[::1]", "[::1]:8080", "127.0.0.7:8080"})
    CHECK_MESSAGE(under(access, host), host);
  for (const char* host : {"evil.example", "evil.example:8080", "localhost.evil.example", "127.0.0.1.evil.example",
                           "127.0.0.8", "0.0.0.0", "", ":8080", "[::2]"})
    CHECK_FALSE_MESSAGE(under(access, host), host);
  Access with_tokens;
  REQUIRE_FALSE(with_tokens.configure({{"a", {tests::secret_a_sha256}}}, "0.0.0.0"));
  CHECK(under(with_tokens, "shop.example"));
}

}  // namespace tote::http
