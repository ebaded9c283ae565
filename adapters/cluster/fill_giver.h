// The owner's side of a fill: an image of its log (wal/fill_image.h) for one node at a time, read a page an answer. The
// image goes when nobody has asked for a page of it for a while.
//
// One thread, and no clock but what it is told: fill_threads.h gives it both.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "adapters/cluster/wire.h"
#include "wal/fill_image.h"

namespace tote::cluster {

using FillClock = std::chrono::steady_clock;

struct FillProgress {
  std::uint64_t bytes = 0, bytes_max = 0;
};

class FillGiver {
 public:
  using Say = std::function<void(const replication::NodeId& to, FillMessage said)>;

  FillGiver(std::shared_ptr<wal::FrameStore> frames, Say say,
            std::chrono::milliseconds idle_max = std::chrono::seconds(15));

  void take(const replication::NodeId& from, const FillAsk& ask, FillClock::time_point now);
  // When the image goes unless somebody asks; nothing: there is none.
  std::optional<FillClock::time_point> idle_at() const;
  void look(FillClock::time_point now);

  // Who is given the image, and how far it is; nothing: nobody.
  const replication::NodeId& to() const { return to_; }
  FillProgress progress() const { return progress_; }

 private:
  void give_up();

  const std::shared_ptr<wal::FrameStore> frames_;
  const Say say_;
  const std::chrono::milliseconds idle_max_;

  std::unique_ptr<wal::FillImage> image_;
  std::uint64_t number_ = 0;  // the image's
  replication::NodeId to_{};
  FillProgress progress_{};
  FillClock::time_point asked_at_{};
};

}  // namespace tote::cluster
