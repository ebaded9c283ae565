#include "tests/http/schema.h"

#include <algorithm>
#include <boost/json.hpp>
#include <set>

namespace tests::http {

namespace json = boost::json;

namespace {

bool has_type(const json::value& value, std::string_view type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "integer") return value.is_int64() || value.is_uint64();
  if (type == "number") return value.is_number();
  if (type == "boolean") return value.is_bool();
  if (type == "null") return value.is_null();
  return false;
}

// "type": one, or a list of those that it may have.
bool has_type(const json::value& value, const json::value& type) {
  if (type.is_string()) return has_type(value, std::string_view(type.as_string()));
  return std::ranges::any_of(type.as_array(), [&](const json::value& one) { return has_type(value, one); });
}

std::string check_members(const json::value& document, const json::object& schema, const json::value& value,
                          const std::string& pointer) {
  if (!value.is_object()) return {};
  const auto& object = value.as_object();
  if (const auto* required = schema.if_contains("required"))
    for (const auto& name : required->as_array())
      if (!object.contains(name.as_string())) return pointer + ": lacks " + std::string(name.as_string());
  const auto* properties = schema.if_contains("properties");
  const auto* additional = schema.if_contains("additionalProperties");
  for (const auto& [name, member] : object) {
    const auto* of_member = properties == nullptr ? nullptr : properties->as_object().if_contains(name);
    const std::string at = pointer + '/' + std::string(name);
    if (of_member != nullptr) {
      if (auto wrong = mismatch(document, *of_member, member, at); !wrong.empty()) return wrong;
    } else if (additional != nullptr && additional->is_object()) {
      if (auto wrong = mismatch(document, *additional, member, at); !wrong.empty()) return wrong;
    } else if (additional != nullptr ? !additional->as_bool() : properties != nullptr) {
      return at + ": isn't in the schema";  // nor may an answer have what it doesn't tell of
    }
  }
  return {};
}

std::string check_bounds(const json::object& schema, const json::value& value, const std::string& pointer) {
  if (const auto* allowed = schema.if_contains("enum")) {
    bool found = false;
    for (const auto& one : allowed->as_array()) found |= one == value;
    if (!found) return pointer + ": isn't one of the enum";
  }
  if (value.is_int64()) {
    if (const auto* least = schema.if_contains("minimum"); least != nullptr && value.as_int64() < least->as_int64())
      return pointer + ": too small";
    if (const auto* most = schema.if_contains("maximum"); most != nullptr && value.as_int64() > most->as_int64())
      return pointer + ": too large";
  }
  if (value.is_array()) {
    const auto size = static_cast<std::int64_t>(value.as_array().size());
    if (const auto* least = schema.if_contains("minItems"); least != nullptr && size < least->as_int64())
      return pointer + ": too few";
    if (const auto* most = schema.if_contains("maxItems"); most != nullptr && size > most->as_int64())
      return pointer + ": too many";
  }
  if (value.is_string()) {
    const auto size = static_cast<std::int64_t>(value.as_string().size());
    if (const auto* least = schema.if_contains("minLength"); least != nullptr && size < least->as_int64())
      return pointer + ": too short";
    if (const auto* most = schema.if_contains("maxLength"); most != nullptr && size > most->as_int64())
      return pointer + ": too long";
  }
  return {};
}

}  // namespace

std::string mismatch(const json::value& document, const json::value& schema, const json::value& value,
                     const std::string& pointer) {
  static const std::set<std::string_view> known = {
      "$ref",     "type",      "enum",      "required", "properties", "additionalProperties", "items",   "minimum",
      "maximum",  "minLength", "maxLength", "pattern",  "format",     "description",          "default", "minItems",
      "maxItems", "oneOf",     "anyOf"};
  const auto& object = schema.as_object();
  for (const auto& [name, keyword] : object)
    if (!known.contains(name)) return pointer + ": unknown keyword " + std::string(name);
  if (const auto* reference = object.if_contains("$ref"))
    return mismatch(document, document.at_pointer(std::string_view(reference->as_string()).substr(1)), value, pointer);
  if (const auto* type = object.if_contains("type"); type != nullptr && !has_type(value, *type))
    return pointer + ": isn't of type " + json::serialize(*type);
  for (const char* name : {"oneOf", "anyOf"})
    if (const auto* several = object.if_contains(name)) {
      const auto count = std::ranges::count_if(
          several->as_array(), [&](const json::value& one) { return mismatch(document, one, value, pointer).empty(); });
      const bool is_good = std::string_view(name) == "oneOf" ? count == 1 : count > 0;
      return is_good ? "" : pointer + ": matches " + std::to_string(count) + " of its " + name;
    }
  if (auto wrong = check_bounds(object, value, pointer); !wrong.empty()) return wrong;
  if (const auto* items = object.if_contains("items"); items != nullptr && value.is_array())
    for (const auto& item : value.as_array())
      if (auto wrong = mismatch(document, *items, item, pointer + "/-"); !wrong.empty()) return wrong;
  return check_members(document, object, value, pointer);
}

}  // namespace tests::http
