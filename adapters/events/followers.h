// All that follow a log, in one list: they are started and ended by it, and /metrics, /v1/projection and the program's
// words about them are made of it. Another follower is a folder with a class that derives from Follower, and a line
// where the list is filled (adapters/cli/following.cc).
//
// The order of shutdown is a rule; each step needs what the later ones take away:
//
//   1. the server answers what it has accepted; nobody asks the engine any more
//   2. workers that make outside calls end: they report to the engine
//   3. all followers are told to end, before any of them is waited for: each may hang on its own destination
//   4. each is waited for; from then on nobody reads the log
//   5. the engine is closed, and its log with it
//   6. the server goes: until here followers told it what has moved
//
// Service (adapters/cli) keeps to it; 3 and 4 are stop().
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/events/follower.h"
#include "adapters/events/follower_status.h"
#include "wal/trim_limit.h"

namespace tote::events {

class Followers {
 public:
  Followers() = default;
  Followers(const Followers&) = delete;
  Followers& operator=(const Followers&) = delete;
  ~Followers() { stop(); }

  // Before start(): an F that will be made of the log and these arguments.
  template <class F, class... Arguments>
  void add(const Arguments&... arguments) {
    all_.push_back({F::role, [=](const wal::LogReader& log) { return std::make_unique<F>(log, arguments...); }, {}});
  }
  // Whether there is one; known before they start. After the last add(): any thread.
  bool has(Role role) const;

  // Makes all of them, asks each whether it may begin (Follower::check), starts all. The first no, when there is one:
  // then none was started. Throws what making one throws. The log outlives stop().
  std::string start(const wal::LogReader& log);
  // Steps 3 and 4. Not beside start().
  void stop();

  // In the order of add(); empty until all have started. Any thread.
  std::vector<FollowerStatus> statuses() const;
  // From where on each still needs the log; all of it until it knows. What keeps a cursor keeps its record, too. Any
  // thread.
  std::vector<wal::Hold> holds() const;
  // Of the projection, if one was added; until it has started: that it has nothing. Any thread.
  std::optional<FollowerStatus> projection() const;

 private:
  struct Entry {
    Role role;
    std::function<std::unique_ptr<Follower>(const wal::LogReader&)> make;
    std::unique_ptr<Follower> follower;

    FollowerStatus status() const;
  };

  std::vector<Entry> all_;
  std::atomic<bool> started_{false};
};

}  // namespace tote::events
