#include "wal/codec.h"

#include <algorithm>
#include <array>

#include "engine/kernel/invariant.h"
#include "wal/limits.h"
#include "wal/record_generated.h"

namespace tote::wal {
namespace {

using Builder = flatbuffers::FlatBufferBuilder;
using Bytes = flatbuffers::Vector<std::uint8_t>;

flatbuffers::Offset<Bytes> bytes_offset(Builder& builder, std::string_view bytes) {
  if (bytes.empty()) return 0;
  return builder.CreateVector(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

flatbuffers::Offset<flatbuffers::String> text_offset(Builder& builder, std::string_view text) {
  if (text.empty()) return 0;
  return builder.CreateString(text.data(), text.size());
}

std::string_view view(const flatbuffers::String* text) {
  return text == nullptr ? std::string_view{} : std::string_view(text->c_str(), text->size());
}

std::string_view view(const Bytes* bytes) {
  if (bytes == nullptr) return {};
  return {reinterpret_cast<const char*>(bytes->data()), bytes->size()};
}

bool is_within_limits(const Change& change) {
  return !change.entity.empty() && change.entity.size() <= limits::id_bytes_max && change.version.value > 0 &&
         change.events.size() <= limits::events_bytes_max;
}

// What read_record() would refuse.
bool has_names(const Record& record) {
  const auto code = code_of(static_cast<std::uint16_t>(record.code));
  return code && is_stored(*code) && std::all_of(record.facts.begin(), record.facts.end(), [](const Fact& fact) {
           return !name_of(fact.name).empty();
         });
}

bool is_within_limits(const Record& record) {
  return record.time.ns > 0 && !record.tenant.empty() && record.tenant.size() <= limits::id_bytes_max &&
         record.key.size() <= limits::idempotency_key_bytes_max && record.changes.size() <= limits::changes_max &&
         record.answer.size() <= limits::answer_bytes_max && record.entity.size() <= limits::id_bytes_max &&
         record.actor.size() <= limits::actor_bytes_max;
}

auto changes_offset(Builder& builder, std::span<const Change> changes) {
  using Offset = flatbuffers::Offset<fbs::Change>;
  flatbuffers::Offset<flatbuffers::Vector<Offset>> none = 0;
  if (changes.empty()) return none;
  std::array<Offset, limits::changes_max> offsets;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const Change& change = changes[i];
    TOTE_INVARIANT(is_within_limits(change));
    const auto events = bytes_offset(builder, change.events);
    const auto entity = text_offset(builder, change.entity);
    fbs::ChangeBuilder out(builder);
    out.add_version(change.version.value);
    out.add_prior(change.prior.value);
    out.add_events(events);
    out.add_entity(entity);
    out.add_kind(change.kind);
    offsets[i] = out.Finish();
  }
  return builder.CreateVector(offsets.data(), changes.size());
}

auto facts_offset(Builder& builder, const Facts& facts) {
  flatbuffers::Offset<flatbuffers::Vector<const fbs::Fact*>> none = 0;
  if (facts.size() == 0) return none;
  std::array<fbs::Fact, Facts::count_max> out;
  std::size_t count = 0;
  for (const Fact& fact : facts) out[count++] = fbs::Fact(fact.value, static_cast<std::uint8_t>(fact.name));
  return builder.CreateVectorOfStructs(out.data(), count);
}

// What the command was addressed to is mostly what it changed: then it takes no bytes of its own.
bool is_addressed_to_first_change(const Record& record) {
  if (record.changes.empty()) return false;
  const Change& first = record.changes.front();
  return record.kind == first.kind && record.entity == first.entity && record.version == first.version;
}

void read_address(const fbs::Record& in, Record& record, const Change* first) {
  if (in.entity() == nullptr && first != nullptr) {
    record.kind = first->kind;
    record.entity = first->entity;
    record.version = first->version;
  } else {
    record.kind = in.kind();
    record.entity = view(in.entity());
    record.version = {in.version()};
  }
}

const fbs::Record* verified(std::string_view bytes) {
  constexpr flatbuffers::uoffset_t depth_max = 3;
  constexpr flatbuffers::uoffset_t tables_max = limits::changes_max + 1;
  const auto* const data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  flatbuffers::Verifier verifier(data, bytes.size(), depth_max, tables_max);
  if (!fbs::VerifySizePrefixedRecordBuffer(verifier)) return nullptr;
  return fbs::GetSizePrefixedRecord(data);
}

std::string read_facts(const fbs::Record& in, Record& record) {
  record.facts.clear();
  if (in.facts() == nullptr) return {};
  if (reinterpret_cast<std::uintptr_t>(in.facts()->Data()) % alignof(fbs::Fact) != 0)
    return "a record's facts aren't aligned";  // FlatBuffers' own check doesn't see it
  for (const fbs::Fact* fact : *in.facts()) {
    const auto name = static_cast<FactName>(fact->name());
    if (name_of(name).empty()) return "a fact has an unknown name";
    if (!record.facts.add({name, fact->value()})) return "a record has too many facts";
  }
  return {};
}

std::string read_record(const fbs::Record& in, Record& record) {
  const auto code = code_of(in.code());
  if (!code || !is_stored(*code)) return "a record has an unknown code";
  record.time = {in.time_ns()};
  record.tenant = in.tenant() == nullptr ? default_tenant : view(in.tenant());
  record.key = view(in.key());
  record.fingerprint = {};
  if (const fbs::Hash* hash = in.fingerprint()) record.fingerprint = {hash->high(), hash->low()};
  record.code = *code;
  record.answer = view(in.answer());
  record.actor = view(in.actor());
  record.trace = {};
  if (const fbs::Trace* trace = in.trace())
    record.trace = {trace->id_high(), trace->id_low(), trace->span(), trace->flags()};
  if (!is_within_limits(record)) return "a record is beyond the limits of the format";
  return read_facts(in, record);
}

}  // namespace

void RecordEncoder::append(const Record& record, std::string& out) {
  TOTE_INVARIANT(is_within_limits(record));
  TOTE_INVARIANT(has_names(record));
  builder_.Clear();
  const auto changes = changes_offset(builder_, record.changes);
  const auto answer = bytes_offset(builder_, record.answer);
  const auto facts = facts_offset(builder_, record.facts);
  const auto actor = text_offset(builder_, record.actor);
  const auto key = text_offset(builder_, record.key);
  const auto tenant = record.tenant == default_tenant ? 0 : text_offset(builder_, record.tenant);
  const bool addressed_elsewhere = !is_addressed_to_first_change(record);
  // A transaction is addressed to no entity: its empty name is written, since an absent one means changes[0].
  const bool is_nameless = record.entity.empty() && record.kind != 0 && !record.changes.empty();
  const auto entity = is_nameless           ? builder_.CreateString("")
                      : addressed_elsewhere ? text_offset(builder_, record.entity)
                                            : 0;
  const fbs::Hash fingerprint(record.fingerprint.high, record.fingerprint.low);
  const fbs::Trace trace(record.trace.id_high, record.trace.id_low, record.trace.span, record.trace.flags);

  fbs::RecordBuilder builder(builder_);  // absent and zero fields take no bytes
  builder.add_time_ns(record.time.ns);
  if (record.fingerprint != Fingerprint{}) builder.add_fingerprint(&fingerprint);
  if (!record.trace.is_none()) builder.add_trace(&trace);
  builder.add_answer(answer);
  builder.add_actor(actor);
  builder.add_facts(facts);
  builder.add_key(key);
  builder.add_changes(changes);
  builder.add_tenant(tenant);
  builder.add_code(static_cast<std::uint16_t>(record.code));
  if (addressed_elsewhere) {
    builder.add_version(record.version.value);
    builder.add_entity(entity);
    builder.add_kind(record.kind);
  }
  fbs::FinishSizePrefixedRecordBuffer(builder_, builder.Finish());
  out.append(reinterpret_cast<const char*>(builder_.GetBufferPointer()), builder_.GetSize());
}

std::string next_record(std::string_view& rest, std::string_view& record) {
  constexpr std::size_t prefix_bytes = sizeof(flatbuffers::uoffset_t);
  if (rest.size() < prefix_bytes) return "a record's size is cut off";
  const auto* const data = reinterpret_cast<const std::uint8_t*>(rest.data());
  const std::size_t size = flatbuffers::ReadScalar<flatbuffers::uoffset_t>(data);
  if (size > limits::record_bytes_max) return "a record is larger than any record can be";
  if (size > rest.size() - prefix_bytes) return "a record is cut off";
  if ((size + prefix_bytes) % sizeof(std::uint64_t) != 0) return "a record's size isn't a multiple of 8";
  record = rest.substr(0, prefix_bytes + size);
  rest.remove_prefix(record.size());
  return {};
}

void DecodedRecords::clear() {
  records_.clear();
  changes_.clear();
}

std::string DecodedRecords::add(std::string_view bytes, std::uint32_t count, Time last_time) {
  const std::size_t records_before = records_.size();
  const std::size_t changes_before = changes_.size();
  std::string reason;
  std::string_view record;
  for (std::uint32_t i = 0; i < count && reason.empty(); ++i) {
    reason = next_record(bytes, record);
    if (reason.empty()) reason = add_one(record);
    if (!reason.empty()) break;
    if (records_.back().time <= last_time) reason = "a record isn't later than the one before it";
    last_time = records_.back().time;
  }
  if (reason.empty() && !bytes.empty()) reason = "the frame has bytes after its last record";
  if (!reason.empty()) {
    records_.resize(records_before);
    changes_.resize(changes_before);
  }
  return reason;
}

std::string DecodedRecords::add_one(std::string_view bytes) {
  const fbs::Record* const in = verified(bytes);
  if (in == nullptr) return "a record's bytes aren't a record";
  Record& record = records_.emplace_back();
  const auto* const changes = in->changes();
  const std::size_t count = changes == nullptr ? 0 : changes->size();
  if (count > limits::changes_max) return "a record has too many changes";
  for (std::size_t i = 0; i < count; ++i) {
    const fbs::Change* const change = changes->Get(static_cast<flatbuffers::uoffset_t>(i));
    changes_.push_back(
        {change->kind(), view(change->entity()), {change->version()}, view(change->events()), {change->prior()}});
    if (!is_within_limits(changes_.back())) return "a change is beyond the limits of the format";
  }
  record.changes = {changes_.data(), count};  // the address follows in records()
  read_address(*in, record, count == 0 ? nullptr : &changes_[changes_.size() - count]);
  return read_record(*in, record);
}

const std::vector<Record>& DecodedRecords::records() {
  const Change* next = changes_.data();
  for (Record& record : records_) {
    record.changes = {next, record.changes.size()};
    next += record.changes.size();
  }
  return records_;
}

}  // namespace tote::wal
