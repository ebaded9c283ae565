// What a token may do (adapters/http/role.h).
#include <doctest/doctest.h>

#include <memory>
#include <string>

#include "tests/http/client.h"
#include "tests/http/running_server.h"
#include "tests/support/token_hashes.h"

using namespace tests::http;
using tote::http::Role;

namespace {

using Token = std::pair<std::string, std::string>;
const Token reader{"Authorization", "Bearer secret-a"}, writer{"Authorization", "Bearer secret-b"},
    operator_{"Authorization", "Bearer secret-c"}, issuer{"Authorization", "Bearer secret-d"};

tote::http::ServerOptions four_roles() {
  tote::http::ServerOptions options;
  options.tenants = {{"shop",
                      {},
                      {},
                      {{tests::secret_a_sha256, Role::reader, "ann"},
                       {tests::secret_b_sha256, Role::writer, "bob"},
                       {"26d46203179f0c4ddf89791220bc5493aeceadbc1c34590ef45cd89d302e302e", Role::operator_, "cleo"},
                       {"a59cda8fa17b05d1d6efee57611f18f5df8b5c51eb929d922fac602f3f15682c", Role::issuer, "dora"}}}};
  return options;
}

struct RoleFixture {
  TempDirectory directory;
  RunningServer server{directory.path(), four_roles()};
  Client client{server.port()};

  Response ask(const Token& token, const std::string& method, const std::string& path, const std::string& body = {},
               const std::string& key = {}) {
    std::vector<Token> headers{token};
    if (!key.empty()) headers.push_back({"Idempotency-Key", key});
    return client.ask(method, path, body, headers);
  }
  // Which role is said to be missing; empty when none is.
  std::string missing(const Token& token, const std::string& method, const std::string& path,
                      const std::string& body = {}) {
    const Response response = ask(token, method, path, body);
    if (response.status != 403) return {};
    CHECK(response.body.find(R"("code":"forbidden")") != std::string::npos);
    CHECK(response.body.find(R"("outcome":"not_executed")") != std::string::npos);
    constexpr std::string_view mark = R"("role":")";
    const auto at = response.body.find(mark);
    REQUIRE(at != std::string::npos);
    return response.body.substr(at + mark.size(), response.body.find('"', at + mark.size()) - at - mark.size());
  }
};

}  // namespace

TEST_CASE_FIXTURE(RoleFixture, "a reader asks and changes nothing") {
  REQUIRE(ask(writer, "PUT", "/v1/wallets/w", R"({"currency":"EUR"})").status == 201);
  CHECK(ask(reader, "GET", "/v1/wallets/w").status == 200);
  CHECK(ask(reader, "GET", "/v1/wallets/w/history").status == 200);
  CHECK(ask(reader, "GET", "/v1/log").status == 200);
  CHECK(missing(reader, "PUT", "/v1/wallets/x", R"({"currency":"EUR"})") == "writer");
  CHECK(missing(reader, "POST", "/v1/transfers", R"({"from":"w","to":"x","amount":1})") == "writer");
  CHECK(missing(reader, "POST", "/v1/batch", "{}") == "writer");
  CHECK(missing(reader, "DELETE", "/v1/matches/m/bookings/p") == "writer");
  CHECK(ask(reader, "GET", "/v1/wallets/x").status == 404);
}

TEST_CASE_FIXTURE(RoleFixture, "only an issuer makes or destroys money, in whatever form it is asked") {
  REQUIRE(ask(writer, "PUT", "/v1/wallets/w", R"({"currency":"EUR"})").status == 201);
  REQUIRE(ask(writer, "PUT", "/v1/wallets/x", R"({"currency":"EUR"})").status == 201);
  for (const Token& token : {writer, operator_}) {
    CHECK(missing(token, "POST", "/v1/wallets/w/credits", R"({"amount":5})") == "issuer");
    CHECK(missing(token, "POST", "/v1/wallets/w/debits", R"({"amount":5})") == "issuer");
    CHECK(missing(token, "PUT", "/v1/wallets/y", R"({"currency":"EUR","overdraft_limit":5})") == "issuer");
    CHECK(missing(token, "POST", "/v1/transactions", R"({"commands":[{"wallet":"w","credit":5}]})") == "issuer");
    CHECK(missing(token, "POST", "/v1/transactions",
                  R"({"commands":[{"wallet":"x","debit":5},{"item":"i","pick":1}]})") == "issuer");
  }
  CHECK(ask(issuer, "POST", "/v1/wallets/w/credits", R"({"amount":5})").status == 200);
  CHECK(ask(writer, "POST", "/v1/transfers", R"({"from":"w","to":"x","amount":5})").status == 200);
  CHECK(ask(reader, "GET", "/v1/wallets/x").body.find(R"("balance":5)") != std::string::npos);
}

TEST_CASE_FIXTURE(RoleFixture, "what needs a person needs an operator") {
  CHECK(missing(writer, "POST", "/v1/sagas/s/retry", R"({"reason":"r"})") == "operator");
  CHECK(missing(writer, "POST", "/v1/payments/resume", R"({"reason":"r"})") == "operator");
  CHECK(missing(operator_, "POST", "/v1/sagas/s/retry", R"({"reason":"r"})").empty());
}

TEST_CASE_FIXTURE(RoleFixture, "a line of a batch that is forbidden is a 403 line, and harms no other") {
  REQUIRE(ask(writer, "PUT", "/v1/wallets/w", R"({"currency":"EUR"})").status == 201);
  const std::string lines = R"({"wallet":"w","credit":5})"
                            "\n"
                            R"({"put":"/v1/wallets/x","body":{"currency":"EUR"}})"
                            "\n"
                            R"({"post":"/v1/wallets/w/credits","body":{"amount":5}})"
                            "\n";
  const Response response = ask(writer, "POST", "/v1/batch", lines);
  REQUIRE(response.status == 200);
  const auto second = response.body.find('\n') + 1, third = response.body.find('\n', second) + 1;
  CHECK(response.body.starts_with(R"({"status":403,)"));
  CHECK(response.body.substr(second, 14) == R"({"status":201,)");
  CHECK(response.body.substr(third, 14) == R"({"status":403,)");
  CHECK(response.body.find(R"("role":"issuer")") != std::string::npos);
}

TEST_CASE_FIXTURE(RoleFixture, "a refusal for the role is not kept: with the role the same key works") {
  REQUIRE(ask(writer, "PUT", "/v1/wallets/w", R"({"currency":"EUR"})").status == 201);
  CHECK(ask(writer, "POST", "/v1/wallets/w/credits", R"({"amount":5})", "k").status == 403);
  CHECK(ask(issuer, "POST", "/v1/wallets/w/credits", R"({"amount":5})", "k").status == 200);
}
