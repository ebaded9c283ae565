// What a client writes on an order or a booking for itself: handed on to its events, its history and its row, and
// otherwise not looked at.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/kernel/fields.h"

namespace tote {

struct Labels {
  static constexpr std::size_t bytes_max = 1'024;  // of all its texts and names
  static constexpr std::size_t metadata_max = 64;

  std::string reference{};                                      // empty: none
  std::vector<std::pair<std::string, std::string>> metadata{};  // as the client ordered them, no name twice

  bool operator==(const Labels&) const = default;

  // In bounds, every name one, and nothing in them that a line or a text column can't hold.
  bool is_valid() const {
    std::size_t bytes = reference.size();
    bool is_plain = is_text(reference);
    for (const auto& [name, value] : metadata) {
      bytes += name.size() + value.size();
      is_plain = is_plain && !name.empty() && is_text(name) && is_text(value);
    }
    return is_plain && bytes <= bytes_max && metadata.size() <= metadata_max;
  }
  // "reference" and the object "metadata", where there are any.
  void describe(Fields& fields) const {
    if (!reference.empty()) fields.text("reference", reference);
    if (metadata.empty()) return;
    fields.begin("metadata");
    for (const auto& [name, value] : metadata) fields.text(name, value);
    fields.end();
  }

 private:
  static bool is_text(std::string_view text) {
    return std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  }
};

}  // namespace tote
