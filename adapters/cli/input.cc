#include "adapters/cli/input.h"

#include <fstream>
#include <iostream>
#include <iterator>

#include "adapters/cli/errors.h"

namespace tote::cli {

std::string input_of(const std::string& path) {
  if (path == "-") return {std::istreambuf_iterator<char>(std::cin), {}};
  std::ifstream in(path, std::ios::binary);
  if (!in) throw UsageError(path + ": can't be read");
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace tote::cli
