// What the codecs of all actors share: FlatBuffers in and out of plain bytes. Only codec.cc files include it.
#pragma once

#include <flatbuffers/flatbuffers.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace tote::flat {

using flatbuffers::FlatBufferBuilder;
using flatbuffers::Offset;
using String = flatbuffers::String;

// One a thread and room, empty: encoding costs no allocation once it has grown. Room is any type of the room's own: a
// codec may call another's while it has its own builder in use.
template <class Room>
FlatBufferBuilder& builder() {
  thread_local FlatBufferBuilder builder(512);
  builder.Clear();
  return builder;
}

// What was finished.
inline void append(const FlatBufferBuilder& from, std::string& out) {
  out.append(reinterpret_cast<const char*>(from.GetBufferPointer()), from.GetSize());
}

// Of a string or a vector of bytes; empty when the field isn't there.
template <class Bytes>
std::string_view view(const Bytes* bytes) {
  if (bytes == nullptr) return {};
  return {reinterpret_cast<const char*>(bytes->data()), bytes->size()};
}
inline std::string text_of(const String* text) { return std::string(view(text)); }

// An empty text takes no bytes.
inline Offset<String> optional_string(FlatBufferBuilder& to, std::string_view text) {
  return text.empty() ? Offset<String>{} : to.CreateString(text.data(), text.size());
}

// Where the bytes can be read as a table. FlatBuffers want them aligned, as those that were written here are in every
// record; of others, which must be refused like any bytes, a copy is read, until the next of the same table.
template <class Table>
const std::uint8_t* aligned(std::string_view bytes) {
  const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  if (reinterpret_cast<std::uintptr_t>(data) % sizeof(flatbuffers::uoffset_t) == 0) return data;
  thread_local std::vector<std::uint64_t> copy;
  copy.resize(bytes.size() / sizeof(std::uint64_t) + 1);
  std::memcpy(copy.data(), bytes.data(), bytes.size());
  return reinterpret_cast<const std::uint8_t*>(copy.data());
}

// Null when the bytes aren't such a table, of at most `tables_max` tables.
template <class Table>
const Table* verified(std::string_view bytes, flatbuffers::uoffset_t tables_max = 32) {
  constexpr flatbuffers::uoffset_t depth_max = 8;
  const auto* data = aligned<Table>(bytes);
  flatbuffers::Verifier verifier(data, bytes.size(), depth_max, tables_max);
  return verifier.VerifyBuffer<Table>(nullptr) ? flatbuffers::GetRoot<Table>(data) : nullptr;
}

}  // namespace tote::flat
