#include "actors/reference/reference.h"

#include "engine/kernel/name.h"

namespace tote {
namespace {

constexpr std::size_t slug_bytes_max = 64;

// At most so many bytes, and no character in parts.
std::string_view cut(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  while (bytes_max > 0 && (static_cast<unsigned char>(text[bytes_max]) & 0xc0U) == 0x80U) --bytes_max;
  return text.substr(0, bytes_max);
}

bool is_news(const Reference::State& references, const Reference::Named& one) {
  const Reference::Entry* known = references.entries.find(one.id);
  if (known == nullptr) return references.entries.size() < Reference::count_max;
  return known->name.empty() && !one.name.empty();
}

// FNV-1a, 64 bits: on disk in ids, never to be changed.
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return hash;
}

}  // namespace

Decision<Reference::Event> Reference::decide(const State& references, const Command& command, Time now) {
  Seen seen{{}, now};
  for (const Named& one : command.named) {
    if (!is_valid_id(one.id)) return Refusal{Code::invalid_id};
    if (is_news(references, one)) seen.named.push_back({one.id, std::string(cut(one.name, name_bytes_max))});
  }
  if (references.entries.size() + seen.named.size() > count_max)
    seen.named.resize(count_max - references.entries.size());
  return seen.named.empty() ? Decision<Event>(Code::ok) : Decision<Event>(std::move(seen));
}

void Reference::apply(State& references, const Event& event) {
  for (const Named& one : event.named)
    references.entries.put(one.id, [&](Entry& entry) {
      if (entry.version == 0) entry.first_seen = event.at;
      if (entry.name.empty()) entry.name = one.name;
      ++entry.version;
    });
}

bool Reference::fits(const State& references, const Event& event) {
  return !event.named.empty() && references.entries.size() + event.named.size() <= 2 * count_max;
}

std::string Reference::id_of_name(std::string_view name) {
  std::string id;
  for (const char c : name) {
    if (id.size() == slug_bytes_max) break;
    const bool is_kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    const bool is_large = c >= 'A' && c <= 'Z';
    if (is_kept || is_large)
      id += is_large ? static_cast<char>(c - 'A' + 'a') : c;
    else if (!id.empty() && id.back() != '-')
      id += '-';
  }
  if (!id.empty() && id.back() != '-') id += '-';
  static constexpr char digits[] = "0123456789abcdef";
  const std::uint64_t hash = hash_of(name);
  for (int shift = 60; shift >= 0; shift -= 4) id += digits[hash >> static_cast<unsigned>(shift) & 0xfU];
  return id;
}

}  // namespace tote
