// A strict reader of request bodies: one JSON object, every member asked for by name, everything else refused.
//
//   JsonDocument document;                              // reused: no allocation once it has grown
//   if (!document.parse(body)) return document.error();
//   JsonObject object(document);
//   const std::int64_t amount = object.integer("amount", 1, limits::amount_max);
//   if (!object.finish()) return document.error();      // the first thing that was wrong, with its JSON pointer
//
// Refused: anything RFC 8259 refuses, invalid UTF-8, duplicate and unknown members, numbers that aren't written as
// integers (1.0, 1e3), more than depth_max levels.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/kernel/time.h"

namespace tote::http {

struct JsonError {
  std::string pointer;  // RFC 6901; "" is the whole body
  std::string detail;
  bool bad_id = false;  // the text isn't an id: `invalid_id` instead of `invalid_request`
};

enum class JsonType : std::uint8_t { null, boolean, integer, number, string, array, object };

class JsonDocument {
 public:
  static constexpr std::size_t depth_max = 8;
  static constexpr std::size_t members_max = 64;    // of one object
  static constexpr std::size_t values_max = 4'096;  // of one body

  JsonDocument();
  ~JsonDocument();
  JsonDocument(const JsonDocument&) = delete;
  JsonDocument& operator=(const JsonDocument&) = delete;

  bool parse(std::string_view text);
  const JsonError& error() const { return error_; }
  bool failed() const { return failed_; }

 private:
  friend class JsonObject;
  friend struct JsonHandler;
  struct Text {
    std::uint32_t at = 0, size = 0;
  };
  struct Value {
    JsonType type = JsonType::null;
    bool asked = false;
    // Indexes of values_, -1: none. Objects and lists know their first element, each element the one behind it.
    std::int32_t parent = -1;
    std::int32_t first = -1, last = -1, next = -1;
    std::int64_t integer = 0;
    Text name, text;
  };
  struct Parser;

  // Calls each(index) for every element of values_[index], in order, until it is false.
  template <class Each>
  void each_element(std::int32_t index, const Each& each) const {
    if (index < 0) return;
    for (std::int32_t i = value_at(index).first; i >= 0 && each(i);) i = value_at(i).next;
  }
  const Value& value_at(std::int32_t index) const { return values_[static_cast<std::size_t>(index)]; }
  Value& value_at(std::int32_t index) { return values_[static_cast<std::size_t>(index)]; }

  std::string_view view(Text text) const { return {text_.data() + text.at, text.size}; }
  std::string path_of(std::int32_t index) const;
  std::string pointer_to(std::int32_t parent, std::string_view name) const;
  bool fail(std::string pointer, std::string detail, bool bad_id = false);  // the first error wins; always false

  std::unique_ptr<Parser> parser_;
  std::vector<Value> values_;  // in document order; values_[0] is the body
  std::string text_;           // unescaped names and strings
  JsonError error_;
  bool failed_ = false;
};

// One object of a document. After an error every function gives a harmless value and finish() is false.
class JsonObject {
 public:
  explicit JsonObject(JsonDocument& document, std::int32_t index = 0);

  bool has(std::string_view name);
  bool takes_null(std::string_view name);  // it is there, and null: which counts as asked for
  std::int64_t integer(std::string_view name, std::int64_t min, std::int64_t max);
  std::int64_t integer_or(std::string_view name, std::int64_t min, std::int64_t max, std::int64_t otherwise);
  std::string_view text(std::string_view name);
  std::string_view id(std::string_view name);  // 1 … 128 id characters, else `invalid_id`
  std::string_view id_or_none(std::string_view name);
  std::string_view text_or_none(std::string_view name);
  bool boolean_or(std::string_view name, bool otherwise);
  // RFC 3339 in UTC, "2026-01-02T03:04:05Z", with a fraction of up to nanoseconds if wanted.
  Time time_or(std::string_view name, Time otherwise);
  // Of 1 to text_max bytes, for people.
  std::string_view words(std::string_view name, std::size_t text_max);
  JsonObject object(std::string_view name);
  // The members of an object of texts, whatever their names; none when it isn't there.
  std::vector<std::pair<std::string, std::string>> texts_or_none(std::string_view name);
  // Its elements, all objects: from 1 to `max`.
  std::vector<JsonObject> objects(std::string_view name, std::size_t max);
  // For values whose meaning the reader doesn't know: "must be …".
  void refuse(std::string_view name, std::string detail);
  bool finish();  // refuses members nobody asked for

 private:
  JsonDocument::Value* find(std::string_view name);
  JsonDocument::Value* need(std::string_view name, bool required, JsonType type, std::string_view what);

  static constexpr std::int32_t nowhere = -2;  // of an object that isn't there: the document has failed

  JsonDocument& document_;
  std::int32_t index_;
};

}  // namespace tote::http
