#include "adapters/nats/publisher.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <charconv>
#include <system_error>

#include "adapters/events/log_checks.h"

namespace tote::nats {
namespace {

using events::Cursor;
using events::Mismatch;

constexpr std::size_t batch_events_max = 1'000;       // on their way at once
constexpr auto save_every = std::chrono::seconds(1);  // at most: the stream itself knows better
constexpr const char* sequence_note = "stream_sequence";

// The sequence of the stream when the cursor was saved; nothing: the stream hasn't been seen yet.
std::optional<std::uint64_t> sequence_in(const Cursor& cursor) {
  const auto found = cursor.notes.find(sequence_note);
  if (found == cursor.notes.end()) return std::nullopt;
  std::uint64_t sequence = 0;
  std::from_chars(found->second.data(), found->second.data() + found->second.size(), sequence);
  return sequence;
}

}  // namespace

Start start_of(const StreamEnd& end, const Known& known) {
  if (end.is_foreign) throw Mismatch("somebody else publishes to the stream: its last message isn't an event of tote");
  const auto seen = sequence_in(known.cursor);
  Start start{known.cursor.position};
  if (end.mark) {
    if (end.mark->log_id != known.log_id)
      throw Mismatch("the stream has the events of another log (" + end.mark->log_id + ", not " + known.log_id + ")");
    events::check_not_ahead("the stream", end.mark->lsn, known.durable);
    // Records without events come after the last message.
    start.position = seen == end.sequence ? std::max(start.position, end.mark->position) : end.mark->position;
  } else if (!seen && end.sequence != 0) {
    throw Mismatch("the stream's last message is gone, and the cursor is new: delete the stream to begin from now on");
  } else {
    start.is_certain = seen.value_or(0) == end.sequence;
  }
  return start;
}

Publisher::Publisher(const wal::LogReader& log, Kinds kinds, StreamOptions options, const std::string& cursor_directory)
    : Follower(log, "nats", "tote-nats"),
      options_(std::move(options)),
      file_(cursor_directory, "nats-" + options_.stream, log),
      reader_(log, std::move(kinds)),
      begins_at_(log.durable()) {}

void Publisher::follow() {
  try {
    if (!cursor_) cursor_ = events::load_or_begin(file_, begins_at_, name());
    open();
  } catch (const events::Trimmed&) {
    throw;
  } catch (const Mismatch& mismatch) {
    throw events::Away(mismatch.what());  // until somebody has mended it
  }
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

void Publisher::open() {
  stream_ = std::make_unique<Stream>(options_, stop_flag());
  const StreamEnd end = stream_->end();
  const Start start = start_of(end, {log().id(), log().durable(), *cursor_});
  if (end.mark) events::check_history(log(), "the stream", end.mark->lsn, end.mark->time);
  reader_.seek(start.position);
  sequence_ = end.sequence;
  if (!start.is_certain) publish_again();
  if (!sequence_in(*cursor_)) {
    cursor_->notes[sequence_note] = std::to_string(sequence_);
    save(true);
  }
  arrived(reader_.position().lsn);
  spdlog::info("nats: the stream has everything up to LSN {}", reader_.position().lsn.value);
}

// What may have been published already: one by one, because nobody can say after which message each must come.
void Publisher::publish_again() {
  spdlog::warn("nats: the stream's last message is gone and the cursor is older: some events may come twice");
  for (const Lsn until = log().durable(); reader_.position().lsn < until && !stopped();) {
    told_.clear();
    if (!reader_.read(batch_events_max, told_)) break;
    for (const events::DomainEvent& event : told_) stream_->put(log().id(), event);
    cursor_->position = reader_.position();
    moved(reader_.position().lsn, told_.size());
  }
  sequence_ = stream_->end().sequence;
}

// False: there is nothing new.
bool Publisher::publish_more() {
  told_.clear();
  if (!reader_.read(batch_events_max, told_)) {
    if (!stream_->is_open()) throw events::Away("NATS closed the connection");
    caught_up();
    return false;
  }
  if (!told_.empty()) sequence_ = stream_->append(log().id(), told_, sequence_);
  *cursor_ = {reader_.position(), {{sequence_note, std::to_string(sequence_)}}};
  moved(reader_.position().lsn, told_.size());
  return true;
}

void Publisher::lost() {
  stream_.reset();
  if (cursor_) save(true);
}

// A disk that doesn't take it is no reason to publish less: the stream knows better.
void Publisher::save(bool at_once) {
  const auto now = Clock::now();
  if (!at_once && (cursor_->position == saved_ || now < saved_at_ + save_every)) return;
  saved_at_ = now;
  try {
    file_.save(*cursor_);
    saved_ = cursor_->position;
  } catch (const std::exception& error) {
    spdlog::error("nats: the cursor can't be saved: {}", error.what());
  }
}

}  // namespace tote::nats
