#include "adapters/server/connection.h"

#include <bit>

namespace tote::server {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::size_t in_bytes_first = 4 << 10;
constexpr std::size_t in_bytes_max = 64 << 10;
constexpr std::size_t slots_first = 4;
constexpr auto linger_time = std::chrono::seconds(2);

std::chrono::milliseconds ms(std::int64_t value) { return std::chrono::milliseconds(value); }

}  // namespace

Connection::Connection(std::shared_ptr<Connections> all, Wire wire)
    : all_(std::move(all)),
      state_(all_->state),
      options_(all_->options),
      wire_(std::move(wire)),
      place_(all_->open.size()),
      reader_(options_.header_bytes_max,
              [doors = &all_->doors](std::string_view target) { return doors->own_of(target).body_bytes_max(target); }),
      active_(Clock::now()) {
  all_->open.push_back(this);
  stranger_ = all_->strangers.insert(all_->strangers.end(), this);
  ++state_.connections;
}

Connection::~Connection() {
  all_->open[place_] = all_->open.back();
  all_->open[place_]->place_ = place_;
  all_->open.pop_back();
  --state_.connections;
  release();
  if (owner_ == nullptr) all_->strangers.erase(stranger_);
  if (all_->on_closed) all_->on_closed();
}

void Connection::start() {
  in_.resize(in_bytes_first);
  slots_.resize(slots_first);
  read();
}

void Connection::start_refusing() {
  start();
  ++state_.connections_refused;
  const Failure failure{Failure::Reason::overloaded, "The server has as many connections as it takes."};
  fail(&failure);
  flush();
}

void Connection::close() {
  if (closed_) return;
  closed_ = closing_ = true;
  cancel_waiting();
  wire_.close();
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
  wire_.async_read_some(asio::buffer(in_.data() + in_end_, in_.size() - in_end_),
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
  const Turn turn(all_->loop.turns);
  active_ = turn.began();
  // What is left while no message is being read waits for its turn: that came before.
  if (in_begin_ == in_end_ || reader_.state() != RequestReader::State::empty) arrived_ = active_;
  in_end_ += bytes;
  parse();
  flush();
}

// The client sends no more. What it asked is still answered: it may have closed only its own direction. But nothing is
// waited for any more, as mostly nobody is there.
void Connection::on_end() {
  ended_ = true;
  parse();  // closing_ from here on, unless requests that came before are left
  if (lingering_ || (waiting() == 0 && out_.empty() && writing_.empty())) return close();
  flush();
}

void Connection::cancel_waiting() {
  for (auto number = first_; number != next_; ++number)
    if (const Slot& one = slot(number); !one.answered && one.asked.exchange->waits)
      one.asked.door->cancel(*this, number);
}

void Connection::parse() {
  if (parsing_) return;
  parsing_ = true;
  while (!closing_ && !stream_ && in_begin_ < in_end_ && has_room()) {
    if (reader_.state() == RequestReader::State::empty) began_ = active_, came_ = arrived_;
    const bool in_header = reader_.state() <= RequestReader::State::header;
    const std::size_t taken = reader_.put({in_.data() + in_begin_, in_end_ - in_begin_});
    in_begin_ += taken;
    if (in_header && reader_.state() == RequestReader::State::body) body_began_ = active_;
    if (!admit()) {
      // It was told, and what comes of its body is not kept.
    } else if (reader_.state() == RequestReader::State::failed) {
      fail(&reader_.failure());
    } else if (reader_.state() == RequestReader::State::complete) {
      handle_message();
    } else if (taken == 0) {
      // The largest line fits the buffer, unless it's one of a chunked body.
      const Failure failure{Failure::Reason::header_too_large};
      if (in_end_ - in_begin_ >= in_bytes_max) fail(&failure);
      break;
    }
  }
  parsing_ = false;
  say_continue();
  if (ended_) {
    cancel_waiting();
    closing_ |= has_room();
  }
  // Without room the rest stays in the buffer, and after_write() goes on with it. As far as the buffer goes it is read
  // all the same: or nobody would see that the client is gone.
  if (!closing_ || lingering_) read();
}

bool Connection::has_room() const {
  return large_ == 0 && waiting() < options_.pipeline_depth_max && out_.size() < out_bytes_max;
}

void Connection::begin_exchange() {
  Handler& door = all_->doors.of(reader_.message());
  if (current_.door != &door) current_ = {&door, door.make_exchange()};
  current_.exchange->reset();
  current_.is_begun = true;
}

void Connection::release() {
  if (std::exchange(current_.is_begun, false)) current_.door->release(*current_.exchange);
}

// Once its header is there, whoever asks is looked at, before the body is read. False: refused.
bool Connection::admit() {
  const auto state = reader_.state();
  const bool is_too_large = state == RequestReader::State::failed && reader_.failure().status() == 413;
  const bool has_header = state == RequestReader::State::body || state == RequestReader::State::complete;
  if (current_.is_begun || !(has_header || is_too_large)) return true;
  begin_exchange();
  const bool was_stranger = owner_ == nullptr;
  const Owner* before = owner_.get();
  const auto admission = current_.door->admit(reader_.message(), *current_.exchange, owner_);
  if (owner_.get() != before && owner_ != nullptr) {
    if (was_stranger) all_->strangers.erase(stranger_);
    owner_->hold_unsent(unsent_);
  }
  if (admission == Handler::Admission::admitted) return true;
  const bool has_body = state != RequestReader::State::complete || !reader_.message().body.empty();
  if (admission == Handler::Admission::cut_off || has_body) return fail(nullptr), false;
  refuse(nullptr);
  finish_message();
  return false;
}

void Connection::finish_message() {
  continue_said_ = false;
  release();
  reader_.next();
}

// The request that was read waits for its answer from here on.
Connection::Asked& Connection::ask() {
  Asked& asked = new_slot().asked;
  std::swap(asked, current_);
  current_.is_begun = false;
  return asked;
}

void Connection::begin_answer(Exchange& exchange) {
  const Message& message = reader_.message();
  exchange.head_only = message.method == Method::head;
  exchange.http_1_0 = message.http_1_0;
  ++state_.requests_in_flight;
}

void Connection::handle_message() {
  Message& message = reader_.message();
  const std::uint64_t number = next_;
  Asked& asked = ask();
  Exchange& exchange = *asked.exchange;
  begin_answer(exchange);
  exchange.close = !message.keep_alive || state_.draining;
  exchange.started = came_;
  exchange.read = active_;
  closing_ |= exchange.close;
  // The answer may come within the call, so the count comes before it.
  if (unanswered_++ == 0) self_ = shared_from_this();
  if (asked.door->take(message, exchange, *this, number, place_for(number))) {
    asked.door->release(exchange);
    if (--unanswered_ == 0) self_.reset();
    if (exchange.stream) begin_stream(std::move(exchange.stream));
    finish_slot(number);
  } else {
    large_ += exchange.is_large ? 1 : 0;
    all_->loop.schedule_poll();
  }
  finish_message();
}

// What can't be understood, or whose body isn't wanted, gets one last answer. Bytes after it have no meaning any more.
void Connection::fail(const Failure* failure) {
  closing_ = true;
  refuse(failure);
  in_begin_ = in_end_ = 0;
}

void Connection::refuse(const Failure* failure) {
  if (!current_.is_begun) begin_exchange();
  const std::uint64_t number = next_;
  Asked& asked = ask();
  Exchange& exchange = *asked.exchange;
  const Message& message = reader_.message();
  begin_answer(exchange);
  closing_ |= !message.keep_alive || state_.draining;
  exchange.close = closing_;
  exchange.started = exchange.read = active_;
  asked.door->release(exchange);
  if (failure == nullptr)
    asked.door->deny(message, exchange, place_for(number));
  else
    asked.door->refuse(message, exchange, *failure, place_for(number));
  finish_slot(number);
}

void Connection::say_continue() {
  if (continue_said_ || closing_ || waiting() != 0 || !reader_.wants_continue()) return;
  continue_said_ = true;
  out_ += "HTTP/1.1 100 Continue\r\n\r\n";
}

// ---- time

void Connection::check(Clock::time_point now) {
  if (lingering_) {
    if (now - active_ > linger_time) close();
    return;
  }
  if (stream_ && waiting() == 0) return check_stream(now);
  if (!writing_.empty()) {
    if (now - active_ > ms(options_.body_timeout_ms)) close();
    return;
  }
  if (closing_ || waiting() != 0) return;  // the engine's turn
  const auto state = reader_.state();
  const bool late_header = state == RequestReader::State::header && now - began_ > ms(options_.header_timeout_ms);
  const bool late_body = state == RequestReader::State::body && now - body_began_ > ms(options_.body_timeout_ms);
  if (late_header || late_body) {
    const Failure failure{Failure::Reason::timed_out};
    fail(&failure);
    flush();
  } else if (state == RequestReader::State::empty && now - active_ > ms(options_.idle_timeout_ms)) {
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

}  // namespace tote::server
