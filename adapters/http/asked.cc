#include "adapters/http/asked.h"

#include "adapters/http/amounts.h"
#include "engine/kernel/limits.h"

namespace tote::http {
namespace {

struct Bounds {
  std::int64_t min, max;
};

bool is_bounded(const Rules& rules) { return rules.min != 0 || rules.max != 0; }

Bounds bounds_of(const Rules& rules) {
  return is_bounded(rules) ? Bounds{rules.min, rules.max} : Bounds{1, limits::amount_max};
}

std::string integer_schema(const Rules& rules, std::int64_t as_made) {
  const Bounds bounds = bounds_of(rules);
  std::string schema =
      R"({"type":"integer","minimum":)" + std::to_string(bounds.min) + R"(,"maximum":)" + std::to_string(bounds.max);
  if (rules.may_lack) schema += R"(,"default":)" + std::to_string(as_made);
  return schema + '}';
}

}  // namespace

void read_member(JsonObject& body, std::string_view name, const Rules& rules, std::int64_t& into) {
  const Bounds bounds = bounds_of(rules);
  into = body.integer(name, bounds.min, bounds.max);
}

void read_member(JsonObject& body, std::string_view name, const Rules& rules, Money& into) {
  read_member(body, name, rules, into.minor);
}

void read_member(JsonObject& body, std::string_view name, const Rules&, bool& into) {
  into = body.boolean_or(name, into);
}

void read_member(JsonObject& body, std::string_view name, const Rules& rules, std::string& into) {
  into = rules.is_id ? body.id(name) : body.words(name, static_cast<std::size_t>(rules.max));
}

void read_member(JsonObject& body, std::string_view name, const Rules&, Time& into) { into = body.time_or(name, into); }

void read_member(JsonObject& body, std::string_view name, const Rules&, Currency& into) {
  into = read_currency(body, name);
}

std::string schema_of(const Rules& rules, std::int64_t as_made) { return integer_schema(rules, as_made); }

std::string schema_of(const Rules& rules, Money as_made) {
  return is_bounded(rules) ? integer_schema(rules, as_made.minor) : R"({"$ref":"#/components/schemas/Amount"})";
}

std::string schema_of(const Rules&, bool as_made) {
  return as_made ? R"({"type":"boolean","default":true})" : R"({"type":"boolean","default":false})";
}

std::string schema_of(const Rules& rules, const std::string&) {
  if (rules.is_id) return R"({"$ref":"#/components/schemas/Id"})";
  return R"({"type":"string","minLength":1,"maxLength":)" + std::to_string(rules.max) + '}';
}

std::string schema_of(const Rules&, Time) { return R"({"type":"string","format":"date-time"})"; }

std::string schema_of(const Rules&, Currency) {
  return R"({"type":"string","minLength":3,"maxLength":3,"description":"ISO 4217"})";
}

}  // namespace tote::http
