// Where signatures are verified: a few threads beside the loop, with a bound on what waits for them. Results go back to
// the loop many at once.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "adapters/server/handler.h"
#include "adapters/sportsbook/payload.h"

namespace tote::sportsbook {

// One callback on its way.
struct Callback {
  Action action{};
  std::string body{};
  server::Exchange* exchange = nullptr;  // there until sink->done()
  Sink* sink = nullptr;
  std::uint64_t tag = 0;
  Read read = Refused{};  // what came of it
};

class Checking {
 public:
  static constexpr std::size_t waiting_max = 4'096;

  using Post = std::function<void(std::function<void()>)>;
  using Done = std::function<void(std::vector<Callback>&&)>;

  // `done` runs on the loop, with some that are finished.
  Checking(const Options& options, KeySetPtr keys, Done done);
  Checking(const Checking&) = delete;
  Checking& operator=(const Checking&) = delete;
  ~Checking() { stop(); }

  // Loop thread. False: too many wait, or it has stopped.
  bool ask(Callback&& callback, const Post& post);
  // Those that aren't finished. Loop thread.
  std::vector<Callback> stop();
  // Of what is looked at from now on. Any thread.
  void set_keys(KeySetPtr keys);

 private:
  static constexpr std::size_t batch_max = 32;

  void start(const Post& post);
  void run();
  bool take(std::vector<Callback>& batch);
  void check(std::vector<Callback>& batch, Verifier& verifier);

  const Options& options_;
  const Done done_;
  Post post_;  // before the first thread starts
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Callback> waiting_;
  KeySetPtr keys_;
  bool stopped_ = false;
  std::vector<std::thread> threads_;

  // Finished, and not yet told.
  std::mutex finished_mutex_;
  std::vector<Callback> finished_;
};

}  // namespace tote::sportsbook
