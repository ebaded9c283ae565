#include "engine/unknown.h"

#include "engine/kernel/kinds.h"

namespace tote {
namespace {

std::string unknown_kind(const Kinds& kinds, KindId kind, std::string_view entity) {
  if (find_kind(kinds, kind) != nullptr) return {};
  return "an entity of the kind " + std::to_string(kind) + ", which this program doesn't know: " + std::string(entity);
}

}  // namespace

std::string unknown_in(const Kinds& kinds, const wal::Record& record) {
  if (wal::says_nothing(record)) return {};
  for (const wal::Change& change : record.changes)
    if (auto unknown = unknown_kind(kinds, change.kind, change.entity); !unknown.empty()) return unknown;
  if (auto unknown = unknown_kind(kinds, record.kind, record.entity); !unknown.empty()) return unknown;
  if (is_known(kinds, record.code)) return {};
  return "the code " + std::to_string(static_cast<std::uint16_t>(record.code)) + ", which this program doesn't know";
}

}  // namespace tote
