#include "tests/places.h"

namespace tests {

std::string program() { return TOTE_PROGRAM; }

std::string source_directory() { return TOTE_SOURCE_DIRECTORY; }

}  // namespace tests
