// A connection that follows the log.
#include "adapters/http/connection.h"

namespace tote::http {

void Connection::begin_stream(const Ticket& ticket) {
  stream_ = Stream{ticket.tenant, ticket.after};
  closing_ = door_.draining;  // "Connection: close" is meant for after the stream
  all_->streams.push_back(weak_from_this());
}

void Connection::pump() {
  if (!stream_ || stream_->is_asking || closing_ || closed_) return;
  if (waiting() != 0 || !out_.empty() || !writing_.empty() || !door_.has_news(stream_->after)) return;
  stream_->is_asking = door_.ask_log(stream_->tenant, stream_->after,
                                     [self = shared_from_this()](LogFeed::Page&& page) { self->take_page(page); });
}

void Connection::take_page(const LogFeed::Page& page) {
  stream_->is_asking = false;
  if (closed_ || closing_) return;
  if (page.code != Code::ok) return end_stream(page.code == Code::log_damaged ? "damaged" : "failed");
  stream_->after = page.to;
  out_ += page.text;
  if (page.text.empty())
    pump();
  else
    flush();
}

// `event` is the last that the client gets to see; it comes back with Last-Event-ID.
void Connection::end_stream(std::string_view event) {
  out_.append("event: ").append(event).append("\ndata: {\"after\":");
  out_.append(std::to_string(stream_->after.value)).append("}\n\n");
  closing_ = true;
  flush();
}

void Connection::check_stream(Clock::time_point now) {
  constexpr auto heartbeat = std::chrono::seconds(15);
  const bool is_stuck = !writing_.empty() && now - active_ > std::chrono::milliseconds(door_.options().body_timeout_ms);
  if (is_stuck && stream_->is_cut) return close();
  if (is_stuck) {
    stream_->is_cut = true;
    active_ = now;  // it has as long again to take what it was sent
    end_stream("cut_off");
  } else if (writing_.empty() && now - active_ > heartbeat) {
    out_ += ":\n\n";
    flush();
  } else {
    pump();
  }
}

}  // namespace tote::http
