// A node that isn't the owner: it takes frames, cuts what the owner hasn't, applies what is committed. One thread.
//
//   asking ──(an owner's answers: the last mark in common is the log's end, or what is beyond it was cut)──> aligned
//     └──(a frame that follows the log's end, or the owner's end is the log's: equal hash, equal prefix)──────^
//
// Aligned: the log is a beginning of the owner's, for as long as the epoch lasts. Only then anything is said to be
// held, or applied, and from then on nothing is cut.
#pragma once

#include <optional>

#include "replication/context.h"

namespace tote::replication {

class Following {
 public:
  explicit Following(Context& context) : context_(context) {}

  // From an owner whose epoch is nothing below what was promised.
  void take(const NodeId& owner, const Append& said);
  // False: what was applied would have to be cut; then a stop has been demanded.
  bool take(const Common& said);
  void synced();  // the disk has got further

  Epoch epoch() const { return epoch_; }  // of the owner that was heard last, by this process; 0: none yet
  Lsn committed() const { return applied_; }
  bool is_aligned() const { return is_aligned_; }

 private:
  void begin(const NodeId& owner, Epoch epoch);
  bool take_frames(const std::vector<Frame>& frames);
  bool cut(const Mark& end);
  bool stop(const char* why);
  void ask();
  void tell();
  void apply();

  Context& context_;
  Epoch epoch_{};
  NodeId owner_{};
  bool is_aligned_ = false;
  std::optional<Mark> common_, foreign_;  // of our own marks: the newest that the owner has, the oldest that it hasn't
  Lsn announced_{};                       // what the owner said is committed
  Lsn applied_{};
};

}  // namespace tote::replication
