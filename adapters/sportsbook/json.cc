#include "adapters/sportsbook/json.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

namespace tote::sportsbook {
namespace {

// Bytes of the UTF-8 character that `text` begins with; 0: it begins with none.
std::size_t character_bytes(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < size) return 0;
  for (std::size_t i = 1; i < size; ++i)
    if ((byte(i) & 0xc0U) != 0x80U) return 0;
  const bool is_overlong = (first == 0xe0 && byte(1) < 0xa0) || (first == 0xf0 && byte(1) < 0x90);
  const bool is_beyond = (first == 0xed && byte(1) > 0x9f) || (first == 0xf4 && byte(1) > 0x8f);
  return is_overlong || is_beyond ? 0 : size;
}

void append_character(std::string& out, std::uint32_t code) {
  const auto byte = [&out](std::uint32_t bits) { out += static_cast<char>(bits); };
  if (code < 0x80) return byte(code);
  if (code < 0x800) {
    byte(0xc0U | code >> 6U);
  } else if (code < 0x10000) {
    byte(0xe0U | code >> 12U), byte(0x80U | (code >> 6U & 0x3fU));
  } else {
    byte(0xf0U | code >> 18U), byte(0x80U | (code >> 12U & 0x3fU)), byte(0x80U | (code >> 6U & 0x3fU));
  }
  byte(0x80U | (code & 0x3fU));
}

// Bytes of plain ASCII that `text` begins with: none that ends it, is escaped or has more bytes.
std::size_t plain_bytes(std::string_view text) {
  static constexpr auto is_plain = [] {
    std::array<bool, 256> all{};
    for (std::size_t c = 0x20; c < 0x80; ++c) all[c] = c != '"' && c != '\\';
    return all;
  }();
  std::size_t size = 0;
  while (size < text.size() && is_plain[static_cast<unsigned char>(text[size])]) ++size;
  return size;
}

// The names of one object's members: a few are compared with each other, many are in a set.
class Names {
 public:
  // False: it was there. `members` are those before, and this one.
  bool add(const std::vector<std::pair<std::string, Json>>& members, const std::string& name) {
    if (members.size() < few) return std::ranges::count(members, name, &std::pair<std::string, Json>::first) == 1;
    if (many_.empty())
      for (const auto& [before, value] : members)
        if (&before != &name) many_.insert(before);
    return many_.insert(name).second;
  }

 private:
  static constexpr std::size_t few = 24;
  std::set<std::string> many_;
};

class Parser {
 public:
  explicit Parser(std::string_view text) : rest_(text) {}

  bool whole(Json& value) {
    if (!read(value, 0)) return false;
    skip_blanks();
    return rest_.empty();
  }

 private:
  bool read(Json& value, std::size_t depth) {
    skip_blanks();
    if (rest_.empty() || ++values_ > Json::values_max) return false;
    switch (rest_.front()) {
      case '{': return depth < Json::depth_max && read_object(value, depth + 1);
      case '[': return depth < Json::depth_max && read_list(value, depth + 1);
      case '"': return value.type = Json::Type::text, read_text(value.text);
      case 't': return read_word(value, Json::Type::boolean, "true");
      case 'f': return read_word(value, Json::Type::boolean, "false");
      case 'n': return read_word(value, Json::Type::null, "null");
      default: return read_number(value);
    }
  }

  bool read_object(Json& value, std::size_t depth) {
    value.type = Json::Type::object;
    Names names;
    value.members.reserve(members_usual);
    return read_all('}', [&] {
      auto& [name, member] = value.members.emplace_back(std::string(), Json());
      if (!take('"', false) || !read_text(name) || !take(':') || !names.add(value.members, name)) return false;
      return read(member, depth);
    });
  }
  bool read_list(Json& value, std::size_t depth) {
    value.type = Json::Type::list;
    return read_all(']', [&] { return read(value.elements.emplace_back(), depth); });
  }
  // From its bracket on, elements with commas between.
  template <class One>
  bool read_all(char end, const One& one) {
    rest_.remove_prefix(1);
    if (take(end)) return true;
    do {
      if (!one()) return false;
    } while (take(','));
    return take(end);
  }

  bool read_word(Json& value, Json::Type type, std::string_view word) {
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    value.type = type;
    value.text = word;
    return true;
  }

  bool read_number(Json& value) {
    std::size_t size = 0;
    const auto is_digit = [&] { return size < rest_.size() && rest_[size] >= '0' && rest_[size] <= '9'; };
    const auto digits = [&] {
      const std::size_t from = size;
      while (is_digit()) ++size;
      return size > from;
    };
    const auto is_at = [&](std::string_view any) {
      return size < rest_.size() && any.find(rest_[size]) != std::string_view::npos;
    };
    if (is_at("-")) ++size;
    const bool is_zero = is_at("0");
    const std::size_t from = size;
    if (!digits() || (is_zero && size > from + 1)) return false;
    if (is_at(".") && (++size, !digits())) return false;
    if (is_at("eE")) {
      ++size;
      if (is_at("+-")) ++size;
      if (!digits()) return false;
    }
    value.type = Json::Type::number;
    value.text = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return true;
  }

  bool read_text(std::string& text) {
    rest_.remove_prefix(1);
    for (;;) {
      if (rest_.empty() || static_cast<unsigned char>(rest_.front()) < 0x20) return false;
      if (rest_.front() == '"') return rest_.remove_prefix(1), true;
      if (rest_.front() == '\\') {
        if (!read_escape(text)) return false;
        continue;
      }
      std::size_t size = plain_bytes(rest_);
      if (size == 0) size = character_bytes(rest_);
      if (size == 0) return false;
      text.append(rest_.substr(0, size));
      rest_.remove_prefix(size);
    }
  }
  bool read_escape(std::string& text) {
    constexpr std::string_view names = "\"\\/bfnrt", values = "\"\\/\b\f\n\r\t";
    if (rest_.size() < 2) return false;
    if (rest_[1] == 'u') return read_code(text);
    const std::size_t at = names.find(rest_[1]);
    if (at == std::string_view::npos) return false;
    text += values[at];
    rest_.remove_prefix(2);
    return true;
  }
  bool read_code(std::string& text) {
    std::uint32_t code = 0, low = 0;
    if (!read_unit(code) || (code >= 0xdc00 && code <= 0xdfff)) return false;
    if (code >= 0xd800 && code <= 0xdbff) {
      if (!read_unit(low) || low < 0xdc00 || low > 0xdfff) return false;
      code = 0x10000 + ((code - 0xd800) << 10U) + (low - 0xdc00);
    }
    append_character(text, code);
    return true;
  }
  bool read_unit(std::uint32_t& unit) {
    if (rest_.size() < 6 || !rest_.starts_with("\\u")) return false;
    const auto [end, error] = std::from_chars(rest_.data() + 2, rest_.data() + 6, unit, 16);
    if (error != std::errc{} || end != rest_.data() + 6) return false;
    rest_.remove_prefix(6);
    return true;
  }

  void skip_blanks() {
    std::size_t from = 0;
    const auto is_blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
    while (from < rest_.size() && is_blank(rest_[from])) ++from;
    rest_.remove_prefix(from);
  }
  bool take(char c, bool removes = true) {
    skip_blanks();
    if (rest_.empty() || rest_.front() != c) return false;
    if (removes) rest_.remove_prefix(1);
    return true;
  }

  static constexpr std::size_t members_usual = 8;  // of an object

  std::string_view rest_;
  std::size_t values_ = 0;
};

}  // namespace

const Json* Json::find(std::string_view name) const {
  const auto found = std::ranges::find(members, name, &std::pair<std::string, Json>::first);
  return found == members.end() || found->second.is(Type::null) ? nullptr : &found->second;
}

std::optional<Json> Json::parse(std::string_view text) {
  Json value;
  if (!Parser(text).whole(value)) return std::nullopt;
  return value;
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace tote::sportsbook
