// Preloaded into a server (LD_PRELOAD): a clock that somebody has set, a disk that is slow or fails. Told by the file
// that CHAOS_CONTROL names, at once: three 64-bit integers, milliseconds that a sync takes longer, nanoseconds that the
// wall clock is ahead, and the errno of every write and sync (0: none).
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>

namespace {

struct Control {
  std::int64_t sync_delay_ms, clock_offset_ns, disk_error;
};

const volatile Control& control() {
  static const Control none{};
  static const volatile Control* const mapped = [] {
    const char* const path = std::getenv("CHAOS_CONTROL");
    const int file = path == nullptr ? -1 : open(path, O_RDONLY | O_CLOEXEC);
    void* const at = file < 0 ? MAP_FAILED : mmap(nullptr, sizeof(Control), PROT_READ, MAP_SHARED, file, 0);
    return at == MAP_FAILED ? &none : static_cast<const Control*>(at);
  }();
  return *mapped;
}

template <class Function>
Function next_of(Function, const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

// Files alone: what a socket or a pipe is written is no disk's.
bool fails(int file) {
  const std::int64_t error = control().disk_error;
  if (error == 0 || lseek(file, 0, SEEK_CUR) < 0) return false;
  errno = static_cast<int>(error);
  return true;
}

void wait_for_disk() {
  const std::int64_t ms = control().sync_delay_ms;
  if (ms == 0) return;
  timespec left{ms / 1'000, ms % 1'000 * 1'000'000};
  while (nanosleep(&left, &left) != 0) continue;
}

}  // namespace

extern "C" {

int clock_gettime(clockid_t clock, timespec* time) noexcept {
  static const auto next = next_of(&clock_gettime, "clock_gettime");
  const int result = next(clock, time);
  if (result != 0 || (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE)) return result;
  constexpr std::int64_t second = 1'000'000'000;
  const std::int64_t ns = time->tv_sec * second + time->tv_nsec + control().clock_offset_ns;
  time->tv_sec = ns / second;
  time->tv_nsec = ns % second;
  return result;
}

int fdatasync(int file) {
  static const auto next = next_of(&fdatasync, "fdatasync");
  wait_for_disk();
  return fails(file) ? -1 : next(file);
}

int fsync(int file) {
  static const auto next = next_of(&fsync, "fsync");
  wait_for_disk();
  return fails(file) ? -1 : next(file);
}

ssize_t write(int file, const void* bytes, size_t size) {
  static const auto next = next_of(&write, "write");
  return fails(file) ? -1 : next(file, bytes, size);
}

ssize_t pwrite(int file, const void* bytes, size_t size, off_t at) {
  static const auto next = next_of(&pwrite, "pwrite");
  return fails(file) ? -1 : next(file, bytes, size, at);
}

ssize_t pwrite64(int file, const void* bytes, size_t size, off64_t at) {
  static const auto next = next_of(&pwrite64, "pwrite64");
  return fails(file) ? -1 : next(file, bytes, size, at);
}

}  // extern "C"
