#include "adapters/postgres/json_text.h"

#include <algorithm>

#include "adapters/events/utc_text.h"

namespace tote::postgres {
namespace {

std::string_view escape_of(char c) {
  switch (c) {
    case '"': return "\\\"";
    case '\\': return "\\\\";
    case '\b': return "\\b";
    case '\f': return "\\f";
    case '\n': return "\\n";
    case '\r': return "\\r";
    case '\t': return "\\t";
    default: return {};
  }
}

}  // namespace

void JsonText::time(std::string_view name, Time value) { add(name, quoted(events::utc_text(value))); }

std::string JsonText::quoted(std::string_view text) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (const std::string_view escape = escape_of(c); !escape.empty())
      out += escape;
    else if (code < 0x20 && code != 0)  // a NUL stays one: clean_text() knows it
      out.append("\\u00").append(1, digits[code >> 4U]).append(1, digits[code & 0xfU]);
    else
      out += c;
  }
  return out + '"';
}

// Shorter names stand first.
std::string JsonText::text_of(Open open) {
  std::ranges::stable_sort(open.members, [](const Member& one, const Member& other) {
    return std::pair(one.first.size(), one.first) < std::pair(other.first.size(), other.first);
  });
  std::string text(1, open.is_list ? '[' : '{');
  for (const Member& member : open.members) {
    if (text.size() > 1) text += ", ";
    if (!open.is_list) text.append(quoted(member.first)).append(": ");
    text += member.second;
  }
  return text + (open.is_list ? ']' : '}');
}

void JsonText::close() {
  Open closed = std::move(open_.back());
  open_.pop_back();
  const std::string name = closed.name;
  std::string text = text_of(std::move(closed));
  if (open_.empty())
    text_ = std::move(text);
  else
    add(name, std::move(text));
}

}  // namespace tote::postgres
