// What a refusal is about, where a request names several things: which of them, and where it names it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tote {

struct Subject {
  std::string pointer;  // into what was asked, as a JSON pointer (RFC 6901): "/lines/2/item"; empty: not in there
  std::string id;       // empty: the refusal is about nothing in particular

  bool empty() const { return id.empty(); }

  // A refusal's `answer` bytes, on disk: neither pointers nor ids have a zero byte.
  void encode(std::string& out) const { out.append(pointer).append(1, '\0').append(id); }
  static std::optional<Subject> decode(std::string_view bytes) {
    const auto zero = bytes.find('\0');
    if (zero == std::string_view::npos) return std::nullopt;
    return Subject{std::string(bytes.substr(0, zero)), std::string(bytes.substr(zero + 1))};
  }
};

}  // namespace tote
