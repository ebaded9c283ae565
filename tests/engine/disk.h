// The real engine with its real log, in a directory of the test's own.
#pragma once

#include <doctest/doctest.h>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "actors/wallet/wallet.h"
#include "engine/tote.h"
#include "tests/engine/harness.h"
#include "tests/temp_directory.h"

namespace tote {

class Disk {
 public:
  Options options() const;

 private:
  tests::TempDirectory directory_{tests::TempDirectory::On::memory};
};

// Open, or the test ends with the reason.
std::unique_ptr<Engine> open_engine(Options options);
// Why it doesn't open; the test ends when it does.
OpenError refusal_to_open(Options options);

// Counts answers from any thread and keeps them by tag.
class Answers final : public Sink {
 public:
  void done(std::uint64_t tag, Outcome& outcome) override;
  // False: fewer than `count` after ten seconds.
  bool wait_for(std::size_t count);
  std::size_t count() const;
  std::vector<std::pair<std::uint64_t, Outcome>> take();

 private:
  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<std::pair<std::uint64_t, Outcome>> all_;
};

// Looks again every few milliseconds; false: it wasn't so within half a minute.
bool wait_until(const std::function<bool()>& is_so);

// The outcomes of a batch, waited for.
std::vector<Outcome> batch(Engine& engine, std::vector<Request> requests);

// Its last changes, at most a thousand.
History history_of(Engine& engine, const std::string& wallet);

}  // namespace tote
