#include "adapters/server/handshakes.h"

#include <openssl/err.h>
#include <sys/socket.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

namespace tote::server {

namespace asio = boost::asio;
using boost::system::error_code;
using Descriptor = asio::posix::stream_descriptor;

namespace {

constexpr std::size_t waiting_max = 256;  // for the thread to begin with them

}  // namespace

class Handshake final : public std::enable_shared_from_this<Handshake> {
 public:
  Handshake(Handshakes& all, int socket, std::shared_ptr<const TlsContext> context)
      : all_(all), socket_(all.io_, socket), deadline_(all.io_), context_(std::move(context)) {}

  void start();
  void give_up();
  int release() { return socket_.release(); }

  Handshakes::List::iterator place{};

 private:
  void step();
  void wait(Descriptor::wait_type ready);
  void fail();

  Handshakes& all_;
  Descriptor socket_;
  asio::steady_timer deadline_;
  std::shared_ptr<const TlsContext> context_;
  SslPtr ssl_;
  bool is_over_ = false;
};

void Handshake::start() {
  error_code ignored;
  socket_.non_blocking(true, ignored);
  ssl_ = make_ssl(context_->native(), socket_.native_handle());
  if (ssl_ == nullptr) return fail();
  SSL_set_accept_state(ssl_.get());
  deadline_.expires_after(std::chrono::milliseconds(all_.limits_.timeout_ms));
  deadline_.async_wait([self = shared_from_this()](const error_code& stopped_waiting) {
    if (!stopped_waiting && !self->is_over_) self->fail();
  });
  step();
}

void Handshake::step() {
  ERR_clear_error();
  const int result = SSL_do_handshake(ssl_.get());
  if (result == 1) {
    is_over_ = true;
    deadline_.cancel();
    return all_.end(*this, std::move(ssl_));
  }
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ: return wait(Descriptor::wait_read);
    case SSL_ERROR_WANT_WRITE: return wait(Descriptor::wait_write);
    default: break;
  }
  const auto& plain = all_.limits_.plain_answer;
  if (ERR_GET_REASON(ERR_peek_error()) == SSL_R_HTTP_REQUEST) [[maybe_unused]]
    const auto told = ::send(socket_.native_handle(), plain.data(), plain.size(), MSG_NOSIGNAL);
  fail();
}

void Handshake::wait(Descriptor::wait_type ready) {
  socket_.async_wait(ready, [self = shared_from_this()](const error_code& error) {
    if (self->is_over_) return;
    if (error) return self->fail();
    self->step();
  });
}

void Handshake::give_up() {
  if (!is_over_) fail();
}

void Handshake::fail() {
  is_over_ = true;
  deadline_.cancel();
  error_code ignored;
  socket_.close(ignored);  // what waits for it holds this
  all_.end(*this, nullptr);
}

Handshakes::Handshakes(Limits limits, Done done) : limits_(std::move(limits)), done_(std::move(done)) {
  thread_ = std::thread([this] { io_.run(); });
}

Handshakes::~Handshakes() {
  io_.stop();
  thread_.join();
  open_.clear();
}

void Handshakes::begin(int socket, std::shared_ptr<const TlsContext> context) {
  // What hasn't even been looked at yet is bounded, too.
  auto handshake = std::make_shared<Handshake>(*this, socket, std::move(context));
  if (begun_.fetch_add(1) < limits_.open_max + waiting_max)
    return asio::post(io_, [this, handshake = std::move(handshake)] { start(handshake); });
  --begun_;
  done_(-1, nullptr);
}

void Handshakes::start(const std::shared_ptr<Handshake>& handshake) {
  if (open_.size() >= limits_.open_max) std::shared_ptr(open_.front())->give_up();
  handshake->place = open_.insert(open_.end(), handshake);
  handshake->start();
}

void Handshakes::end(Handshake& handshake, SslPtr ssl) {
  const auto keep = *handshake.place;
  open_.erase(handshake.place);
  --begun_;
  if (ssl == nullptr) return done_(-1, nullptr);
  const int socket = handshake.release();
  done_(socket, std::move(ssl));
}

}  // namespace tote::server
