// What a node has asked its disk to keep, and how much of that the disk has synced. One thread; no errors: a disk that
// fails ends the process.
#pragma once

#include <deque>
#include <vector>

#include "replication/demand.h"

namespace tote::replication {

// What a start finds on the disk.
struct Kept {
  Epoch promised{};
  Mark end{};
};

class Holding {
 public:
  explicit Holding(const Kept& kept) : promised_(kept.promised), end_(kept.end), synced_{0, kept.promised, kept.end} {}

  Epoch promised() const { return promised_; }  // from the moment that it is asked for
  Epoch synced_promise() const { return synced_.promised; }
  const Mark& end() const { return end_; }            // of what was written
  const Mark& synced() const { return synced_.end; }  // of that what a power cut would leave, at least

  // Each is one write, to be demanded at once.
  Write promise(Epoch epoch);
  Write append(std::vector<Frame> frames);
  Write cut(const Mark& end, Epoch by);

  // The disk has come so far. False: it had been there already.
  bool sync(std::uint64_t ticket);

 private:
  struct State {
    std::uint64_t ticket = 0;
    Epoch promised{};
    Mark end{};
  };

  std::uint64_t remember();

  std::uint64_t ticket_ = 0;
  Epoch promised_;
  Mark end_;
  State synced_;
  std::deque<State> pending_;  // what each write leaves once it is synced
};

}  // namespace tote::replication
