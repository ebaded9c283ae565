// A node of a replicated log: the protocol, and nothing else. No socket, no thread, no clock, no disk: what happens
// comes in by calls, with the time; what is to be done goes out as demands. Whoever drives it (a process, a simulation)
// carries out the demands in order and says what came of them.
//
//   following ──(in sync, the owner silent for ~1 s)──> standing: promise epoch + 1, on disk; then propose it
//       ^──────────(somebody else was faster)──────────────┘ │ the register has taken it
//                                                            v
//   stopped <──(the register, or anybody, names another)── owning: claim, open, shrink, grow
//
// ARCHITECTURE.md has the protocol and its proof, rules.h its rules one by one. One thread; the time never goes back.
#pragma once

#include <optional>
#include <utility>

#include "replication/following.h"
#include "replication/owner.h"

namespace tote::replication {

class Node {
 public:
  // `log` outlives the node, and shows all that was demanded of the disk before a call.
  Node(Options options, const LogView& log, const Kept& kept, Time now);
  // For tests alone: without one of the rules.
  Node(Options options, const Rules& rules, const LogView& log, const Kept& kept, Time now);
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  // -- what happens
  void take(const NodeId& from, const Message& message, Time now);
  void registered(const Registered& seen, Time now);  // an answer of the register, or what it says by itself
  void synced(std::uint64_t ticket, Time now);
  void tick(Time now);  // at least every heartbeat_ms / 2

  // -- what the engine wants; of an owner
  bool can_append() const { return owner_ && owner_->can_append(); }
  void append(const Frame& frame, Time now);  // only when it can
  std::uint64_t confirm() { return owner_->confirm(); }
  bool yield(const NodeId& to, Time now) { return owner_ && owner_->yield(to, now); }  // a planned change of owner

  // -- what is to be done; gone from here once it is taken
  std::vector<Demand> take_demands() { return std::exchange(context_.demands, {}); }

  bool is_owner() const { return owner_.has_value(); }
  bool is_open() const { return owner_ && owner_->is_open(); }
  bool has_enough(Time now) const { return owner_ && owner_->has_enough(now); }
  bool is_stopped() const { return is_stopped_; }
  Epoch epoch() const { return owner_ ? owner_->epoch() : following_.epoch(); }
  const Registered& known() const { return owner_ ? owner_->registered() : known_; }
  const Mark& end() const { return context_.holding.end(); }
  // What the owner last said that it has committed, and when that was; `at` 0: it has said nothing yet.
  struct Heard {
    Lsn committed{};
    Time at{};
  };
  const Heard& heard() const { return heard_; }
  const Owner* owner() const { return owner_ ? &*owner_ : nullptr; }

 private:
  // Stands for owner in an epoch of its own.
  struct Standing {
    Epoch epoch{};
    bool has_proposed = false;
    Time proposed_at{};
  };

  template <class Said>
  void take_from_owner(const NodeId& from, const Said& said, Time now);
  void follow(const NodeId& from, const Append& said, Time now);
  void inherit(const Yield& said, Time now);
  void know(const Registered& seen, Time now);
  void depose(const char* why, Time now);
  bool may_stand(Time now) const;
  bool hears_register() const;
  void stand(Time now);
  void propose(Time now);
  void look_around(Time now);

  Context context_;
  Following following_;
  std::optional<Standing> standing_;
  std::optional<Owner> owner_;
  Registered known_{};
  bool has_looked_ = false;  // the register was read since the start
  bool is_stopped_ = false;
  Heard heard_{};
  Time heard_at_;  // from the owner; or the register named another
  Time looked_at_{}, hailed_at_{};
  Time answered_at_{};  // by the register
  Epoch looked_for_{};  // the register was read because somebody spoke in it
};

}  // namespace tote::replication
