// How answers leave a connection: in the order of their requests, as fast as the client takes them.
#include "adapters/server/connection.h"

namespace tote::server {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::size_t write_bytes_max = 256 << 10;  // at once: the kernel copies it while the loop waits

// One large answer doesn't keep its memory as long as its connection lives.
void empty(std::string& buffer) {
  if (buffer.capacity() > out_bytes_max)
    buffer = {};
  else
    buffer.clear();
}

}  // namespace

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
  return fresh;
}

std::string& Connection::place_for(std::uint64_t number) { return number == first_ ? out_ : slot(number).text; }

void Connection::finish_slot(std::uint64_t number) {
  slot(number).answered = true;
  if (number != first_) return;
  // The first was written straight into out_; those after it may have been waiting for it.
  for (++first_, --state_.requests_in_flight; first_ != next_ && slot(first_).answered; ++first_) {
    out_ += slot(first_).text;
    --state_.requests_in_flight;
  }
}

void Connection::done(std::uint64_t number, Outcome& outcome) {
  Handler& door = *slot(number).asked.door;
  Exchange& exchange = *slot(number).asked.exchange;
  door.release(exchange);
  large_ -= exchange.is_large ? 1 : 0;
  std::shared_ptr<Connection> keep;  // this may be the last thing that holds the connection
  if (--unanswered_ == 0) keep = std::move(self_);
  if (closed_) {
    finish_slot(number);
    return;
  }
  if (closing_ && number + 1 == next_) exchange.close = true;
  door.answer(exchange, outcome, place_for(number));
  closing_ |= exchange.close && number + 1 == next_;
  if (exchange.stream) begin_stream(std::move(exchange.stream));
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
    const std::size_t bytes =
        wire_.write_some(asio::buffer(out_.data(), std::min(out_.size(), write_bytes_max)), error);
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
  if (bytes == unsent_) return;
  unsent_ = bytes;
  if (owner_ != nullptr) owner_->hold_unsent(bytes);
}

void Connection::write_rest() {
  const std::size_t bytes_next = std::min(writing_.size() - written_, write_bytes_max);
  wire_.async_write_some(asio::buffer(writing_.data() + written_, bytes_next),
                         [self = shared_from_this()](const error_code& error, std::size_t bytes) {
                           if (self->closed_) return;
                           if (error) return self->close();
                           const Turn turn(self->all_->loop.turns);
                           self->active_ = turn.began();
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
  if (parsing_) return;
  parse();
  if (!out_.empty() || (closing_ && waiting() == 0 && !lingering_)) flush();
}

// Closing a socket with unread bytes makes the kernel throw away the answer: say that no more is written, read away
// what comes, and close when the client has closed or after a short while.
void Connection::linger() {
  if (ended_) return close();
  lingering_ = true;
  active_ = Clock::now();
  error_code error;
  wire_.shutdown_send(error);
  if (error) return close();
  in_begin_ = in_end_ = 0;
  read();
}

}  // namespace tote::server
