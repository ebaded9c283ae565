#include "wal/table_footer.h"

#include <array>
#include <cstring>
#include <optional>
#include <string_view>

namespace tote::wal {
namespace {

// Format version 5 of block-based tables: checksum type, two block handles, zeros, version, magic.
constexpr std::size_t footer_bytes = 53, handles_at = 1, version_at = 41, magic_at = 45;
constexpr std::uint32_t format_version = 5;
constexpr std::uint64_t magic = 0x88e241b785f4cff7;
constexpr std::size_t block_trailer_bytes = 5;
constexpr int checksum_types = 5;

std::optional<std::uint64_t> take_varint(std::string_view& bytes) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    value |= std::uint64_t{byte & 0x7fU} << shift;
    if (byte < 0x80) return value;
  }
  return std::nullopt;
}

bool is_block_in(std::string_view& handles, std::uint64_t bytes) {
  const auto offset = take_varint(handles);
  const auto size = take_varint(handles);
  return offset && size && *offset < bytes && *size < bytes && *offset + *size + block_trailer_bytes <= bytes;
}

}  // namespace

rocksdb::IOStatus check_table_footer(const rocksdb::FSRandomAccessFile& table, std::uint64_t bytes,
                                     const rocksdb::IOOptions& options, rocksdb::IODebugContext* context) {
  const auto damaged = [](const char* what) { return rocksdb::IOStatus::Corruption("a table's footer", what); };
  if (bytes < footer_bytes) return damaged("is cut off");
  std::array<char, footer_bytes> scratch{};
  rocksdb::Slice footer;
  auto status = table.Read(bytes - footer_bytes, footer_bytes, options, &footer, scratch.data(), context);
  if (!status.ok()) return status;
  if (footer.size() != footer_bytes) return damaged("is cut off");
  std::uint32_t version = 0;
  std::uint64_t number = 0;
  std::memcpy(&version, footer.data() + version_at, sizeof version);
  std::memcpy(&number, footer.data() + magic_at, sizeof number);
  if (number != magic) return damaged("doesn't end as a table does");
  if (version != format_version) return damaged("is of another version");
  if (footer[0] < 0 || footer[0] >= checksum_types) return damaged("names no checksum");
  std::string_view handles(footer.data() + handles_at, version_at - handles_at);
  if (!is_block_in(handles, bytes - footer_bytes) || !is_block_in(handles, bytes - footer_bytes))
    return damaged("points outside of the table");
  if (handles.find_first_not_of('\0') != std::string_view::npos) return damaged("isn't filled with zeros");
  return status;
}

}  // namespace tote::wal
