#include "adapters/cli/giving_way.h"

#include <chrono>
#include <filesystem>
#include <fstream>

#include "wal/in_use.h"

namespace tote::cli {
namespace {

namespace files = std::filesystem;

constexpr std::chrono::milliseconds pause(20);

std::string path_in(const std::string& directory) { return directory + "/serve.waits"; }

void remove(const std::string& path) {
  std::error_code error;
  files::remove(path, error);
}

bool exists(const std::string& path) {
  std::error_code error;
  return files::exists(path, error);
}

}  // namespace

GivingWay::GivingWay(const std::string& directory) {
  remove(path_in(directory));
  looking_ = std::jthread([this, path = path_in(directory)](const std::stop_token& stop) { look(stop, path); });
}

void GivingWay::look(const std::stop_token& stop, const std::string& path) {
  while (!stop.stop_requested() && !is_wanted_) {
    std::this_thread::sleep_for(pause);
    is_wanted_ = exists(path);
  }
}

void wait_until_free(const std::string& directory, std::int64_t timeout_ms) {
  if (!wal::is_in_use(directory)) return;
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout_ms);
  while (std::chrono::steady_clock::now() < end && wal::is_in_use(directory)) {
    if (!exists(path_in(directory))) std::ofstream(path_in(directory)).close();  // a disk that is full: waits as well
    std::this_thread::sleep_for(pause);
  }
  remove(path_in(directory));
}

}  // namespace tote::cli
