// The answer of a transaction over several entities: that of each of them, after it.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/kernel/kind_of.h"
#include "engine/kernel/ordinal.h"
#include "engine/kernel/script.h"

namespace tote::transaction {

inline constexpr KindId kind_id = 8;
inline constexpr std::size_t results_max = 64;

struct Result {
  std::string_view name{};  // "from"; empty: an element of the list
  KindId kind = 0;
  std::string_view entity{};
  Version version{};
  std::string_view answer{};
};

// Encodes; at most results_max.
void write_results(const std::vector<Result>& results, std::string& out);
// Views into `answer`; false when it isn't the answer of a transaction.
bool read_results(std::string_view answer, std::vector<Result>& results);

// What a Request is addressed to that asks for a transaction: a kind without entities, only for the list of kinds.
std::shared_ptr<const Kind> kind();

}  // namespace tote::transaction
