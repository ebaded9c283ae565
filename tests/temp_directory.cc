#include "tests/temp_directory.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace tests {

TempDirectory::TempDirectory(On on) {
  const std::filesystem::path memory = "/dev/shm";
  const bool use_memory = on == On::memory && ::access(memory.c_str(), W_OK) == 0;
  path_ = ((use_memory ? memory : std::filesystem::temp_directory_path()) / "tote-test-XXXXXX").string();
  if (::mkdtemp(path_.data()) == nullptr) throw std::runtime_error("no temporary directory can be made: " + path_);
}

TempDirectory::~TempDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TempDirectory::write(const std::string& name, const std::string& text) const {
  std::ofstream(file(name), std::ios::binary) << text;
  return file(name);
}

}  // namespace tests
