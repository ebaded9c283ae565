// A connection whose answer has no end.
#include "adapters/server/connection.h"

namespace tote::server {
namespace {

constexpr auto page_interval = std::chrono::milliseconds(10);
constexpr std::size_t large_page_bytes = 64 << 10;  // there is more behind it: no rest

}  // namespace

void Connection::begin_stream(std::unique_ptr<Stream> pages) {
  stream_ = Endless{std::move(pages), boost::asio::steady_timer(all_->loop.io)};
  closing_ = state_.draining;  // "Connection: close" is meant for after the stream
  all_->streams.push_back(weak_from_this());
}

void Connection::pump() {
  if (!stream_ || stream_->is_asking || stream_->is_resting || closing_ || closed_) return;
  if (waiting() != 0 || !out_.empty() || !writing_.empty() || !stream_->pages->has_news() || rests()) return;
  stream_->rests_until = Clock::now() + page_interval;
  stream_->is_asking = stream_->pages->ask(
      [self = shared_from_this()](std::string&& text, bool is_last) { self->take_page(std::move(text), is_last); });
}

bool Connection::rests() {
  if (Clock::now() >= stream_->rests_until) return false;
  stream_->is_resting = true;
  stream_->rest.expires_at(stream_->rests_until);
  stream_->rest.async_wait([waiting = weak_from_this()](const boost::system::error_code& error) {
    const auto self = waiting.lock();
    if (error || self == nullptr) return;
    const Turn turn(self->all_->loop.turns);
    self->stream_->is_resting = false;
    self->pump();
  });
  return true;
}

void Connection::take_page(std::string&& text, bool is_last) {
  stream_->is_asking = false;
  if (text.size() >= large_page_bytes) stream_->rests_until = {};
  if (closed_ || closing_) return;
  out_ += text;
  closing_ = is_last;
  if (text.empty() && !is_last)
    pump();
  else
    flush();
}

// What it is told last; then the connection closes.
void Connection::end_stream(std::string_view why) {
  out_ += stream_->pages->last_words(why);
  closing_ = true;
  flush();
}

void Connection::check_stream(Clock::time_point now) {
  constexpr auto heartbeat = std::chrono::seconds(15);
  const bool is_stuck = !writing_.empty() && now - active_ > std::chrono::milliseconds(options_.body_timeout_ms);
  if (is_stuck && stream_->is_cut) return close();
  if (is_stuck) {
    stream_->is_cut = true;
    active_ = now;  // it has as long again to take what it was sent
    end_stream("cut_off");
  } else if (writing_.empty() && now - active_ > heartbeat) {
    out_ += stream_->pages->heartbeat();
    flush();
  } else {
    pump();
  }
}

}  // namespace tote::server
