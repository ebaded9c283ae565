// Words of somebody else's that are kept for a reader: a provider's error, say.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>

namespace tote {

// At most so many bytes, cut before the character that doesn't fit whole, without NUL: what was UTF-8 stays so, and
// every database takes it.
inline std::string bounded(std::string text, std::size_t bytes_max) {
  if (text.size() > bytes_max) {
    std::size_t end = bytes_max;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    text.resize(end);
  }
  std::replace(text.begin(), text.end(), '\0', ' ');
  return text;
}

}  // namespace tote
