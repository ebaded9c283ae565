#include "adapters/http/packed_text.h"

#include <lz4.h>

#include "adapters/http/batch.h"

namespace tote::http {

std::string pack(std::string_view text) {
  std::string packed(static_cast<std::size_t>(LZ4_compressBound(static_cast<int>(text.size()))), '\0');
  const int bytes =
      LZ4_compress_default(text.data(), packed.data(), static_cast<int>(text.size()), static_cast<int>(packed.size()));
  packed.resize(static_cast<std::size_t>(bytes));
  packed.shrink_to_fit();
  return packed;
}

std::optional<std::string> unpack(std::string_view packed, std::size_t bytes) {
  // With the frames around the lines' bodies it may be somewhat longer than the bound on those.
  if (bytes > 2 * batch_answer_bytes_max) return std::nullopt;
  std::string text(bytes, '\0');
  const int read =
      LZ4_decompress_safe(packed.data(), text.data(), static_cast<int>(packed.size()), static_cast<int>(text.size()));
  if (read < 0 || static_cast<std::size_t>(read) != bytes) return std::nullopt;
  return text;
}

}  // namespace tote::http
