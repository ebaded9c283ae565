// What a payload says, as 128 bits. On disk with every operation: never to be changed.
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <utility>
#include <vector>

#include "adapters/sportsbook/payload.h"

namespace tote::sportsbook {
namespace {

void append_text(std::string& out, std::string_view text) {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), text.size()).ptr;
  out.append(digits.data(), end).append(1, ':').append(text);
}

void append(std::string& out, const Json& value) {
  switch (value.type) {
    case Json::Type::null: out += 'n'; return;
    case Json::Type::boolean:
    case Json::Type::number:
    case Json::Type::text: return append_text(out, value.text);
    case Json::Type::list:
      out += '[';
      for (const Json& one : value.elements) append(out, one);
      out += ']';
      return;
    case Json::Type::object: break;
  }
  std::vector<const std::pair<std::string, Json>*> members;
  members.reserve(value.members.size());
  for (const auto& member : value.members) members.push_back(&member);
  std::ranges::sort(members, {}, [](const auto* member) -> const std::string& { return member->first; });
  out += '{';
  for (const auto* member : members) {
    append_text(out, member->first);
    append(out, member->second);
  }
  out += '}';
}

}  // namespace

Bet::Content content_of(Action action, const Json& payload) {
  std::string text(1, static_cast<char>('a' + static_cast<int>(action)));
  append(text, payload);
  const XXH128_hash_t hash = XXH3_128bits(text.data(), text.size());
  Bet::Content content;
  std::memcpy(&content.high, &hash.high64, sizeof content.high);
  std::memcpy(&content.low, &hash.low64, sizeof content.low);
  return content;
}

}  // namespace tote::sportsbook
