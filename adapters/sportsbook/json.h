// JSON as providers write it: read whole, numbers kept as the text that they are, never through a double.
//
// Refused: what RFC 8259 refuses, invalid UTF-8, a member that comes twice, more than depth_max levels or values_max
// values. Whoever reads decides which members there may be.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tote::sportsbook {

struct Json {
  static constexpr std::size_t depth_max = 12;
  static constexpr std::size_t values_max = 8'192;

  enum class Type : std::uint8_t { null, boolean, number, text, list, object };

  Type type = Type::null;
  std::string text{};  // of a number as it was written; of a text unescaped; "true", "false"
  std::vector<Json> elements{};
  std::vector<std::pair<std::string, Json>> members{};

  bool is(Type of) const { return type == of; }
  // Null: there is no such member, or it is null. Of an object only; others have none.
  const Json* find(std::string_view name) const;

  // Nothing when it isn't such a text.
  static std::optional<Json> parse(std::string_view text);
};

// A number without fraction and exponent, of 64 bits; or nothing.
std::optional<std::int64_t> whole_number(std::string_view text);

}  // namespace tote::sportsbook
