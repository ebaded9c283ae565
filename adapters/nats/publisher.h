// Publishes the domain events to a JetStream stream: each once and in the log's order, without a gap, whatever dies
// when and however long NATS is away.
//
// The stream itself is the cursor: its last message says which event it is. Each publication names the sequence after
// which it must be stored, so nothing of a broken batch can be stored twice or out of order, however long ago the first
// try was. A cursor file stands beside it for streams whose last message is gone (purged, or expired).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "adapters/events/cursor_file.h"
#include "adapters/events/event_reader.h"
#include "adapters/events/follower.h"
#include "adapters/nats/stream.h"

namespace tote::nats {

// Where to go on, by the stream's end and the cursor file, which is there from the first start on. `durable`: the end
// of the log. Throws Mismatch when it can't be known, or the stream isn't this log's.
struct Known {
  std::string log_id;
  Lsn durable{};
  events::Cursor cursor;
};
events::Position start_of(const StreamEnd& end, const Known& known);

class Publisher final : public events::Follower {
 public:
  // The first time: from the log's present end on. Throws when the cursor can't be read or written.
  Publisher(events::LogSource log, Kinds kinds, StreamOptions options, std::string cursor_directory);
  ~Publisher() override { stop(); }

 private:
  void follow() override;
  void lost() override { stream_.reset(); }
  events::Cursor cursor();
  void open();
  bool publish_more();
  void save(bool at_once);

  const StreamOptions options_;
  const events::CursorFile file_;
  events::EventReader reader_;
  std::unique_ptr<Stream> stream_;
  std::uint64_t sequence_ = 0;  // of the stream's last message
  std::vector<events::DomainEvent> told_;
  events::Position saved_;
  Clock::time_point saved_at_{};
};

}  // namespace tote::nats
