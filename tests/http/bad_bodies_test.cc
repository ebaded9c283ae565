// Each request of the OpenAPI document with each body that its schema forbids.
#include "tests/http/bad_bodies.h"

#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "adapters/http/openapi.h"
#include "tests/http/client.h"
#include "tests/http/own_server.h"

namespace tests::http {

namespace json = boost::json;

namespace {

std::string example_target(const json::value& document, std::string path, const json::object& operation) {
  const auto* parameters = operation.if_contains("parameters");
  if (parameters == nullptr) return path;
  for (const auto& listed : parameters->as_array()) {
    const auto* reference = listed.as_object().if_contains("$ref");
    const auto& parameter =
        reference == nullptr ? listed : document.at_pointer(std::string_view(reference->as_string()).substr(1));
    if (parameter.at("in").as_string() != "path") continue;
    const std::string slot = '{' + std::string(parameter.at("name").as_string()) + '}';
    path.replace(path.find(slot), slot.size(), std::string_view(parameter.at("example").as_string()));
  }
  return path;
}

void make_ready(Client& client, const json::object& operation) {
  const auto* before = operation.if_contains("x-before");
  if (before == nullptr) return;
  for (const auto& request : before->as_array()) {
    const auto* body = request.as_object().if_contains("body");
    const auto* repeat = request.as_object().if_contains("repeat");
    for (std::int64_t i = repeat == nullptr ? 1 : repeat->as_int64(); i > 0; --i)
      CHECK(client
                .ask(std::string_view(request.at("method").as_string()),
                     std::string_view(request.at("path").as_string()), body == nullptr ? "" : json::serialize(*body))
                .status < 300);
  }
}

std::int64_t newest_lsn(Client& client) { return json::parse(client.get("/v1/books").body).at("as_of_lsn").as_int64(); }

// The place itself; one around it, where what a member means depends on those beside it; one within what was put
// there; one beside what is missing.
bool leads_to(const std::string& pointer, const BadBody& bad) {
  if (pointer == bad.pointer) return true;
  if (!pointer.empty() && bad.pointer.starts_with(pointer + '/')) return true;
  const auto around = bad.pointer.substr(0, bad.pointer.rfind('/') + 1);  // "item needs a pick beside it"
  if (bad.what.starts_with("without ") && pointer.starts_with(around)) return true;
  return bad.what.find_first_of("[{") == 0 && pointer.starts_with(bad.pointer + '/');
}

void check_refused(const Response& response, const BadBody& bad) {
  REQUIRE_MESSAGE(response.status == 400, response.body);
  CHECK(response.header("Content-Type") == "application/problem+json");
  const auto problem = json::parse(response.body).as_object();
  const auto code = problem.at("code").as_string();
  CHECK_MESSAGE((code == "invalid_request" || code == "invalid_id"), response.body);
  CHECK(problem.at("outcome").as_string() == "not_executed");
  CHECK(!problem.at("detail").as_string().empty());
  const auto* pointer = problem.if_contains("pointer");
  if (!bad.pointer.empty()) REQUIRE_MESSAGE(pointer != nullptr, response.body);
  if (pointer != nullptr && !bad.pointer.empty())
    CHECK_MESSAGE(leads_to(std::string(pointer->as_string()), bad), response.body);
}

}  // namespace

TEST_CASE("every body that a request's schema forbids is refused, names the place, and changes nothing") {
  const auto document = json::parse(tote::http::openapi_document());
  std::size_t tried = 0;
  for (const auto& [path, item] : document.at("paths").as_object())
    for (const auto& [method, operation] : item.as_object()) {
      const auto* request = operation.as_object().if_contains("requestBody");
      const auto* media =
          request == nullptr ? nullptr : request->at("content").as_object().if_contains("application/json");
      if (media == nullptr) continue;
      OwnServer own;
      Client& client = *own.client;
      make_ready(client, operation.as_object());
      std::string verb(method);
      for (char& c : verb) c = static_cast<char>(std::toupper(c));
      const auto target = example_target(document, path, operation.as_object());
      const auto lsn = newest_lsn(client);
      for (const auto& bad : bad_bodies(document, media->at("schema"), media->at("example"))) {
        INFO(verb << " " << target << " " << bad.pointer << " " << bad.what << ": " << bad.text.substr(0, 200));
        check_refused(client.ask(verb, target, bad.text), bad);
        ++tried;
      }
      INFO(verb << " " << target);
      CHECK(newest_lsn(client) == lsn);
      if (!operation.as_object().contains("x-example"))
        CHECK(client.ask(verb, target, json::serialize(media->at("example"))).status < 300);
    }
  CHECK(tried > 5'000);
}

}  // namespace tests::http
