#include "bench/disk.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "bench/report.h"

namespace tote::bench {

ScratchDirectory::ScratchDirectory(const std::string& parent) {
  std::filesystem::path in = parent;
  if (in.empty()) {
    const char* const temporary = std::getenv("TMPDIR");
    in = std::filesystem::is_directory("build") ? "build" : temporary != nullptr ? temporary : ".";
  }
  std::filesystem::create_directories(in);
  std::string name = (in / "tote-bench-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::system_error(errno, std::generic_category(), "can't make " + name);
  path_ = name;
}

ScratchDirectory::~ScratchDirectory() {
  std::error_code ignored;  // a leftover directory is no reason to lose the report
  std::filesystem::remove_all(path_, ignored);
}

std::uint64_t ScratchDirectory::bytes() const {
  std::uint64_t bytes = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(path_))
    if (entry.is_regular_file()) bytes += entry.file_size();
  return bytes;
}

bool ScratchDirectory::in_memory() const {
  struct statfs disk {};
  return statfs(path_.c_str(), &disk) == 0 && disk.f_type == TMPFS_MAGIC;
}

Histogram sync_latency(const std::filesystem::path& directory, double seconds) {
  const std::string name = (directory / "sync").string();
  const int file = open(name.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
  if (file < 0) throw std::system_error(errno, std::generic_category(), "can't open " + name);
  Histogram histogram;
  std::array<char, 512> block{};
  const std::int64_t end = now_ns() + static_cast<std::int64_t>(seconds * 1e9);
  int error = 0;
  for (std::int64_t start = now_ns(); start < end && error == 0;) {
    block.fill(static_cast<char>('a' + start % 26));
    if (write(file, block.data(), block.size()) != static_cast<ssize_t>(block.size()) || fdatasync(file) != 0)
      error = errno;
    const std::int64_t done = now_ns();
    histogram.record(done - start);
    start = done;
  }
  close(file);
  unlink(name.c_str());
  if (error != 0) throw std::system_error(error, std::generic_category(), "can't write " + name);
  return histogram;
}

}  // namespace tote::bench
