#include "tests/http/bad_bodies.h"

#include <boost/json.hpp>
#include <functional>
#include <set>

#include "tests/http/schema.h"

namespace tests::http {

namespace json = boost::json;

namespace {

constexpr std::string_view hole = "@hole@";

// What stands nowhere in a body of the API: no number with a fraction or an exponent, none beyond 64 bits, nothing
// deep.
std::vector<std::string> nowhere_taken() {
  return {"1.0", "0.5", "1e0", "1e400", "-0.0", "9223372036854775808", "18446744073709551617", "-9223372036854775809"};
}

// Bad by their type or size alone: each is tried where the schema doesn't take it.
std::vector<std::string> of_other_types() {
  return {"null", "true", "{}", "[]", "[1]", "0", "-1", "1", "\"\"", "\"1\"", "9007199254740991", "9007199254740993"};
}

// What no JSON reader takes, or ours doesn't, because it is too deep.
std::vector<std::string> no_json() {
  return {std::string(200, '[') + std::string(200, ']'),
          "NaN",
          "01",
          "+1",
          "'a'",
          "\"",
          "\"\\x\"",
          "\"\\ud800\"",
          "\"\xff\"",
          "\"a\nb\"",
          "\"\xc0\x80\"",
          "\"\xed\xa0\x80\"",
          std::string("\"a\0b\"", 5)};
}

class Maker {
 public:
  Maker(const json::value& document, const json::value& schema) : document_(document), schema_(schema) {}

  void spoil(const json::value& body) { visit(schema_, body, body, ""); }

  // The example with one member more, for each that it leaves out.
  std::vector<json::value> fuller(const json::value& example) {
    std::vector<json::value> all = {example};
    each_object(schema_, example, "",
                [&](const json::object& properties, const json::value& at, const std::string& here) {
                  for (const auto& [name, schema] : properties)
                    if (!at.as_object().contains(name)) {
                      all.push_back(example);
                      all.back().at_pointer(here).as_object()[name] = sample(schema);
                    }
                });
    return all;
  }

  std::vector<BadBody> made;

 private:
  const json::object& resolve(const json::value& schema) const {
    const auto* reference = schema.as_object().if_contains("$ref");
    if (reference == nullptr) return schema.as_object();
    return resolve(document_.at_pointer(std::string_view(reference->as_string()).substr(1)));
  }

  // The schema, or that of its alternatives which takes the value.
  const json::object& chosen(const json::value& schema, const json::value& value) const {
    const auto& object = resolve(schema);
    for (const char* name : {"oneOf", "anyOf"})
      if (const auto* several = object.if_contains(name))
        for (const auto& one : several->as_array())
          if (mismatch(document_, one, value).empty()) return chosen(one, value);
    return object;
  }

  using Visit = std::function<void(const json::object& properties, const json::value& at, const std::string& pointer)>;

  void each_object(const json::value& schema, const json::value& value, const std::string& pointer,
                   const Visit& visit) const {
    const auto& object = chosen(schema, value);
    const auto* properties = object.if_contains("properties");
    if (value.is_object() && properties != nullptr) {
      visit(properties->as_object(), value, pointer);
      for (const auto& [name, member] : value.as_object())
        if (const auto* of_member = properties->as_object().if_contains(name))
          each_object(*of_member, member, pointer + '/' + std::string(name), visit);
    }
    if (value.is_array())
      for (std::size_t i = 0; i < value.as_array().size(); ++i)
        each_object(object.at("items"), value.as_array()[i], pointer + '/' + std::to_string(i), visit);
  }

  json::value sample(const json::value& schema) const {
    const auto& object = resolve(schema);
    for (const char* name : {"oneOf", "anyOf"})
      if (const auto* several = object.if_contains(name)) return sample(several->as_array()[0]);
    if (const auto* allowed = object.if_contains("enum")) return allowed->as_array()[0];
    const auto& listed = object.at("type");
    const auto& type = listed.is_array() ? listed.as_array()[0].as_string() : listed.as_string();
    if (type == "integer") return object.contains("minimum") ? object.at("minimum") : json::value(1);
    if (type == "boolean") return true;
    if (type == "string") return "x1";
    if (type == "array") return json::array{sample(object.at("items"))};
    json::object made_of;
    if (const auto* required = object.if_contains("required"))
      for (const auto& name : required->as_array())
        made_of[name.as_string()] = sample(object.at("properties").at(name.as_string()));
    return made_of;
  }

  void add(const json::value& whole, const std::string& pointer, const std::string& in_its_place,
           const std::string& what, const std::string& wrong_at) {
    json::value body = whole;
    body.at_pointer(pointer) = hole;
    std::string text = json::serialize(body);
    const std::string quoted = '"' + std::string(hole) + '"';
    text.replace(text.find(quoted), quoted.size(), in_its_place);
    made.push_back({std::move(text), wrong_at, what});
  }

  void visit(const json::value& schema, const json::value& whole, const json::value& value,
             const std::string& pointer) {
    const auto& object = chosen(schema, value);
    if (seen_.emplace(pointer, &object).second) {
      wrong_values(schema, object, whole, pointer);
      if (value.is_object()) wrong_members(object, whole, value.as_object(), pointer);
    }
    if (const auto* properties = object.if_contains("properties"); properties != nullptr && value.is_object())
      for (const auto& [name, member] : value.as_object())
        visit(properties->at(name), whole, member, pointer + '/' + std::string(name));
    if (value.is_array())
      for (std::size_t i = 0; i < value.as_array().size(); ++i)
        visit(object.at("items"), whole, value.as_array()[i], pointer + '/' + std::to_string(i));
  }

  void wrong_values(const json::value& schema, const json::object& object, const json::value& whole,
                    const std::string& pointer) {
    for (const auto& text : nowhere_taken()) add(whole, pointer, text, text.substr(0, 20), pointer);
    for (const auto& text : no_json()) add(whole, pointer, text, text.substr(0, 20), "");
    std::vector<std::string> tried = of_other_types();
    if (const auto* least = object.if_contains("minimum")) tried.push_back(std::to_string(least->as_int64() - 1));
    if (const auto* most = object.if_contains("maximum")) tried.push_back(std::to_string(most->as_int64() + 1));
    if (const auto* most = object.if_contains("maxLength"))
      tried.push_back(json::serialize(json::string(static_cast<std::size_t>(most->as_int64()) + 1, 'a')));
    for (const auto& text : tried)
      if (!mismatch(document_, schema, json::parse(text)).empty()) add(whole, pointer, text, text, pointer);
    if (object.contains("pattern"))
      for (const char* text : {R"("a b")", R"("a/b")", R"("\u0000")", R"("é")", R"("a\n")"})
        add(whole, pointer, text, text, pointer);
    if (const auto* format = object.if_contains("format"); format != nullptr && format->as_string() == "date-time")
      for (const char* text : {R"("x")", R"("2030-02-30T00:00:00Z")", R"("2030-01-01")", R"("9999-12-31T23:59:59Z")"})
        add(whole, pointer, text, text, pointer);
  }

  void wrong_members(const json::object& object, const json::value& whole, const json::object& value,
                     const std::string& pointer) {
    if (!object.contains("properties")) return;  // its members have names of the client's
    if (const auto* required = object.if_contains("required"))
      for (const auto& listed : required->as_array()) {
        json::object without = value;
        const std::string name(listed.as_string());
        without.erase(name);
        add(whole, pointer, json::serialize(without), "without " + name, pointer + '/' + name);
      }
    json::object more = value;
    more["zzz"] = 1;
    add(whole, pointer, json::serialize(more), "one more", pointer + "/zzz");
    const std::string text = json::serialize(value);
    for (const auto& [name, member] : value) {
      const std::string again = json::serialize(json::value(name)) + ':' + json::serialize(member);
      add(whole, pointer, text.substr(0, text.size() - 1) + ',' + again + '}', "twice " + std::string(name),
          pointer + '/' + std::string(name));
    }
  }

  const json::value& document_;
  const json::value& schema_;
  std::set<std::pair<std::string, const json::object*>> seen_;
};

}  // namespace

std::vector<BadBody> bad_bodies(const json::value& document, const json::value& schema, const json::value& example) {
  Maker maker(document, schema);
  for (const auto& body : maker.fuller(example)) maker.spoil(body);
  const std::string text = json::serialize(example);
  for (const std::string& no_body : {std::string("x"), std::string("{"), std::string("{,}"), text + 'x',
                                     text + ' ' + text, "\xef\xbb\xbf" + text, text.substr(0, text.size() - 1)})
    maker.made.push_back({no_body, "", no_body});
  return std::move(maker.made);
}

}  // namespace tests::http
