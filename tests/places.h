// Where this build's program and this source tree lie. The one place that knows, so that no other object file has a
// path of its clone in it, and clones share what the compiler cache knows.
#pragma once

#include <string>

namespace tests {

std::string program();           // the built tote
std::string source_directory();  // the root of the repository

}  // namespace tests
