#include "adapters/http/connection.h"

#include <spdlog/spdlog.h>

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
constexpr auto linger_time = std::chrono::seconds(2);

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
  stranger_ = all_->strangers.insert(all_->strangers.end(), this);
  ++door_.metrics.connections;
}

Connection::~Connection() {
  all_->open[place_] = all_->open.back();
  all_->open[place_]->place_ = place_;
  all_->open.pop_back();
  --door_.metrics.connections;
  count_unsent(0);
  if (admission_) door_.give_back(*admission_);
  if (stream_) door_.quotas().give_back(Shared::streams, stream_->tenant);
  if (tenant_)
    door_.quotas().give_back(Shared::connections, *tenant_);
  else
    all_->strangers.erase(stranger_);
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
  cancel_waiting();
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
    if (!slot(number).answered && slot(number).ticket.waits) door_.cancel(*this, number);
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
      fail(reader_.failure());
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
  if (ended_) {
    cancel_waiting();
    closing_ |= has_room();
  }
  // Without room the rest stays in the buffer, and after_write() goes on with it. As far as the buffer goes it is read
  // all the same: or nobody would see that the client is gone.
  if (!closing_ || lingering_) read();
}

bool Connection::has_room() const {
  return large_ == 0 && waiting() < door_.options().pipeline_depth_max && out_.size() < out_bytes_max;
}

// Once its header is there, whoever asks is looked at, before the body is read. False: refused.
bool Connection::admit() {
  const auto state = reader_.state();
  const bool is_too_large = state == RequestReader::State::failed && reader_.failure().kind->status == 413;
  const bool has_header = state == RequestReader::State::body || state == RequestReader::State::complete;
  if (admission_ || !(has_header || is_too_large)) return true;
  auto problem = door_.admit(reader_.message(), admission_.emplace());
  if (!problem && admission_->tenant && tenant_ != admission_->tenant) problem = join(*admission_->tenant);
  if (!problem) return true;
  const bool is_stranger = problem->kind->status == 401;
  const bool has_body = state != RequestReader::State::complete || !reader_.message().body.empty();
  if (is_stranger || has_body) return fail(*problem), false;
  refuse(*problem);
  finish_message();
  return false;
}

void Connection::finish_message() {
  continue_said_ = false;
  if (admission_) door_.give_back(*admission_);
  admission_.reset();
  reader_.next();
}

// The connection counts as that tenant's from here on.
std::optional<Problem> Connection::join(std::size_t tenant) {
  auto& quotas = door_.quotas();
  if (auto problem = quotas.take(Shared::connections, tenant)) return problem;
  const std::size_t unsent = unsent_;
  count_unsent(0);
  if (tenant_)
    quotas.give_back(Shared::connections, *tenant_);
  else
    all_->strangers.erase(stranger_);
  tenant_ = tenant;
  count_unsent(unsent);
  return std::nullopt;
}

void Connection::handle_message() {
  Message& message = reader_.message();
  const std::uint64_t number = next_;
  Slot& slot = new_slot();
  Ticket& ticket = slot.ticket;
  ticket.head_only = message.method == Method::head;
  ticket.http_1_0 = message.http_1_0;
  ticket.close = !message.keep_alive || door_.draining;
  ticket.started = came_;
  ticket.read = active_;
  if (spdlog::should_log(spdlog::level::debug)) ticket.line = Door::line_for_log(message);
  closing_ |= ticket.close;
  ++door_.metrics.requests_in_flight;
  // The engine may answer within the call, so the count comes before it.
  if (in_engine_++ == 0) self_ = shared_from_this();
  if (door_.take(message, *admission_, ticket, *this, number, place_for(number))) {
    if (--in_engine_ == 0) self_.reset();
    if (ticket.is_stream) begin_stream(ticket);
    finish_slot(number);
  } else {
    large_ += ticket.is_large ? 1 : 0;
    all_->loop.schedule_poll();
  }
  finish_message();
}

// What can't be understood, or whose body isn't wanted, gets one last answer. Bytes after it have no meaning any more.
void Connection::fail(const Problem& problem) {
  closing_ = true;
  refuse(problem);
  in_begin_ = in_end_ = 0;
}

void Connection::refuse(const Problem& problem) {
  const std::uint64_t number = next_;
  Ticket& ticket = new_slot().ticket;
  const Message& message = reader_.message();
  ticket.http_1_0 = message.http_1_0;
  closing_ |= !message.keep_alive || door_.draining;
  ticket.close = closing_;
  ticket.started = ticket.read = active_;
  if (admission_) ticket.route = admission_->match.route;
  ticket.head_only = message.method == Method::head;
  if (!message.target.empty() && spdlog::should_log(spdlog::level::debug)) ticket.line = Door::line_for_log(message);
  ++door_.metrics.requests_in_flight;
  door_.refuse(ticket, problem, place_for(number));
  finish_slot(number);
}

void Connection::say_continue() {
  if (continue_said_ || closing_ || waiting() != 0 || !reader_.wants_continue()) return;
  continue_said_ = true;
  out_ += "HTTP/1.1 100 Continue\r\n\r\n";
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
