#include "adapters/http/openapi.h"

#include <boost/json.hpp>
#include <cctype>
#include <map>
#include <set>

#include "adapters/http/openapi_parts.h"
#include "adapters/http/problems.h"
#include "adapters/http/routes.h"

namespace tote::http {
namespace {

namespace json = boost::json;

json::value ref(std::string_view kind, std::string_view name) {
  return {{"$ref", "#/components/" + std::string(kind) + '/' + std::string(name)}};
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(c));
  return out;
}

std::string take_text(json::object& from, std::string_view name) {
  const auto found = from.find(name);
  if (found == from.end()) return {};
  std::string text(found->value().as_string());
  from.erase(found);
  return text;
}

using Names = std::vector<std::string_view>;

Names common_parameters(std::string_view kind) {
  if (kind == "change") return {"idempotency_key", "if_match", "deadline", "tenant", "traceparent"};
  if (kind == "command") return {"idempotency_key", "deadline", "tenant", "traceparent"};
  if (kind == "read") return {"if_none_match", "min_lsn", "read", "deadline", "tenant", "traceparent"};
  if (kind == "lookup") return {"min_lsn", "read", "deadline", "tenant", "traceparent"};
  if (kind == "gateway") return {"tenant"};
  return {};
}

// Of whoever names a tenant that isn't there `not_found`, at lists, too.
Names common_codes(std::string_view kind) {
  if (kind == "page") return {};
  if (kind == "gateway") return {"unauthorized", "forbidden", "not_found"};
  if (kind == "change" || kind == "command") {
    Names codes{"invalid_request",
                "invalid_id",
                "idempotency_key_invalid",
                "idempotency_key_missing",
                "unauthorized",
                "forbidden",
                "not_found",
                "request_timeout",
                "body_too_large",
                "idempotency_key_reused",
                "quota_exceeded",
                "header_too_large",
                "internal_error",
                "log_damaged",
                "overloaded",
                "log_full",
                "not_enough_replicas",
                "draining",
                "owner_changed",
                "deadline_exceeded"};
    if (kind == "change") codes.push_back("version_mismatch");
    return codes;
  }
  if (kind == "read")
    return {"invalid_request",  "invalid_id",     "unauthorized", "forbidden", "not_found",     "quota_exceeded",
            "header_too_large", "internal_error", "overloaded",   "draining",  "owner_changed", "deadline_exceeded"};
  return {"invalid_request", "unauthorized", "forbidden", "not_found",     "quota_exceeded",   "header_too_large",
          "internal_error",  "overloaded",   "draining",  "owner_changed", "deadline_exceeded"};
}

bool is_command(std::string_view kind) { return kind == "change" || kind == "command"; }

json::object headers_of(const Names& names) {
  json::object headers;
  for (const auto name : names) headers[name] = ref("headers", name);
  return headers;
}

// Of every answer, whatever it says.
Names common_headers(std::string_view kind) {
  if (kind == "page" || kind == "gateway") return {};
  if (is_command(kind)) return {"Tote-Lsn", "traceparent"};
  return {"Tote-Lsn", "traceparent", "Age"};
}

// Of an answer that is kept under its key.
Names kept_headers(std::string_view kind) {
  Names names = common_headers(kind);
  if (is_command(kind)) names.insert(names.end(), {"Idempotent-Replayed", "X-Idempotent-Replayed"});
  return names;
}

json::object success_headers(std::string_view kind, bool has_version) {
  Names names = kept_headers(kind);
  if (has_version) names.push_back("ETag");
  return headers_of(names);
}

json::object problem_headers(std::string_view kind, unsigned status) {
  const bool is_kept = status == 402 || status == 404 || status == 409 || status == 412;
  Names names = is_kept ? kept_headers(kind) : common_headers(kind);
  if (status == 401) names.push_back("WWW-Authenticate");
  if (status == 429 || status == 503) names.push_back("Retry-After");
  return headers_of(names);
}

void add_successes(json::object& operation, std::string_view kind, json::object& responses) {
  const bool has_version = !take_text(operation, "x-version").empty() || kind == "change" || kind == "read";
  if (const std::string text = take_text(operation, "x-text"); !text.empty()) {
    json::object response{{"description", kind == "page" ? "The page" : "A line each"},
                          {"content", {{text, {{"schema", {{"type", "string"}}}}}}}};
    if (auto headers = success_headers(kind, false); !headers.empty()) response["headers"] = std::move(headers);
    responses["200"] = std::move(response);
  }
  if (const auto* successes = operation.if_contains("x-success")) {
    for (const auto& [status, success] : successes->as_object()) {
      json::object media{{"schema", ref("schemas", success.at("schema").as_string())},
                         {"example", success.at("example")}};
      json::object response{{"description", success.at("description")},
                            {"content", {{"application/json", std::move(media)}}}};
      if (auto headers = success_headers(kind, has_version); !headers.empty()) response["headers"] = std::move(headers);
      responses[status] = std::move(response);
    }
    operation.erase("x-success");
  }
  if (kind == "read")
    responses["304"] = {{"description", "It has the version that If-None-Match names"},
                        {"headers", success_headers(kind, has_version)}};
}

// One response per status, with an example for each of its codes.
void add_problems(json::object& operation, std::string_view kind, json::object& responses) {
  Names codes = common_codes(kind);
  std::vector<std::string> own;
  if (const auto* listed = operation.if_contains("x-codes"))
    for (const auto& code : listed->as_array()) own.emplace_back(code.as_string());
  operation.erase("x-codes");
  codes.insert(codes.end(), own.begin(), own.end());
  std::map<unsigned, json::object> examples;
  for (const auto code : codes) examples[find_problem(code)->status][code] = ref("examples", code);
  for (auto& [status, of_status] : examples) {
    std::string description;
    for (const auto& [code, example] : of_status) description += (description.empty() ? "" : ", ") + std::string(code);
    json::object media{{"schema", ref("schemas", "Problem")}, {"examples", std::move(of_status)}};
    json::object response{{"description", description}, {"content", {{"application/problem+json", std::move(media)}}}};
    if (auto headers = problem_headers(kind, status); !headers.empty()) response["headers"] = std::move(headers);
    responses[std::to_string(status)] = std::move(response);
  }
}

void expand(json::object& operation) {
  const std::string kind = take_text(operation, "x-kind");
  for (const auto name : common_parameters(kind)) {
    auto& parameters = operation["parameters"];
    if (parameters.is_null()) parameters = json::array();
    parameters.as_array().push_back(ref("parameters", name));
  }
  json::object responses;
  add_successes(operation, kind, responses);
  add_problems(operation, kind, responses);
  operation["responses"] = std::move(responses);
  operation["security"] =
      kind == "page" ? json::array{} : json::array{json::object{{"token", json::array{}}}, json::object{}};
}

// A problem with every fact that its detail speaks of.
json::value example_of(const ProblemKind& kind) {
  Problem problem(kind);
  for (const Fact fact : {Fact{FactName::available, 800}, Fact{FactName::requested, 900},
                          Fact{FactName::current_version, 8}, Fact{FactName::limit, 10'000}})
    if (kind.detail.find('{' + std::string(name_of(fact.name)) + '}') != std::string_view::npos)
      problem.facts.add(fact);
  std::string text;
  append_problem(text, problem);
  return json::parse(text);
}

// Under the name by which its route speaks of it.
void add_body_schema(const Route& route, json::object& schemas) {
  if (route.body_schema == nullptr) return;
  const json::value operation = json::parse(route.document);
  const std::string_view at = operation.at_pointer("/requestBody/content/application~1json/schema/$ref").as_string();
  schemas[at.substr(at.rfind('/') + 1)] = json::parse(route.body_schema());
}

void strip(json::value& value, std::string_view member, const json::value* of) {
  if (auto* object = value.if_object()) {
    const auto found = object->find(member);
    if (found != object->end() && (of == nullptr || found->value() == *of)) object->erase(found);
    for (auto& [name, inner] : *object) strip(inner, member, of);
  } else if (auto* array = value.if_array()) {
    for (auto& inner : *array) strip(inner, member, of);
  }
}

// The names of the schemas that a value leads to.
void collect(const json::value& value, const json::object& schemas, std::set<std::string>& names) {
  constexpr std::string_view prefix = "#/components/schemas/";
  if (const auto* object = value.if_object()) {
    for (const auto& [name, inner] : *object) {
      const bool is_schema = name == "$ref" && inner.is_string() && inner.as_string().starts_with(prefix);
      if (!is_schema) {
        collect(inner, schemas, names);
      } else if (std::string to(std::string_view(inner.as_string()).substr(prefix.size())); names.insert(to).second) {
        collect(schemas.at(to), schemas, names);
      }
    }
  } else if (const auto* array = value.if_array()) {
    for (const auto& inner : *array) collect(inner, schemas, names);
  }
}

// What answers have may grow: a client must take members that it doesn't know. What is asked has no default.
void loosen(const json::object& paths, json::object& schemas) {
  std::set<std::string> asked, answered;
  for (const auto& [path, operations] : paths)
    for (const auto& [method, operation] : operations.as_object()) {
      if (const auto* body = operation.as_object().if_contains("requestBody")) collect(*body, schemas, asked);
      collect(operation.at("responses"), schemas, answered);
    }
  const json::value closed(false);
  for (auto& [name, schema] : schemas) {
    if (answered.contains(std::string(name))) strip(schema, "additionalProperties", &closed);
    if (asked.contains(std::string(name))) strip(schema, "default", nullptr);
  }
}

json::object make_components() {
  json::object components = json::parse(openapi_components).as_object();
  for (const Route& route : routes()) add_body_schema(route, components.at("schemas").as_object());
  json::object examples;
  json::array codes;
  for (const auto& kind : problem_kinds()) {
    examples[kind.code] = {{"summary", kind.title}, {"value", example_of(kind)}};
    codes.emplace_back(kind.code);
  }
  components["examples"] = std::move(examples);
  components.at("schemas").at("Problem").at("properties").at("code").as_object()["enum"] = std::move(codes);
  return components;
}

std::string make_document() {
  json::object paths;
  for (const Route& route : routes()) {
    json::object operation = json::parse(route.document).as_object();
    expand(operation);
    auto& path = paths[route.pattern];
    if (path.is_null()) path = json::object();
    path.as_object()[lower(name_of(route.method))] = std::move(operation);
  }
  json::object components = make_components();
  loosen(paths, components.at("schemas").as_object());
  const json::object document{
      {"openapi", "3.1.0"},
      {"info",
       {{"title", "Tote"},
        {"version", "1"},
        {"license", {{"name", "MIT"}, {"identifier", "MIT"}}},
        {"description",
         "An in-memory transaction engine with a write-ahead log. Bodies are JSON of at most 64 KiB; the Content-Type "
         "of a "
         "request isn't looked at. Unknown and repeated members, wrong types and numbers not written as integers are "
         "refused. GET works as HEAD, too. A path that exists, but not with a method: 405 method_not_allowed with "
         "Allow."}}},
      {"servers", json::array{{{"url", "/"}, {"description", "This server"}}}},
      {"paths", std::move(paths)},
      {"components", std::move(components)}};
  return json::serialize(document);
}

}  // namespace

const std::string& openapi_document() {
  static const std::string document = make_document();
  return document;
}

}  // namespace tote::http
