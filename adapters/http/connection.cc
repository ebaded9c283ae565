#include "adapters/http/connection.h"

#include <bit>
#include <boost/asio/write.hpp>
#include <ctime>

namespace tote::http {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::size_t in_bytes_first = 4 << 10;
constexpr std::size_t in_bytes_max = 64 << 10;
constexpr std::size_t slots_first = 4;
constexpr std::size_t out_bytes_max = 1 << 20;  // beyond: no more is read until the client takes its answers
constexpr auto linger_time = std::chrono::seconds(2);

// One large answer doesn't keep its memory as long as its connection lives.
void empty(std::string& buffer) {
  if (buffer.capacity() > out_bytes_max)
    buffer = {};
  else
    buffer.clear();
}

std::chrono::milliseconds ms(std::int64_t value) { return std::chrono::milliseconds(value); }

}  // namespace

Connection::Connection(std::shared_ptr<Connections> all, asio::ip::tcp::socket socket)
    : all_(std::move(all)),
      door_(all_->door),
      socket_(std::move(socket)),
      place_(all_->open.size()),
      reader_(door_.options().header_bytes_max, door_.options().body_bytes_max,
              {"/v1/batch", door_.options().batch_bytes_max}),
      active_(Clock::now()) {
  all_->open.push_back(this);
  ++door_.metrics.connections;
}

Connection::~Connection() {
  all_->open[place_] = all_->open.back();
  all_->open[place_]->place_ = place_;
  all_->open.pop_back();
  --door_.metrics.connections;
  count_unsent(0);
  if (stream_) --door_.metrics.streams;
  if (all_->on_closed) all_->on_closed();
}

void Connection::start() {
  error_code ignored;
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  socket_.non_blocking(true, ignored);
  in_.resize(in_bytes_first);
  slots_.resize(slots_first);
  read();
}

void Connection::start_refusing() {
  start();
  ++door_.metrics.connections_refused;
  fail(Problem(Code::overloaded, "The server has as many connections as it takes."));
  flush();
}

void Connection::close() {
  if (closed_) return;
  closed_ = closing_ = true;
  error_code ignored;
  socket_.close(ignored);
}

// ---- reading

void Connection::read() {
  if (reading_ || ended_ || closed_) return;
  if (in_begin_ == in_end_) in_begin_ = in_end_ = 0;
  if (in_begin_ > 0 && in_end_ == in_.size()) {
    std::copy(in_.begin() + static_cast<std::ptrdiff_t>(in_begin_), in_.end(), in_.begin());
    in_end_ -= in_begin_;
    in_begin_ = 0;
  }
  if (in_end_ == in_.size()) {
    if (in_.size() >= in_bytes_max) return;  // a full buffer that can't be parsed yet; parse() goes on later
    in_.resize(in_.size() * 4);
  }
  reading_ = true;
  socket_.async_read_some(asio::buffer(in_.data() + in_end_, in_.size() - in_end_),
                          [self = shared_from_this()](const error_code& error, std::size_t bytes) {
                            self->reading_ = false;
                            if (self->closed_) return;
                            if (error)
                              self->on_end();
                            else
                              self->on_read(bytes);
                          });
}

void Connection::on_read(std::size_t bytes) {
  if (lingering_ || stream_) {  // whatever comes after the last answer is read away
    in_begin_ = in_end_ = 0;
    return read();
  }
  active_ = Clock::now();
  in_end_ += bytes;
  parse();
  flush();
}

// The client sends no more. What it asked is still answered: it may have closed only its own direction.
void Connection::on_end() {
  ended_ = closing_ = true;
  if (lingering_ || (waiting() == 0 && out_.empty() && writing_.empty())) return close();
  flush();
}

void Connection::parse() {
  if (parsing_) return;
  parsing_ = true;
  while (!closing_ && !stream_ && large_ == 0 && in_begin_ < in_end_ &&
         waiting() < door_.options().pipeline_depth_max && out_.size() < out_bytes_max) {
    if (reader_.state() == RequestReader::State::empty) began_ = active_;
    const bool in_header = reader_.state() <= RequestReader::State::header;
    const std::size_t taken = reader_.put({in_.data() + in_begin_, in_end_ - in_begin_});
    in_begin_ += taken;
    if (in_header && reader_.state() == RequestReader::State::body) body_began_ = active_;
    if (reader_.state() == RequestReader::State::failed) {
      const bool too_large = reader_.failure().kind->status == 413;
      fail(too_large ? door_.too_large(reader_.message()) : reader_.failure());
    } else if (reader_.state() == RequestReader::State::complete) {
      handle_message();
    } else if (taken == 0) {
      // The largest line fits the buffer, unless it's one of a chunked body.
      if (in_end_ - in_begin_ >= in_bytes_max) fail(Problem(problem::header_too_large));
      break;
    }
  }
  parsing_ = false;
  say_continue();
  // While a large answer is due the rest stays in the buffer, and after_write() goes on with it.
  const bool room = large_ == 0 && waiting() < door_.options().pipeline_depth_max && out_.size() < out_bytes_max;
  if (room && (!closing_ || lingering_)) read();
}

void Connection::handle_message() {
  const Message& message = reader_.message();
  const std::uint64_t number = next_;
  Slot& slot = new_slot();
  Ticket& ticket = slot.ticket;
  ticket.head_only = message.method == Method::head;
  ticket.http_1_0 = message.http_1_0;
  ticket.close = !message.keep_alive || door_.draining;
  ticket.started = began_;
  ticket.read = active_;
  closing_ |= ticket.close;
  ++door_.metrics.requests_in_flight;
  // The engine may answer within the call, so the count comes before it.
  if (in_engine_++ == 0) self_ = shared_from_this();
  if (door_.take(message, ticket, *this, number, place_for(number))) {
    if (--in_engine_ == 0) self_.reset();
    if (ticket.is_stream) begin_stream(ticket);
    finish_slot(number);
  } else {
    large_ += ticket.is_large ? 1 : 0;
    all_->loop.schedule_poll();
  }
  continue_said_ = false;
  reader_.next();
}

// What can't be understood gets one last answer. Bytes after it have no meaning any more.
void Connection::fail(const Problem& problem) {
  const std::uint64_t number = next_;
  Slot& slot = new_slot();
  slot.ticket.close = closing_ = true;
  slot.ticket.started = slot.ticket.read = active_;
  ++door_.metrics.requests_in_flight;
  door_.refuse(slot.ticket, problem, place_for(number));
  finish_slot(number);
  in_begin_ = in_end_ = 0;
}

void Connection::say_continue() {
  if (continue_said_ || closing_ || waiting() != 0 || !reader_.wants_continue()) return;
  continue_said_ = true;
  out_ += "HTTP/1.1 100 Continue\r\n\r\n";
}

// ---- answering

Connection::Slot& Connection::new_slot() {
  if (waiting() == slots_.size()) {
    std::vector<Slot> larger(slots_.size() * 2);
    for (auto number = first_; number != next_; ++number)
      larger[number & (larger.size() - 1)] = std::move(slot(number));
    slots_ = std::move(larger);
  }
  Slot& fresh = slot(next_++);
  fresh.answered = false;
  fresh.text.clear();
  fresh.ticket.route = Metrics::routes_max;
  fresh.ticket.lookup = fresh.ticket.is_read = fresh.ticket.head_only = false;
  fresh.ticket.close = fresh.ticket.http_1_0 = fresh.ticket.is_stream = fresh.ticket.is_large = false;
  fresh.ticket.note.clear();
  fresh.ticket.ready_type = {};
  return fresh;
}

std::string& Connection::place_for(std::uint64_t number) { return number == first_ ? out_ : slot(number).text; }

void Connection::finish_slot(std::uint64_t number) {
  slot(number).answered = true;
  if (number != first_) return;
  // The first was written straight into out_; those after it may have been waiting for it.
  for (++first_, --door_.metrics.requests_in_flight; first_ != next_ && slot(first_).answered; ++first_) {
    out_ += slot(first_).text;
    --door_.metrics.requests_in_flight;
  }
}

void Connection::done(std::uint64_t number, Outcome& outcome) {
  large_ -= slot(number).ticket.is_large ? 1 : 0;
  std::shared_ptr<Connection> keep;  // this may be the last thing that holds the connection
  if (--in_engine_ == 0) keep = std::move(self_);
  if (closed_) {
    finish_slot(number);
    return;
  }
  Ticket& ticket = slot(number).ticket;
  if (closing_ && number + 1 == next_) ticket.close = true;
  door_.answer(ticket, outcome, place_for(number));
  finish_slot(number);
  if (queued_) return;
  queued_ = true;
  all_->answered.push_back(shared_from_this());
}

void Connection::flush() {
  queued_ = false;
  if (closed_) return;
  if (writing_.empty() && !out_.empty()) {
    error_code error;
    const std::size_t bytes = socket_.write_some(asio::buffer(out_), error);
    if (error && error != asio::error::would_block && error != asio::error::try_again) return close();
    active_ = Clock::now();
    if (bytes < out_.size()) {
      std::swap(out_, writing_);
      written_ = bytes;
      write_rest();
    } else {
      empty(out_);
    }
  }
  after_write();
}

void Connection::count_unsent(std::size_t bytes) {
  door_.metrics.unsent_bytes += bytes - unsent_;
  unsent_ = bytes;
}

void Connection::write_rest() {
  socket_.async_write_some(asio::buffer(writing_.data() + written_, writing_.size() - written_),
                           [self = shared_from_this()](const error_code& error, std::size_t bytes) {
                             if (self->closed_) return;
                             if (error) return self->close();
                             self->active_ = Clock::now();
                             self->written_ += bytes;
                             if (self->written_ < self->writing_.size()) return self->write_rest();
                             empty(self->writing_);
                             self->flush();
                           });
}

void Connection::after_write() {
  count_unsent(writing_.empty() ? 0 : writing_.size() + out_.size());
  if (!writing_.empty() || !out_.empty()) return;
  if (closing_ && waiting() == 0) {
    if (!lingering_) linger();
    return;
  }
  if (stream_) return pump();
  // Answers made room for requests that were left in the buffer.
  if (parsing_ || reading_) return;
  parse();
  if (!out_.empty()) flush();
}

// Closing a socket with unread bytes makes the kernel throw away the answer: say that no more is written, read away
// what comes, and close when the client has closed or after a short while.
void Connection::linger() {
  if (ended_) return close();
  lingering_ = true;
  active_ = Clock::now();
  error_code error;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, error);
  if (error) return close();
  in_begin_ = in_end_ = 0;
  read();
}

// ---- following the log

void Connection::begin_stream(const Ticket& ticket) {
  stream_ = Stream{ticket.tenant, ticket.after};
  closing_ = door_.draining;  // "Connection: close" is meant for after the stream
  ++door_.metrics.streams;
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
  if (page.code != Code::ok) return end_stream("failed");
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
  const bool is_stuck = !writing_.empty() && now - active_ > ms(door_.options().body_timeout_ms);
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

// ---- time

void Connection::check(Clock::time_point now) {
  const auto& options = door_.options();
  if (lingering_) {
    if (now - active_ > linger_time) close();
    return;
  }
  if (stream_ && waiting() == 0) return check_stream(now);
  if (!writing_.empty()) {
    if (now - active_ > ms(options.body_timeout_ms)) close();
    return;
  }
  if (closing_ || waiting() != 0) return;  // the engine's turn
  const auto state = reader_.state();
  const bool late_header = state == RequestReader::State::header && now - began_ > ms(options.header_timeout_ms);
  const bool late_body = state == RequestReader::State::body && now - body_began_ > ms(options.body_timeout_ms);
  if (late_header || late_body) {
    fail(Problem(problem::request_timeout));
    flush();
  } else if (state == RequestReader::State::empty && now - active_ > ms(options.idle_timeout_ms)) {
    close();
  }
}

void Connection::drain() {
  if (stream_ && !closing_ && waiting() == 0) return end_stream("draining");
  const bool answers_due = waiting() != 0 || !out_.empty() || !writing_.empty();
  if (answers_due)
    closing_ = true;
  else if (reader_.state() == RequestReader::State::empty)
    close();
}

}  // namespace tote::http
