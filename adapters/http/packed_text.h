// Text as records keep it: an LZ4 block, without its size.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace tote::http {

std::string pack(std::string_view text);
// `bytes`: of the text. Nothing when these aren't bytes that pack() made of such a text.
std::optional<std::string> unpack(std::string_view packed, std::size_t bytes);

}  // namespace tote::http
