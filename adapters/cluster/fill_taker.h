// The side of a node that is filled: asks the owner for an image of its log, a page at a time, and takes it beside the
// log that there is (wal/fill_target.h). What is lost is asked for again; when nothing comes, or another node owns the
// log, it is tried again, and what has come whole by then isn't sent again.
//
// One thread, and no clock but what it is told: fill_threads.h gives it both.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "adapters/cluster/fill_giver.h"
#include "adapters/cluster/wire.h"
#include "wal/fill_target.h"

namespace tote::cluster {

class FillTaker {
 public:
  struct Told {
    std::function<void(const replication::NodeId& to, FillMessage said)> say;
    std::function<void()> done;  // once: the next start of the log begins with the image
    std::function<void(const std::string& sentence)> problem;
  };

  // Of the log that there is, and its id.
  FillTaker(wal::LogOptions options, std::string id, Told told);

  // The log, which ends there, is to be filled by this owner: said again and again, or it is given up.
  void want(const replication::NodeId& owner, const replication::Mark& end, FillClock::time_point now);
  void take(const replication::NodeId& from, const FillMessage& said, FillClock::time_point now);
  // What time asks for.
  void look(FillClock::time_point now);
  // The node needs no image: what is left of one goes.
  void drop_rest();
  std::optional<FillProgress> progress() const;  // nothing: it isn't being filled

  // The last page is asked for again; another try begins; it is given up: nobody says that it is wanted, no page comes;
  // and there was too little room.
  static constexpr std::chrono::milliseconds asked_again_after{1'000}, tried_again_after{1'000}, unwanted_after{5'000},
      given_up_after{20'000}, room_looked_after{10'000};

 private:
  struct Wanted {
    replication::NodeId owner{};
    replication::Mark end{};
    std::optional<FillClock::time_point> at{};  // nothing: never
  };

  bool is_current(FillClock::time_point now) const;
  void begin(FillClock::time_point now);
  void ask(FillClock::time_point now);
  void take(const FillPage& page, FillClock::time_point now);
  void fail(const std::string& why, FillClock::time_point now);
  void give_up(FillClock::time_point next);

  const wal::LogOptions options_;
  const std::string id_;
  const Told told_;

  Wanted wanted_;
  std::unique_ptr<wal::FillTarget> target_;  // while it is filled
  replication::NodeId owner_{};
  replication::Mark end_{};
  FillAsk asked_{};
  FillClock::time_point asked_at_{}, progressed_at_{}, not_before_{};
  bool is_done_ = false;
};

}  // namespace tote::cluster
