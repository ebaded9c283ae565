#include "adapters/webhooks/address.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>

#include "adapters/webhooks/endpoint.h"

using namespace tote::webhooks;

namespace {

bool may_connect(const std::string& text) {
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  if (inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1) return is_public(reinterpret_cast<const sockaddr&>(v4));
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  REQUIRE(inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr) == 1);
  return is_public(reinterpret_cast<const sockaddr&>(v6));
}

EndpointOptions sound() {
  EndpointOptions options;
  options.name = "shop";
  options.url = "https://example.com/hook?x=1";
  options.secrets = {"whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="};
  return options;
}

}  // namespace

TEST_CASE("only globally routable addresses are public") {
  for (const char* text : {"0.0.0.0",
                           "0.1.2.3",
                           "10.0.0.1",
                           "10.255.255.255",
                           "100.64.0.1",
                           "100.127.255.255",
                           "127.0.0.1",
                           "127.255.255.254",
                           "169.254.169.254",
                           "172.16.0.1",
                           "172.31.255.255",
                           "192.0.0.8",
                           "192.0.2.1",
                           "192.88.99.1",
                           "192.168.1.1",
                           "198.18.0.1",
                           "198.19.255.255",
                           "198.51.100.7",
                           "203.0.113.7",
                           "224.0.0.1",
                           "239.1.1.1",
                           "240.0.0.1",
                           "255.255.255.255",
                           "::",
                           "::1",
                           "::127.0.0.1",
                           "::8.8.8.8",
                           "::ffff:127.0.0.1",
                           "::ffff:10.0.0.1",
                           "::ffff:0:10.0.0.1",
                           "64:ff9b::7f00:1",
                           "64:ff9b::a00:1",
                           "64:ff9b:1::808:808",
                           "2002:7f00:1::",
                           "2002:c0a8:101::1",
                           "2001::1",
                           "2001:0:4136:e378:8000:63bf:3fff:fdd2",
                           "2001:db8::1",
                           "fc00::1",
                           "fd12::1",
                           "fe80::1",
                           "febf::1",
                           "fec0::1",
                           "ff02::1",
                           "100::1",
                           "2001:2::1",
                           "2001:10::1",
                           "5f00::1"}) {
    INFO(text);
    CHECK(!may_connect(text));
  }
  for (const char* text : {"1.1.1.1",
                           "8.8.8.8",
                           "9.255.255.255",
                           "11.0.0.0",
                           "100.63.255.255",
                           "100.128.0.0",
                           "126.255.255.255",
                           "128.0.0.1",
                           "169.253.0.1",
                           "172.15.255.255",
                           "172.32.0.0",
                           "192.0.1.1",
                           "192.167.0.1",
                           "198.17.255.255",
                           "198.20.0.0",
                           "223.255.255.255",
                           "2606:4700:4700::1111",
                           "2a00:1450::1",
                           "::ffff:8.8.8.8",
                           "64:ff9b::808:808",
                           "2002:808:808::1",
                           "2001:200::1",
                           "2001:4860:4860::8888"}) {
    INFO(text);
    CHECK(may_connect(text));
  }
  const sockaddr other{.sa_family = AF_UNIX, .sa_data = {}};
  CHECK(!is_public(other));
}

TEST_CASE("a url is https, without a user and a fragment") {
  CHECK(problem_of_url("https://example.com", false).empty());
  CHECK(problem_of_url("https://example.com:8443/a/b?c=d@e", false).empty());
  CHECK(problem_of_url("http://127.0.0.1:8080/", true).empty());
  for (const char* url :
       {"http://example.com", "ftp://example.com", "file:///etc/passwd", "example.com", "", "https://",
        "https:/a@b.com", "https:///u@b.com", "HTTPS://u@example.com", "https://user@example.com",
        "https://user:word@example.com/", "https://:@example.com", "https://example.com/#part", "https://exa mple.com",
        "https://example.com/\n", "https://example.com:99999/"}) {
    INFO(url);
    CHECK(!problem_of_url(url, false).empty());
  }
  CHECK(!problem_of_url("https://example.com/" + std::string(2'000, 'a'), false).empty());
  CHECK(shown_url("https://u:p@example.com/hook?token=secret#x") == "https://example.com");
}

TEST_CASE("what is wrong with an endpoint is said") {
  CHECK(problem_of(sound()).empty());
  const auto is_refused = [](auto change) {
    EndpointOptions options = sound();
    change(options);
    return !problem_of(options).empty();
  };
  CHECK(is_refused([](auto& options) { options.name = "../x"; }));
  CHECK(is_refused([](auto& options) { options.name = ""; }));
  CHECK(is_refused([](auto& options) { options.name = std::string(65, 'a'); }));
  CHECK(is_refused([](auto& options) { options.url = "http://example.com"; }));
  CHECK(is_refused([](auto& options) { options.secrets = {}; }));
  CHECK(is_refused([](auto& options) { options.secrets = {"whsec_short"}; }));
  CHECK(is_refused([](auto& options) { options.tenant = "a/b"; }));
  CHECK(is_refused([](auto& options) { options.types = {"*"}; }));
  CHECK(is_refused([](auto& options) { options.types = {"wallet."}; }));
  CHECK(is_refused([](auto& options) { options.concurrency = 0; }));
  CHECK(is_refused([](auto& options) { options.timeout_ms = 0; }));
  CHECK(is_refused([](auto& options) { options.retry_first_ms = 0; }));
  CHECK(is_refused([](auto& options) { options.give_up_after_s = 0; }));
}

TEST_CASE("types are wanted by name or by beginning") {
  CHECK(is_wanted({}, "wallet.debited"));
  CHECK(is_wanted({"order.*", "wallet.debited"}, "wallet.debited"));
  CHECK(is_wanted({"order.*", "wallet.debited"}, "order.placed"));
  CHECK(!is_wanted({"order.*", "wallet.debited"}, "wallet.credited"));
  CHECK(!is_wanted({"order.*"}, "orders.placed"));
}
