#include "adapters/webhooks/signature.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace tote::webhooks;

namespace {

// Computed with Python: base64(hmac(key, b'msg_1.1700000000.{"a":1}', sha256)), keys bytes(range(32)) and
// b"another secret, also 32 bytes ok".
const std::string first = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
                  second = "whsec_YW5vdGhlciBzZWNyZXQsIGFsc28gMzIgYnl0ZXMgb2s=";
const std::string signed_by_first = "v1,AMaOha7DUT/0J0JMycRuYOBSvbx3WtwLd2khXXbaVj4=",
                  signed_by_second = "v1,kBK+4BXRxlKXoh2wYMLYAxMXCrlso+yCFY00iEwKdj8=";

}  // namespace

TEST_CASE("a signature is the HMAC of id, time and body") {
  const std::vector<std::string> one{first}, two{first, second};
  CHECK(sign(one, "msg_1", 1'700'000'000, R"({"a":1})") == signed_by_first);
  CHECK(sign(two, "msg_1", 1'700'000'000, R"({"a":1})") == signed_by_first + " " + signed_by_second);
  const std::vector<std::string> without_padding{first.substr(0, first.size() - 1)};
  CHECK(sign(without_padding, "msg_1", 1'700'000'000, R"({"a":1})") == signed_by_first);
}

TEST_CASE("what is wrong with a secret is said without it") {
  const auto of_bytes = [](std::size_t count) { return "whsec_" + std::string(count / 3 * 4, 'A'); };
  CHECK(problem_of_secret(first).empty());
  CHECK(problem_of_secret(of_bytes(24)).empty());
  CHECK(problem_of_secret(of_bytes(63)).empty());
  CHECK(problem_of_secret(of_bytes(63) + "AA==").empty());
  for (const std::string& wrong : {std::string{}, std::string("whsec_"), of_bytes(21), of_bytes(66), first.substr(6),
                                   "whsec_" + std::string(32, '!'), first + "=", "whsec_ " + first.substr(6),
                                   "whsec_=" + first.substr(6), of_bytes(24) + "A"}) {
    INFO(wrong);
    const std::string problem = problem_of_secret(wrong);
    CHECK(!problem.empty());
    CHECK((wrong.size() < 8 || problem.find(wrong.substr(6)) == std::string::npos));
  }
}
