// Publishes the domain events to a JetStream stream: each once and in the log's order, without a gap, whatever dies
// when and however long NATS is away.
//
// The stream itself is the cursor: its last message says which event it is. Each publication names the sequence after
// which it must be stored, so nothing of a broken batch can be stored twice or out of order, however long ago the first
// try was. When the last message is gone (purged, expired, or taken by a work queue) a cursor in memory and on disk
// takes its place; what was published after it was saved is then published again one by one, and NATS drops those whose
// ids it still remembers.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/events/cursor_file.h"
#include "adapters/events/event_reader.h"
#include "adapters/events/follower.h"
#include "adapters/nats/stream.h"

namespace tote::nats {

// Where to go on, by the stream's end and the cursor, which is there from the first start on. `durable`: the end of the
// log. Throws Mismatch when it can't be known, or the stream isn't this log's.
struct Known {
  std::string log_id;
  Lsn durable{};
  events::Cursor cursor;
};
struct Start {
  events::Position position;
  bool is_certain = true;  // nothing after it was ever published
};
Start start_of(const StreamEnd& end, const Known& known);

class Publisher final : public events::Follower {
 public:
  // The first time: from the log's present end on.
  Publisher(const wal::LogReader& log, Kinds kinds, StreamOptions options, const std::string& cursor_directory);
  ~Publisher() override { stop(); }

  std::string destination() const override { return "NATS, stream " + options_.stream; }

 private:
  void follow() override;
  void lost() override;
  void open();
  void publish_again();
  bool publish_more();
  void save(bool at_once);

  const StreamOptions options_;
  const events::CursorFile file_;
  events::EventReader reader_;
  std::unique_ptr<Stream> stream_;
  std::uint64_t sequence_ = 0;  // of the stream's last message
  std::vector<events::DomainEvent> told_;
  const Lsn begins_at_;
  std::optional<events::Cursor> cursor_;  // as of the last answer; nothing: not loaded yet
  events::Position saved_;
  Clock::time_point saved_at_{};
};

}  // namespace tote::nats
