#include "adapters/nats/publisher.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <charconv>

namespace tote::nats {
namespace {

using events::Cursor;
using events::Mismatch;
using events::Position;

constexpr std::size_t batch_events_max = 1'000;       // on their way at once
constexpr auto save_every = std::chrono::seconds(1);  // at most: the stream itself knows better
constexpr const char* sequence_note = "stream_sequence";

// The sequence of the stream when the cursor was saved; 0 when it doesn't say.
std::uint64_t sequence_in(const Cursor& cursor) {
  const auto found = cursor.notes.find(sequence_note);
  std::uint64_t sequence = 0;
  if (found != cursor.notes.end())
    std::from_chars(found->second.data(), found->second.data() + found->second.size(), sequence);
  return sequence;
}

}  // namespace

Position start_of(const StreamEnd& end, const Known& known) {
  if (end.is_foreign) throw Mismatch("somebody else publishes to the stream: its last message isn't an event of tote");
  const std::uint64_t seen = sequence_in(known.cursor);
  Position position = known.cursor.position;
  if (end.mark) {
    if (end.mark->log_id != known.log_id)
      throw Mismatch("the stream has the events of another log (" + end.mark->log_id + ", not " + known.log_id + ")");
    // Records without events come after the last message.
    position = seen == end.sequence ? std::max(position, end.mark->position) : end.mark->position;
  } else if (seen == 0 && end.sequence != 0) {
    throw Mismatch("the stream's last message is gone, and the cursor is new: delete the stream to begin from now on");
  }
  if (position > Position{known.durable, 0})
    throw Mismatch("the stream has events up to LSN " + std::to_string(position.lsn.value + (position.events > 0)) +
                   ", but the log ends at " + std::to_string(known.durable.value) + ": acknowledged records were lost");
  return position;
}

Publisher::Publisher(events::LogSource log, Kinds kinds, StreamOptions options, std::string cursor_directory)
    : Follower(log, "nats", "tote-nats"),
      options_(std::move(options)),
      file_(std::move(cursor_directory), "nats-" + options_.stream, log.id),
      reader_(std::move(log), std::move(kinds)) {
  cursor();
}

void Publisher::follow() {
  open();
  while (!stopped()) {
    const auto began_at = Clock::now();
    const Lsn durable = log().durable();
    if (publish_more())
      make_way(began_at, durable, told_.size());
    else
      wait_for_more();
    save(false);
  }
  save(true);
}

// At the first start: from now on, which is remembered, whether or not NATS is there.
Cursor Publisher::cursor() {
  if (auto saved = file_.load()) return *saved;
  const Cursor fresh{{log().durable(), 0}};
  file_.save(fresh);
  return fresh;
}

void Publisher::open() {
  stream_ = std::make_unique<Stream>(options_, stop_flag());
  const StreamEnd end = stream_->end();
  const Cursor known = cursor();
  const Position position = start_of(end, {log().id, log().durable(), known});
  if (!end.mark && sequence_in(known) != end.sequence)
    spdlog::warn("nats: the stream's last message is gone and the cursor is older: events may come twice");
  reader_.seek(position);
  sequence_ = end.sequence;
  arrived(position.lsn);
  spdlog::info("nats: the stream has everything up to LSN {}", position.lsn.value);
}

// False: there is nothing new.
bool Publisher::publish_more() {
  told_.clear();
  if (!reader_.read(batch_events_max, told_)) {
    caught_up();
    return false;
  }
  if (!told_.empty()) sequence_ = stream_->append(log().id, told_, sequence_);
  moved(reader_.position().lsn, told_.size());
  return true;
}

void Publisher::save(bool at_once) {
  const auto now = Clock::now();
  if (!at_once && (reader_.position() == saved_ || now < saved_at_ + save_every)) return;
  file_.save({reader_.position(), {{sequence_note, std::to_string(sequence_)}}});
  saved_ = reader_.position();
  saved_at_ = now;
}

}  // namespace tote::nats
