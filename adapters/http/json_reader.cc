#include "adapters/http/json_reader.h"

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <boost/json/basic_parser_impl.hpp>

#include "adapters/http/json_time.h"
#include "engine/kernel/name.h"

namespace tote::http {

namespace json = boost::json;

// Builds the document's values from the parser's events. A false return stops the parser.
struct JsonHandler {
  static constexpr std::size_t max_object_size = JsonDocument::members_max + 1;  // so that it is on_key() who refuses
  static constexpr std::size_t max_array_size = JsonDocument::values_max;
  static constexpr std::size_t max_key_size = std::size_t{1} << 20;  // the body's limit is smaller
  static constexpr std::size_t max_string_size = std::size_t{1} << 20;

  explicit JsonHandler(JsonDocument& read_into) : document(read_into) {}

  JsonDocument& document;
  std::int32_t parent = -1;
  JsonDocument::Text name{};
  std::uint32_t text_begin = 0;

  // Of each open object or list: hashes of an object's names so far, side by side, so that looking for one twice is a
  // few instructions whatever a client sends.
  struct Level {  // NOLINT(cppcoreguidelines-pro-type-member-init): the first `count` are read
    std::size_t count = 0;
    std::array<std::uint64_t, JsonDocument::members_max> hashes;
  };
  std::array<Level, JsonDocument::depth_max> levels;
  std::size_t depth = 0;

  void begin() {
    parent = -1;
    name = {};
    text_begin = 0;
    depth = 0;
  }

  std::uint32_t text_end() const { return static_cast<std::uint32_t>(document.text_.size()); }

  JsonDocument::Value* add(JsonType type) {
    if (document.values_.size() >= JsonDocument::values_max) {
      document.fail("", "has too many values");
      return nullptr;
    }
    const auto index = static_cast<std::int32_t>(document.values_.size());
    auto& value = document.values_.emplace_back();
    value.type = type;
    value.parent = parent;
    value.name = std::exchange(name, {});
    if (parent >= 0) {
      auto& above = document.value_at(parent);
      (above.last < 0 ? above.first : document.value_at(above.last).next) = index;
      above.last = index;
    }
    return &value;
  }
  bool open(JsonType type) {
    if (depth == levels.size()) return document.fail("", "has too many levels");
    if (add(type) == nullptr) return false;
    parent = static_cast<std::int32_t>(document.values_.size()) - 1;
    levels[depth++].count = 0;
    return true;
  }
  bool close() {
    parent = document.value_at(parent).parent;
    --depth;
    return true;
  }
  // The name was there before in the object that is open.
  bool is_there(std::string_view said) const {
    bool found = false;
    document.each_element(parent,
                          [&](std::int32_t i) { return !(found = document.view(document.value_at(i).name) == said); });
    return found;
  }

  bool append(json::string_view part) {
    document.text_.append(part.data(), part.size());
    return true;
  }
  JsonDocument::Text take_text() {
    const std::uint32_t begin = std::exchange(text_begin, text_end());
    return {begin, text_end() - begin};
  }

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }
  bool on_array_begin(json::error_code&) { return open(JsonType::array); }
  bool on_array_end(std::size_t, json::error_code&) { return close(); }
  bool on_object_begin(json::error_code&) { return open(JsonType::object); }
  bool on_object_end(std::size_t, json::error_code&) { return close(); }
  bool on_string_part(json::string_view part, std::size_t, json::error_code&) { return append(part); }
  bool on_string(json::string_view part, std::size_t, json::error_code&) {
    append(part);
    const auto text = take_text();
    auto* value = add(JsonType::string);
    if (value != nullptr) value->text = text;
    return value != nullptr;
  }
  bool on_key_part(json::string_view part, std::size_t, json::error_code&) { return append(part); }
  bool on_key(json::string_view part, std::size_t, json::error_code&) {
    append(part);
    name = take_text();
    const std::string_view said = document.view(name);
    Level& level = levels[depth - 1];
    const std::uint64_t hash = XXH3_64bits(said.data(), said.size());
    std::size_t equal = 0;
    for (std::size_t i = 0; i < level.count; ++i) equal += level.hashes[i] == hash ? 1 : 0;
    if (equal > 0 && is_there(said)) return document.fail(document.pointer_to(parent, said), "is there twice");
    if (level.count == level.hashes.size()) return document.fail("", "has too many members");
    level.hashes[level.count++] = hash;
    return true;
  }
  bool on_number_part(json::string_view, json::error_code&) { return true; }
  bool on_int64(std::int64_t number, json::string_view, json::error_code&) {
    auto* value = add(JsonType::integer);
    if (value != nullptr) value->integer = number;
    return value != nullptr;
  }
  // Beyond 63 bits, fractions and exponents: a number, but no integer that anything here takes.
  bool on_uint64(std::uint64_t, json::string_view, json::error_code&) { return add(JsonType::number) != nullptr; }
  bool on_double(double, json::string_view, json::error_code&) { return add(JsonType::number) != nullptr; }
  bool on_bool(bool yes, json::error_code&) {
    auto* value = add(JsonType::boolean);
    if (value != nullptr) value->integer = yes ? 1 : 0;
    return value != nullptr;
  }
  bool on_null(json::error_code&) { return add(JsonType::null) != nullptr; }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }
};

namespace {

json::parse_options strict() {
  json::parse_options options;
  options.max_depth = JsonDocument::depth_max;
  return options;
}

}  // namespace

struct JsonDocument::Parser {
  explicit Parser(JsonDocument& document) : parser(strict(), document) {}

  json::basic_parser<JsonHandler> parser;
};

JsonDocument::JsonDocument() : parser_(std::make_unique<Parser>(*this)) {}
JsonDocument::~JsonDocument() = default;

bool JsonDocument::fail(std::string pointer, std::string detail, bool bad_id) {
  if (!failed_) error_ = {std::move(pointer), std::move(detail), bad_id};
  failed_ = true;
  return false;
}

bool JsonDocument::parse(std::string_view text) {
  values_.clear();
  text_.clear();
  failed_ = false;
  auto& parser = parser_->parser;
  parser.reset();
  parser.handler().begin();
  json::error_code error;
  const std::size_t read = parser.write_some(false, text.data(), text.size(), error);
  if (failed_) return false;
  if (error && values_.empty() && text.find_first_not_of(" \t\r\n") == std::string_view::npos)
    return fail("", "is empty; a JSON object is needed");
  if (error) return fail("", "isn't valid JSON: " + error.message() + " near byte " + std::to_string(read));
  if (read < text.size()) return fail("", "goes on after the JSON object, at byte " + std::to_string(read));
  if (values_[0].type != JsonType::object) return fail("", "must be a JSON object");
  return true;
}

std::string JsonDocument::path_of(std::int32_t index) const {
  if (index <= 0) return {};
  const Value& value = value_at(index);
  if (value_at(value.parent).type != JsonType::array) return pointer_to(value.parent, view(value.name));
  std::size_t position = 0;
  each_element(value.parent, [&](std::int32_t i) { return i != index && ++position > 0; });
  return path_of(value.parent) + '/' + std::to_string(position);
}

std::string JsonDocument::pointer_to(std::int32_t parent, std::string_view name) const {
  std::string path = path_of(parent) + '/';
  for (const char c : name) {
    if (c == '~')
      path += "~0";
    else if (c == '/')
      path += "~1";
    else
      path += c;
  }
  return path;
}

JsonObject::JsonObject(JsonDocument& document, std::int32_t index) : document_(document), index_(index) {}

JsonDocument::Value* JsonObject::find(std::string_view name) {
  JsonDocument::Value* found = nullptr;
  document_.each_element(index_, [&](std::int32_t i) {
    auto& value = document_.value_at(i);
    if (document_.view(value.name) == name) found = &value;
    return found == nullptr;
  });
  return found;
}

bool JsonObject::has(std::string_view name) { return find(name) != nullptr; }

bool JsonObject::takes_null(std::string_view name) {
  auto* value = find(name);
  if (value == nullptr || value->type != JsonType::null) return false;
  return value->asked = true;
}

JsonDocument::Value* JsonObject::need(std::string_view name, bool required, JsonType type, std::string_view what) {
  if (document_.failed_) return nullptr;
  auto* value = find(name);
  if (value == nullptr) {
    if (required) refuse(name, "is missing; " + std::string(what) + " is needed");
    return nullptr;
  }
  value->asked = true;
  if (value->type == type) return value;
  refuse(name, "must be " + std::string(what));
  return nullptr;
}

std::int64_t JsonObject::integer(std::string_view name, std::int64_t min, std::int64_t max) {
  const auto* value = need(name, true, JsonType::integer, "an integer");
  if (value == nullptr) return min;
  if (value->integer >= min && value->integer <= max) return value->integer;
  refuse(name, "must be an integer from " + std::to_string(min) + " to " + std::to_string(max));
  return min;
}

std::int64_t JsonObject::integer_or(std::string_view name, std::int64_t min, std::int64_t max, std::int64_t otherwise) {
  return find(name) == nullptr ? otherwise : integer(name, min, max);
}

std::string_view JsonObject::text(std::string_view name) {
  const auto* value = need(name, true, JsonType::string, "a string");
  return value == nullptr ? std::string_view{} : document_.view(value->text);
}

std::string_view JsonObject::id(std::string_view name) {
  const auto* value = need(name, true, JsonType::string, "a string");
  if (value == nullptr) return {};
  const std::string_view text = document_.view(value->text);
  if (!is_valid_id(text))
    document_.fail(document_.pointer_to(index_, name), "must be 1 to 128 characters of A-Z a-z 0-9 . _ : -", true);
  return text;
}

std::string_view JsonObject::id_or_none(std::string_view name) {
  return find(name) == nullptr ? std::string_view{} : id(name);
}

std::string_view JsonObject::text_or_none(std::string_view name) {
  return find(name) == nullptr ? std::string_view{} : text(name);
}

std::string_view JsonObject::words(std::string_view name, std::size_t text_max) {
  const std::string_view said = text(name);
  if (!document_.failed_ && (said.empty() || said.size() > text_max))
    refuse(name, "must be 1 to " + std::to_string(text_max) + " bytes");
  if (std::any_of(said.begin(), said.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }))
    refuse(name, "must have no control characters");
  return said;
}

bool JsonObject::boolean_or(std::string_view name, bool otherwise) {
  if (find(name) == nullptr) return otherwise;
  const auto* value = need(name, true, JsonType::boolean, "true or false");
  return value == nullptr ? otherwise : value->integer != 0;
}

Time JsonObject::time_or(std::string_view name, Time otherwise) {
  if (find(name) == nullptr) return otherwise;
  const std::string_view said = text(name);
  if (document_.failed_) return otherwise;
  const auto time = read_time(said);
  if (!time) refuse(name, "must be a time in UTC such as 2026-01-02T03:04:05Z");
  return time.value_or(otherwise);
}

JsonObject JsonObject::object(std::string_view name) {
  const auto* value = need(name, true, JsonType::object, "an object");
  return JsonObject(document_,
                    value == nullptr ? nowhere : static_cast<std::int32_t>(value - document_.values_.data()));
}

std::vector<std::pair<std::string, std::string>> JsonObject::texts_or_none(std::string_view name) {
  std::vector<std::pair<std::string, std::string>> texts;
  if (find(name) == nullptr) return texts;
  const JsonObject within = object(name);
  document_.each_element(within.index_, [&](std::int32_t i) {
    auto& value = document_.value_at(i);
    value.asked = true;
    if (value.type != JsonType::string) return document_.fail(document_.path_of(i), "must be a string");
    texts.emplace_back(document_.view(value.name), document_.view(value.text));
    return true;
  });
  return texts;
}

std::vector<JsonObject> JsonObject::objects(std::string_view name, std::size_t max) {
  std::vector<JsonObject> elements;
  const auto* list = need(name, true, JsonType::array, "a list of objects");
  if (list == nullptr) return elements;
  const auto parent = static_cast<std::int32_t>(list - document_.values_.data());
  document_.each_element(parent, [&](std::int32_t i) {
    if (document_.value_at(i).type != JsonType::object)
      return document_.fail(document_.path_of(i), "must be an object");
    elements.emplace_back(document_, i);
    return elements.size() <= max;
  });
  if (document_.failed_) return {};
  if (elements.empty() || elements.size() > max) {
    refuse(name, "must have 1 to " + std::to_string(max) + " elements");
    return {};
  }
  return elements;
}

void JsonObject::refuse(std::string_view name, std::string detail) {
  document_.fail(document_.pointer_to(index_, name), std::move(detail));
}

bool JsonObject::finish() {
  if (document_.failed_) return false;
  document_.each_element(index_, [&](std::int32_t i) {
    const auto& value = document_.value_at(i);
    return value.asked ||
           document_.fail(document_.pointer_to(index_, document_.view(value.name)), "isn't a member known here");
  });
  return !document_.failed_;
}

}  // namespace tote::http
