// One HTTP request as the parser hands it on: plain strings, reused from request to request, no sockets and no Beast.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tote::server {

enum class Method : std::uint8_t { get, head, post, put, patch, delete_, other };

// The headers that are found without a search.
enum class Header : std::uint8_t {
  host,
  authorization,
  idempotency_key,
  if_match,
  if_none_match,
  tote_deadline_ms,
  tote_min_lsn,
  origin,
  expect,
  accept,
  last_event_id,
  tote_tenant,
};
inline constexpr std::size_t headers_known = 12;

std::string_view name_of(Header header);

class Headers {
 public:
  // Keeps the first value of each known header and counts how often it came. The name is matched without case.
  void add(std::string_view name, std::string_view value);
  void replace(Header header, std::string_view value);  // as if it had come once
  void clear();
  unsigned count(Header header) const { return slot(header).count; }
  bool has(Header header) const { return count(header) != 0; }
  // The first value, empty when there is none; valid until the next add() or clear().
  std::string_view value(Header header) const { return {text_.data() + slot(header).at, slot(header).size}; }
  // The same of any other, by its name; nothing when it didn't come once.
  std::optional<std::string_view> other(std::string_view name) const;
  // visit(name, value), each as often as it came; of a known one that came several times only the first value is known.
  template <class Visit>
  void each(const Visit& visit) const {
    for (std::size_t i = 0; i < headers_known; ++i)
      for (unsigned n = 0; n < slots_[i].count; ++n)
        visit(name_of(static_cast<Header>(i)), std::string_view(text_).substr(slots_[i].at, slots_[i].size));
    for (const Other& other : others_)
      visit(std::string_view(text_).substr(other.at, other.name_size),
            std::string_view(text_).substr(other.at + other.name_size, other.size));
  }

 private:
  struct Slot {
    std::uint32_t at = 0, size = 0, count = 0;
  };
  const Slot& slot(Header header) const { return slots_[static_cast<std::size_t>(header)]; }

  // Of any other: its name lies before its value.
  struct Other {
    std::uint32_t at = 0, name_size = 0, size = 0;
  };

  std::string text_;
  std::array<Slot, headers_known> slots_{};
  std::vector<Other> others_;
};

struct Message {
  Method method = Method::other;
  std::string target;  // percent-encoded, with its query; what stood before the path is in the header Host
  Headers headers;
  std::string body;
  bool http_1_0 = false;
  bool keep_alive = true;

  void clear();
};

// A target split up; views into it.
struct Target {
  std::string_view path;   // percent-encoded
  std::string_view query;  // without its question mark
};
Target split_target(std::string_view target);

// GET, PUT …; `other` for all that no door serves.
Method method_of(std::string_view name);
std::string_view name_of(Method method);

}  // namespace tote::server
