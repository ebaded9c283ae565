#include "tests/engine/disk.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <future>

namespace tote {

// In memory where there is such a place: what a sync costs isn't tested here.
Disk::Disk() {
  const std::filesystem::path memory = "/dev/shm";
  const bool use_memory = ::access(memory.c_str(), W_OK) == 0;
  std::string pattern =
      ((use_memory ? memory : std::filesystem::temp_directory_path()) / "tote-engine-XXXXXX").string();
  REQUIRE(::mkdtemp(pattern.data()) != nullptr);
  path_ = pattern;
}

Disk::~Disk() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

Options Disk::options() const {
  Options options;
  options.directory = path_ + "/log";
  options.kinds = {kind_of<Wallet>()};
  options.disk_free_bytes_min = 0;
  return options;
}

std::unique_ptr<Engine> open_engine(Options options) {
  auto opened = Engine::open(std::move(options));
  if (const auto* error = std::get_if<OpenError>(&opened)) FAIL("LSN ", error->lsn.value, ": ", error->detail);
  return std::move(std::get<std::unique_ptr<Engine>>(opened));
}

OpenError refusal_to_open(Options options) {
  auto opened = Engine::open(std::move(options));
  REQUIRE(std::holds_alternative<OpenError>(opened));
  return std::get<OpenError>(opened);
}

void Answers::done(std::uint64_t tag, Outcome& outcome) {
  const std::lock_guard lock(mutex_);
  all_.emplace_back(tag, outcome);
  arrived_.notify_all();
}

bool Answers::wait_for(std::size_t count) {
  std::unique_lock lock(mutex_);
  return arrived_.wait_for(lock, std::chrono::seconds(10), [&] { return all_.size() >= count; });
}

std::size_t Answers::count() const {
  const std::lock_guard lock(mutex_);
  return all_.size();
}

std::vector<std::pair<std::uint64_t, Outcome>> Answers::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(all_, {});
}

std::vector<Outcome> batch(Engine& engine, std::vector<Request> requests) {
  std::promise<std::vector<Outcome>> promise;
  engine.submit(std::move(requests), [&](std::span<Outcome> outcomes) {
    promise.set_value(std::vector<Outcome>(outcomes.begin(), outcomes.end()));
  });
  return promise.get_future().get();
}

}  // namespace tote
