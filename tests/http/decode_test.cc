#include "adapters/http/decode.h"

#include <doctest/doctest.h>

#include "actors/wallet/wallet.h"
#include "adapters/server/request_reader.h"

namespace tote::http {
using tote::server::RequestReader;

namespace {

Message message(Method method, std::string target, std::string body = {}) {
  Message out;
  out.method = method;
  out.target = std::move(target);
  out.body = std::move(body);
  return out;
}

std::string_view code_of_message(const Message& asked, DecodeOptions options = {}) {
  const auto decoded = decode(asked, options);
  return decoded.is_refused() ? decoded.problem.kind->code : "taken";
}

}  // namespace

TEST_CASE("a debit is decoded") {
  auto asked = message(Method::post, "/v1/wallets/al%69ce/debits", R"({"amount":300,"reference":"order-17"})");
  asked.headers.add("Idempotency-Key", "k");
  asked.headers.add("If-Match", "\"v7\"");
  asked.headers.add("Tote-Deadline-Ms", "3000");
  const auto decoded = decode(asked, {});
  REQUIRE(decoded.is_for_engine());
  CHECK(decoded.request.entity == "alice");
  CHECK(decoded.request.key == "k");
  CHECK(decoded.request.fingerprint != Fingerprint{});
  CHECK(decoded.request.expected_version == Version{7});
  CHECK(decoded.request.deadline_ms == 3000);
  const auto* command = decoded.request.command.get<Wallet::Command>();
  REQUIRE(command != nullptr);
  const auto* debit = std::get_if<Wallet::Debit>(command);
  REQUIRE(debit != nullptr);
  CHECK(debit->amount.minor == 300);
  CHECK(debit->reference == "order-17");
}

TEST_CASE("paths and methods") {
  CHECK(code_of_message(message(Method::get, "/v1/wallets/alice")) == "taken");
  CHECK(code_of_message(message(Method::head, "/v1/wallets/alice")) == "taken");
  CHECK(code_of_message(message(Method::get, "http://localhost:8080/v1/wallets/alice")) == "taken");
  CHECK(code_of_message(message(Method::get, "/v1/wallets/")) == "invalid_id");
  CHECK(code_of_message(message(Method::get, "/v1/wallets/a%2")) == "invalid_id");
  CHECK(code_of_message(message(Method::get, "/v1/wallets/a%2Fb")) == "invalid_id");
  CHECK(code_of_message(message(Method::get, "/v1/wallets/" + std::string(128, 'a'))) == "taken");
  CHECK(code_of_message(message(Method::get, "/v1/wallets/" + std::string(129, 'a'))) == "invalid_id");
  CHECK(code_of_message(message(Method::get, "/v1/wallets/a?x=1")) == "invalid_request");
  CHECK(code_of_message(message(Method::get, "/v1/wallets/a?")) == "taken");
  for (const char* path : {"", "*", "/v1", "/v1/wallet", "/v1/wallets/a/credits/b", "/V1/wallets/a", "/v1//wallets/a",
                           "/a/b/c/d/e/f/g/h/i/j", "localhost:80"})
    CHECK_MESSAGE(code_of_message(message(Method::get, path)) == "not_found", path);
  const auto wrong = decode(message(Method::delete_, "/v1/wallets/a"), {});
  CHECK(wrong.problem.kind->code == "method_not_allowed");
  CHECK(wrong.problem.allow == "GET, HEAD, PUT, PATCH");
}

TEST_CASE("the key is checked before ids, query and body") {
  auto asked = message(Method::post, "/v1/wallets/a%20b/credits?x", "{");
  asked.headers.add("Idempotency-Key", "a b");
  CHECK(code_of_message(asked) == "idempotency_key_invalid");
  CHECK(code_of_message(message(Method::post, "/v1/wallets/a%20b/credits", "{"), {true}) == "idempotency_key_missing");
  CHECK(code_of_message(message(Method::get, "/v1/wallets/a"), {true}) == "taken");
}

TEST_CASE("fingerprints tell method, path, query and body apart") {
  const auto fingerprint = [](Method method, std::string_view target, std::string_view body) {
    return fingerprint_of(method, split_target(target), body);
  };
  const auto one = fingerprint(Method::post, "/a?b", "c");
  CHECK(one == fingerprint(Method::post, "/a?b", "c"));
  CHECK(one != fingerprint(Method::put, "/a?b", "c"));
  CHECK(one != fingerprint(Method::post, "/ab", "c"));
  CHECK(one != fingerprint(Method::post, "/a?", "bc"));
  CHECK(one != fingerprint(Method::post, "/a?bc", ""));
}

TEST_CASE("a request is the same however its bytes are cut") {
  const std::string bytes =
      "\r\nPOST /v1/wallets/a/credits HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nIdempotency-Key: k\r\n\r\n"
      "5;x=y\r\n{\"amo\r\n7\r\nunt\":5}\r\n0\r\nIdempotency-Key: trailer\r\n\r\n";
  for (std::size_t step = 1; step <= bytes.size(); ++step) {
    RequestReader reader(16'384, [](std::string_view) { return 65'536; });
    std::size_t given = 0, taken = 0;
    while (reader.state() != RequestReader::State::complete && reader.state() != RequestReader::State::failed &&
           given < bytes.size()) {
      given = std::min(given + step, bytes.size());
      std::size_t more = 0;
      while ((more = reader.put(std::string_view(bytes).substr(taken, given - taken))) != 0) taken += more;
    }
    CHECK(reader.state() == RequestReader::State::complete);
    CHECK(taken == bytes.size());
    CHECK(reader.message().body == "{\"amount\":5}");
    CHECK(reader.message().headers.value(Header::idempotency_key) == "k");
    CHECK(reader.message().headers.count(Header::idempotency_key) == 1);
  }
}

TEST_CASE("what isn't HTTP, and what two readers could read differently, is refused") {
  const auto refused = [](std::string_view bytes) {
    RequestReader reader(1'024, [](std::string_view) { return 1'024; });
    while (reader.state() != RequestReader::State::failed && !bytes.empty()) {
      const auto taken = reader.put(bytes);
      if (taken == 0) break;
      bytes.remove_prefix(taken);
    }
    return reader.state() == RequestReader::State::failed ? problem_of(reader.failure()).kind->code
                                                          : std::string_view("taken");
  };
  CHECK(refused("GET / HTTP/1.1\r\nHost: a\r\n\r\n") == "taken");
  CHECK(refused("GET / HTTP/1.0\r\n\r\n") == "taken");
  for (const char* text :
       {"GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", "GET / HTTP/2.0\r\nHost: a\r\n\r\n",
        "GET /\r\n\r\n", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 2\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n",
        "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", "GET / HTTP/1.1\r\nHost : a\r\n\r\n"})
    CHECK_MESSAGE(refused(text) == "invalid_request", std::string(text));
  CHECK(refused("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(2'000, 'x')) == "header_too_large");
  CHECK(refused("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1025\r\n\r\n") == "body_too_large");
}

}  // namespace tote::http
