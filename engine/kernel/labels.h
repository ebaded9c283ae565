// What a client writes on an order or a booking for itself: handed on to its events, its history and its row, and
// otherwise not looked at.
#pragma once

#include <algorithm>
#include <memory>
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
  static constexpr void members(auto&& is) { is("reference", &Labels::reference), is("metadata", &Labels::metadata); }
  bool empty() const { return reference.empty() && metadata.empty(); }

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
  // The reference under `reference_as` and the object "metadata", where there are any.
  void describe(Fields& fields, std::string_view reference_as = "reference") const {
    if (!reference.empty()) fields.text(reference_as, reference);
    if (metadata.empty()) return;
    fields.begin("metadata");
    for (const auto& [name, value] : metadata) fields.text(name, value);
    fields.end();
  }
  // Bytes that are equal exactly where labels are.
  void digest(std::string& out) const {
    const auto add = [&out](std::string_view text) {
      out.append(std::to_string(text.size())).append(1, ':').append(text);
    };
    add(reference);
    for (const auto& [name, value] : metadata) add(name), add(value);
  }

 private:
  static bool is_text(std::string_view text) {
    return std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  }
};

// Never change: request, event and state share them. Null: none.
using LabelsPtr = std::shared_ptr<const Labels>;

inline LabelsPtr share(Labels labels) {
  return labels.empty() ? nullptr : std::make_shared<const Labels>(std::move(labels));
}
inline const Labels& labels_of(const LabelsPtr& labels) {
  static const Labels none;
  return labels == nullptr ? none : *labels;
}

}  // namespace tote
