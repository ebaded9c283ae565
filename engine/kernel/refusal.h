// A "no" with the facts that a caller can act on.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

#include "engine/kernel/code.h"

namespace tote {

// Names of facts in an answer. On disk by number: add, never renumber.
enum class FactName : std::uint8_t {
  available = 1,
  requested = 2,
  current_version = 3,
  retry_after_s = 4,
  index = 5,
  limit = 6,
  retention_s = 7,
  lsn = 8,
  line = 9,
  first_lsn = 10
};

constexpr std::string_view name_of(FactName name) {
  switch (name) {
    case FactName::available: return "available";
    case FactName::requested: return "requested";
    case FactName::current_version: return "current_version";
    case FactName::retry_after_s: return "retry_after_s";
    case FactName::index: return "index";
    case FactName::limit: return "limit";
    case FactName::retention_s: return "retention_s";
    case FactName::lsn: return "lsn";
    case FactName::line: return "line";
    case FactName::first_lsn: return "first_lsn";
  }
  return {};
}

struct Fact {
  FactName name{};
  std::int64_t value = 0;

  constexpr bool operator==(const Fact&) const = default;
};

// At most four facts, in place: a refusal costs no allocation.
class Facts {
 public:
  static constexpr std::size_t count_max = 4;

  constexpr Facts() = default;
  constexpr Facts(std::initializer_list<Fact> facts) {
    for (const Fact& fact : facts) add(fact);
  }

  constexpr bool add(Fact fact) {
    if (size_ == count_max) return false;
    facts_[size_++] = fact;
    return true;
  }
  constexpr const Fact* begin() const { return facts_.data(); }
  constexpr const Fact* end() const { return facts_.data() + size_; }
  constexpr std::size_t size() const { return size_; }
  constexpr void clear() { size_ = 0; }
  constexpr std::optional<std::int64_t> find(FactName name) const {
    for (const Fact& fact : *this)
      if (fact.name == name) return fact.value;
    return std::nullopt;
  }
  constexpr bool operator==(const Facts& other) const {
    if (size_ != other.size_) return false;
    for (std::size_t i = 0; i < size_; ++i)
      if (facts_[i] != other.facts_[i]) return false;
    return true;
  }

 private:
  std::array<Fact, count_max> facts_{};
  std::size_t size_ = 0;
};

struct Refusal {
  Code code{};
  Facts facts{};
  std::string_view part{};  // of the entity, where it is about that (a hold): a name that the command says, and keeps

  constexpr bool operator==(const Refusal&) const = default;
};

}  // namespace tote
