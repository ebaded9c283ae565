// A disk that forgets: what was asked for and not yet synced is gone after a power cut, but for some beginning of it.
// So a cut that wasn't synced brings back what it had taken away.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "replication/holding.h"
#include "replication/log_view.h"

namespace tote::replication::test {

class Disk final : public LogView {
 public:
  explicit Disk(const Mark& begin) : begin_(begin) {}

  Mark begin() const override { return begin_; }
  bool has(const Mark& mark) const override;
  Mark end_after(Lsn lsn) const override { return frames_.at(index_after(lsn)).end(); }
  std::vector<Frame> page(Lsn lsn, std::size_t bytes_max) const override;

  Mark end() const { return frames_.empty() ? begin_ : frames_.back().end(); }
  const std::vector<Frame>& frames() const { return frames_; }
  std::size_t index_after(Lsn lsn) const;  // of the first frame with a record after that
  bool has_synced(const Mark& mark) const;

  // `keeps_promises`: false plants a fault.
  void write(const Write& write, bool keeps_promises);
  void sync(std::uint64_t ticket);
  std::size_t pending() const { return pending_.size(); }
  // The power goes; so many of the writes that weren't synced have reached the disk.
  void forget(std::size_t kept);
  void wipe();
  // The log begins with the last frame that ends below `counts`, or before; what is synced alone goes. False: nothing
  // to go. What was made of the frames before is there for ever, and so are they in frames().
  bool trim(Lsn counts);
  // An image of another disk takes the place of all but the promise.
  void fill(const Disk& image);
  Kept kept() const { return {promised_, end()}; }
  const std::vector<Frame>& aside() const { return aside_; }

 private:
  // How to take a write back.
  struct Pending {
    std::uint64_t ticket = 0;
    std::size_t before = 0;    // frames there were
    std::vector<Frame> cut{};  // frames that went
    Epoch promised_before{};
  };

  std::size_t first_ = 0;  // frame of the log; those before were trimmed
  Mark begin_;
  std::vector<Frame> frames_;
  std::vector<Frame> aside_;  // what was cut
  Epoch promised_{};
  std::deque<Pending> pending_;
};

}  // namespace tote::replication::test
