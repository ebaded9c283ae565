#include "tests/engine/disk.h"

#include <future>
#include <thread>

namespace tote {

Options Disk::options() const {
  Options options;
  options.directory = directory_.file("log");
  options.kinds = {kind_of<Wallet>()};
  options.disk_free_bytes_min = 0;
  return options;
}

bool wait_until(const std::function<bool()>& is_so) {
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!is_so() && std::chrono::steady_clock::now() < limit)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  return is_so();
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

History history_of(Engine& engine, const std::string& wallet) {
  std::promise<History> promise;
  engine.history({}, Wallet::kind_id, wallet, {}, 1'000, [&](History& page) { promise.set_value(std::move(page)); });
  return promise.get_future().get();
}

}  // namespace tote
