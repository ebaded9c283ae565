// What a command reads: a file, or "-" for its standard input.
#pragma once

#include <string>

namespace tote::cli {

// Byte for byte. Throws UsageError when it can't be read.
std::string input_of(const std::string& path);

}  // namespace tote::cli
