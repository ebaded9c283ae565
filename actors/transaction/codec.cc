#include <array>

#include "actors/codec/flat.h"
#include "actors/transaction/batch_record.h"
#include "actors/transaction/results.h"
#include "actors/transaction/transaction_generated.h"
#include "engine/kernel/invariant.h"

namespace tote::transaction {
namespace {

using flat::append;
using flat::builder;
using flat::Offset;
using flat::String;
using flat::verified;
using flat::view;

constexpr flatbuffers::uoffset_t tables_max = results_max + 1;

}  // namespace

void write_results(const std::vector<Result>& results, std::string& out) {
  TOTE_INVARIANT(results.size() <= results_max);
  auto& to = builder<Result>();
  std::array<Offset<fbs::Result>, results_max> at;
  for (std::size_t i = 0; i < results.size(); ++i) {
    const Result& result = results[i];
    Offset<String> name{};
    if (!result.name.empty()) name = to.CreateString(result.name.data(), result.name.size());
    const auto entity = to.CreateString(result.entity.data(), result.entity.size());
    // Answers are FlatBuffers themselves and read where they lie.
    to.ForceVectorAlignment(result.answer.size(), 1, 8);
    const auto answer =
        to.CreateVector(reinterpret_cast<const std::uint8_t*>(result.answer.data()), result.answer.size());
    at[i] = fbs::CreateResult(to, name, result.kind, entity, result.version.value, answer);
  }
  to.Finish(fbs::CreateAnswer(to, to.CreateVector(at.data(), results.size())));
  append(to, out);
}

bool read_results(std::string_view answer, std::vector<Result>& results) {
  results.clear();
  const auto* table = verified<fbs::Answer>(answer, tables_max);
  if (table == nullptr) return false;
  const auto* from = table->results();
  if (from == nullptr || from->size() > results_max) return false;
  for (const fbs::Result* one : *from)
    results.push_back({view(one->name()), one->kind(), view(one->entity()), {one->version()}, view(one->answer())});
  return true;
}

void write_batch(const BatchRecord& batch, std::string& out) {
  auto& to = builder<BatchRecord>();
  const auto packed = to.CreateVector(reinterpret_cast<const std::uint8_t*>(batch.packed.data()), batch.packed.size());
  const auto none = to.CreateVector(static_cast<const Offset<fbs::Result>*>(nullptr), 0);
  to.Finish(fbs::CreateAnswer(
      to, none, fbs::CreateBatch(to, batch.lines, batch.bytes, packed, batch.pieces, batch.hash, batch.own_keys)));
  append(to, out);
}

std::optional<BatchRecord> read_batch(std::string_view answer) {
  const auto* table = verified<fbs::Answer>(answer, tables_max);
  const auto* from = table == nullptr ? nullptr : table->batch();
  if (from == nullptr) return std::nullopt;
  return BatchRecord{from->lines(),  from->bytes(), view(from->packed()),
                     from->pieces(), from->hash(),  from->own_keys()};
}

}  // namespace tote::transaction
