// Walks GET /openapi.json: what is documented is served, what is served is documented, examples are true.
#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <functional>
#include <set>

#include "adapters/http/openapi.h"
#include "adapters/http/problems.h"
#include "adapters/http/routes.h"
#include "tests/http/client.h"
#include "tests/http/running_server.h"
#include "tests/http/schema.h"

using namespace tests::http;
namespace json = boost::json;

namespace {

struct Operation {
  std::string method, path;
  const json::object* body;
};

const json::value& document() {
  static const json::value parsed = json::parse(tote::http::openapi_document());
  return parsed;
}

const json::value& resolve(const json::value& value) {
  const auto* reference = value.is_object() ? value.as_object().if_contains("$ref") : nullptr;
  return reference == nullptr ? value : document().at_pointer(std::string_view(reference->as_string()).substr(1));
}

std::vector<Operation> operations() {
  std::vector<Operation> all;
  for (const auto& [path, item] : document().at("paths").as_object())
    for (const auto& [method, operation] : item.as_object()) {
      std::string upper(method);
      for (char& c : upper) c = static_cast<char>(std::toupper(c));
      all.push_back({upper, std::string(path), &operation.as_object()});
    }
  return all;
}

std::string text_of(const json::object& from, std::string_view name) { return std::string(from.at(name).as_string()); }

// The path with each {parameter} replaced by its documented example.
std::string example_path(const Operation& operation) {
  std::string path = operation.path;
  const auto* parameters = operation.body->if_contains("parameters");
  if (parameters == nullptr) return path;
  for (const auto& listed : parameters->as_array()) {
    const auto& parameter = resolve(listed).as_object();
    if (text_of(parameter, "in") != "path") continue;
    const std::string slot = '{' + text_of(parameter, "name") + '}';
    const auto at = path.find(slot);
    REQUIRE(at != std::string::npos);
    path.replace(at, slot.size(), text_of(parameter, "example"));
  }
  CHECK(path.find('{') == std::string::npos);
  return path;
}

Response send(Client& client, const json::object& request) {
  HeaderList headers;
  if (const auto* listed = request.if_contains("headers"))
    for (const auto& [name, value] : listed->as_object()) headers.emplace_back(name, value.as_string());
  const auto* body = request.if_contains("body");
  return client.ask(text_of(request, "method"), text_of(request, "path"), body == nullptr ? "" : json::serialize(*body),
                    headers);
}

void prepare(Client& client, const json::object& from, std::string_view name) {
  const auto* before = from.if_contains(name);
  if (before == nullptr) return;
  for (const auto& request : before->as_array()) {
    const auto* repeat = request.as_object().if_contains("repeat");
    for (std::int64_t i = repeat == nullptr ? 1 : repeat->as_int64(); i > 0; --i)
      CHECK(send(client, request.as_object()).status < 300);
  }
}

// Those of every HTTP server aren't documented; those of a replay, a stale answer or a trace aren't always there, and a
// refusal that was said before the engine was asked has no LSN, and what never changed (a tenant's refunds) no ETag.
void check_headers(const json::object& documented, const Response& response) {
  static const std::set<std::string> of_http{"Content-Type", "Content-Length", "Transfer-Encoding",
                                             "Connection",   "Date",           "Location",
                                             "Allow",        "Cache-Control"};
  static const std::set<std::string> may_lack{"Idempotent-Replayed", "X-Idempotent-Replayed", "Age", "traceparent"};
  const auto* headers = documented.if_contains("headers");
  for (const auto& [name, value] : response.headers)
    if (!of_http.contains(name))
      CHECK_MESSAGE((headers != nullptr && headers->as_object().contains(name)), name << " isn't documented");
  if (headers == nullptr) return;
  const auto& body = response.body;
  const bool has_changed = body.find("\"version\":") != body.npos && body.find("\"version\":0,") == body.npos;
  for (const auto& [name, header] : headers->as_object()) {
    const bool is_optional = may_lack.contains(std::string(name)) || (name == "Tote-Lsn" && response.status >= 400) ||
                             (name == "ETag" && !has_changed);
    if (!is_optional) CHECK_MESSAGE(response.has(name), std::string(name));
  }
}

// The documented response of that status takes this answer: its media type, its schema, its headers.
void check_documented(const Operation& operation, const Response& response) {
  const auto* documented = operation.body->at("responses").as_object().if_contains(std::to_string(response.status));
  REQUIRE_MESSAGE(documented != nullptr, response.status << " isn't documented: " << response.body);
  const auto& content = documented->as_object().at("content").as_object();
  const std::string type = response.header("Content-Type").substr(0, response.header("Content-Type").find(';'));
  const auto* media = content.if_contains(type);
  REQUIRE_MESSAGE(media != nullptr, type);
  if (type.ends_with("json") && !type.ends_with("ndjson"))
    CHECK(mismatch(document(), media->at("schema"), json::parse(response.body)) == "");
  check_headers(documented->as_object(), response);
}

void on_fresh_server(const std::function<void(Client&)>& use) {
  TempDirectory directory;
  RunningServer server(directory.path());
  Client client(server.port());
  use(client);
}

// Codes that an operation documents with a response of its own.
std::set<std::string> documented_codes(const Operation& operation) {
  std::set<std::string> codes;
  for (const auto& [status, response] : operation.body->at("responses").as_object()) {
    const auto* content = response.as_object().if_contains("content");
    const auto* problem = content == nullptr ? nullptr : content->as_object().if_contains("application/problem+json");
    if (problem == nullptr) continue;
    for (const auto& [code, example] : problem->at("examples").as_object()) {
      codes.emplace(code);
      const auto& value = resolve(example).at("value");
      CHECK(std::to_string(value.at("status").as_int64()) == status);
      CHECK(mismatch(document(), problem->at("schema"), value) == "");
    }
  }
  return codes;
}

// Problems that need more than a request on a fresh server: other tests provoke them.
const std::set<std::string> provoked_elsewhere = {"unauthorized",        "forbidden",         "idempotency_key_missing",
                                                  "body_too_large",      "header_too_large",  "request_timeout",
                                                  "overloaded",          "log_full",          "draining",
                                                  "internal_error",      "too_many_holds",    "too_many_reservations",
                                                  "waitlist_full",       "payments_paused",   "payment_declined",
                                                  "too_many_attempts",   "refund_not_failed", "quota_exceeded",
                                                  "log_damaged",         "not_failed",        "trimmed",
                                                  "too_many_refunds",    "cluster_refused",   "backup_running",
                                                  "not_enough_replicas", "owner_changed"};

}  // namespace

TEST_CASE("the document is served as it is made") {
  on_fresh_server([](Client& client) {
    const auto served = client.get("/openapi.json");
    CHECK(served.header("Content-Type") == "application/json");
    CHECK(served.body == tote::http::openapi_document());
    CHECK(document().at("openapi").as_string() == "3.1.0");
  });
}

TEST_CASE("every route is documented, and every documented operation is a route") {
  std::set<std::pair<std::string, std::string>> served, documented;
  for (const auto& route : tote::http::routes()) served.emplace(name_of(route.method), route.pattern);
  for (const auto& operation : operations()) documented.emplace(operation.method, operation.path);
  CHECK(served == documented);
}

TEST_CASE("every $ref leads somewhere") {
  const std::function<void(const json::value&)> walk = [&](const json::value& value) {
    if (value.is_array())
      for (const auto& item : value.as_array()) walk(item);
    if (!value.is_object()) return;
    for (const auto& [name, member] : value.as_object()) {
      if (name == "$ref") CHECK_NOTHROW(resolve(value));
      walk(member);
    }
  };
  walk(document());
}

TEST_CASE("examples match their schemas, and the requests among them are answered as documented") {
  for (const auto& operation : operations()) {
    INFO(operation.method << " " << operation.path);
    for (const auto& [status, response] : operation.body->at("responses").as_object())
      if (const auto* content = response.as_object().if_contains("content"))
        for (const auto& [type, media] : content->as_object())
          if (const auto* example = media.as_object().if_contains("example"))
            CHECK(mismatch(document(), media.at("schema"), *example) == "");
    on_fresh_server([&](Client& client) {
      prepare(client, *operation.body, "x-before");
      std::string body;
      if (const auto* request = operation.body->if_contains("requestBody")) {
        const auto& [type, media] = *request->at("content").as_object().begin();
        CHECK(mismatch(document(), media.at("schema"), media.at("example")) == "");
        body = type == "application/json" ? json::serialize(media.at("example"))
                                          : std::string(media.at("example").as_string());
      }
      if (operation.body->contains("x-example")) return;  // other tests
      const auto response = client.ask(operation.method, example_path(operation), body);
      CHECK(response.status < 300);
      check_documented(operation, response);
    });
  }
}

TEST_CASE("every documented problem can be provoked as documented") {
  for (const auto& operation : operations()) {
    const auto* listed = operation.body->if_contains("x-provoke");
    if (listed == nullptr) continue;
    for (const auto& provoke : listed->as_array()) {
      const auto& request = provoke.as_object();
      const std::string code = text_of(request, "code");
      INFO(operation.method << " " << operation.path << " " << code);
      CHECK(text_of(request, "method") == operation.method);
      on_fresh_server([&](Client& client) {
        prepare(client, request, "before");
        const auto response = send(client, request);
        CHECK(json::parse(response.body).at("code").as_string() == code);
        check_documented(operation, response);
      });
    }
  }
}

TEST_CASE("each problem in the document is provoked by one of its examples, or by another test") {
  std::set<std::string> documented, provoked;
  for (const auto& operation : operations()) {
    documented.merge(documented_codes(operation));
    if (const auto* listed = operation.body->if_contains("x-provoke"))
      for (const auto& provoke : listed->as_array()) provoked.insert(text_of(provoke.as_object(), "code"));
  }
  for (const auto& code : documented)
    CHECK_MESSAGE((provoked.contains(code) || provoked_elsewhere.contains(code)), code);
  for (const auto& code : provoked) CHECK_MESSAGE(documented.contains(code), code);
}
