#include "adapters/webhooks/put_aside_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

namespace tote::webhooks {
namespace {

[[noreturn]] void fail(const std::string& what) { throw std::system_error(errno, std::generic_category(), what); }

struct File {
  int number;
  ~File() { ::close(number); }
};

ssize_t read_some(const File& file, char* buffer, std::size_t size, const std::string& path) {
  for (;;) {
    const ssize_t count = ::read(file.number, buffer, size);
    if (count >= 0) return count;
    if (errno != EINTR) fail(path);
  }
}

// A crash may have left part of a line at the end: what comes next mustn't become part of it.
bool ends_in_line(const File& file, const std::string& path) {
  const off_t size = ::lseek(file.number, 0, SEEK_END);
  if (size < 0) fail(path);
  char last = '\n';
  if (size > 0 && ::pread(file.number, &last, 1, size - 1) != 1) fail(path);
  return last == '\n';
}

void sync_directory(const std::string& path) {
  const File directory{::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (directory.number < 0 || ::fsync(directory.number) != 0) fail(path);
}

}  // namespace

std::uint64_t PutAsideFile::count() const {
  const File file{::open(path_.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.number < 0 && errno == ENOENT) return 0;
  if (file.number < 0) fail(path_);
  std::uint64_t lines = 0;
  char buffer[65'536];
  while (const ssize_t size = read_some(file, buffer, sizeof buffer, path_))
    lines += static_cast<std::uint64_t>(std::count(buffer, buffer + size, '\n'));
  return lines;
}

void PutAsideFile::append(const std::string& line) const {
  const File file{::open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600)};
  if (file.number < 0) fail(path_);
  const std::string text = (ends_in_line(file, path_) ? "" : "\n") + line + "\n";
  std::size_t written = 0;
  while (written < text.size()) {
    const ssize_t wrote = ::write(file.number, text.data() + written, text.size() - written);
    if (wrote < 0 && errno != EINTR) fail(path_);
    if (wrote > 0) written += static_cast<std::size_t>(wrote);
  }
  if (::fsync(file.number) != 0) fail(path_);
  sync_directory(std::filesystem::path(path_).parent_path().string());
}

}  // namespace tote::webhooks
