#include "adapters/server/upstream.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <boost/asio/connect.hpp>
#include <utility>

#include "adapters/server/server.h"

namespace tote::server {

namespace asio = boost::asio;

namespace {

constexpr std::size_t answer_header_bytes_max = 32 << 10;
constexpr std::size_t passed_on_bytes_max = 256 << 10;  // not taken yet: beyond, nothing more is read

// The peer must be whom the URL names.
bool expect_name(SSL* ssl, const std::string& host) {
  boost::system::error_code not_an_address;
  asio::ip::make_address(host, not_an_address);
  if (!not_an_address) return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str()) == 1;
  // As the macro SSL_set_tlsext_host_name has it.
  const long told = SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                             const_cast<char*>(host.c_str()));  // NOLINT(cppcoreguidelines-pro-type-const-cast)
  return told == 1 && SSL_set1_host(ssl, host.c_str()) == 1;
}

}  // namespace

std::optional<Upstreams> read_url(const std::string& url) {
  constexpr std::string_view plain = "http://", tls = "https://";
  Upstreams to;
  to.has_tls = url.starts_with(tls);
  if (!to.has_tls && !url.starts_with(plain)) return std::nullopt;
  std::string_view rest = std::string_view(url).substr(to.has_tls ? tls.size() : plain.size());
  if (rest.ends_with('/')) rest.remove_suffix(1);
  if (rest.empty() || rest.find_first_of("/?#@ \t\r\n") != std::string_view::npos) return std::nullopt;
  const bool says_port = rest.back() != ']' && rest.find(':') != std::string_view::npos;
  auto where = split_listen(says_port ? std::string(rest) : std::string(rest) + (to.has_tls ? ":443" : ":80"));
  if (!where || where->port == 0) return std::nullopt;
  to.host = std::move(where->host);
  to.port = where->port;
  return to;
}

Upstream::Upstream(Host::Loop& loop, Told& told)
    : loop_(loop), told_(told), resolver_(loop.io), socket_(loop.io), reader_(answer_header_bytes_max) {}

void Upstream::connect(const Upstreams& to, std::shared_ptr<const TlsContext> tls) {
  to_ = to;
  tls_ = std::move(tls);
  Error not_an_address;
  const auto address = asio::ip::make_address(to.host, not_an_address);
  if (!not_an_address) return connect_to({address, to.port});
  resolver_.async_resolve(to.host, std::to_string(to.port),
                          [self = shared_from_this()](const Error& error, const tcp::resolver::results_type& found) {
                            if (self->state_ == State::closed) return;
                            if (error || found.empty()) return self->lose();
                            self->connect_to(found.begin()->endpoint());
                          });
}

void Upstream::connect_to(const tcp::endpoint& endpoint) {
  socket_.async_connect(endpoint, [self = shared_from_this()](const Error& error) {
    if (self->state_ == State::closed) return;
    const Turn turn(self->loop_.turns);
    if (error) return self->lose();
    self->expect_acknowledgements();
    self->to_.has_tls ? self->begin_tls() : self->open(nullptr);
  });
}

// On a way that is cut a request would wait for as long as for a slow answer, and longer after the cut than it was.
void Upstream::expect_acknowledgements() {
  constexpr unsigned timeout_ms = 3'000;
  setsockopt(socket_.native_handle(), IPPROTO_TCP, TCP_USER_TIMEOUT, &timeout_ms, sizeof timeout_ms);
}

void Upstream::begin_tls() {
  Error error;
  socket_.non_blocking(true, error);
  if (!error && tls_ != nullptr) ssl_ = make_ssl(tls_->native(), socket_.native_handle());
  if (ssl_ == nullptr || !expect_name(ssl_.get(), to_.host)) return lose();
  SSL_set_connect_state(ssl_.get());
  shake_hands();
}

void Upstream::shake_hands() {
  ERR_clear_error();
  const int result = SSL_do_handshake(ssl_.get());
  if (result == 1) return open(std::move(ssl_));
  const int wanted = SSL_get_error(ssl_.get(), result);
  if (wanted != SSL_ERROR_WANT_READ && wanted != SSL_ERROR_WANT_WRITE) return lose();
  socket_.async_wait(wanted == SSL_ERROR_WANT_READ ? tcp::socket::wait_read : tcp::socket::wait_write,
                     [self = shared_from_this()](const Error& error) {
                       if (self->state_ == State::closed) return;
                       const Turn turn(self->loop_.turns);
                       error ? self->lose() : self->shake_hands();
                     });
}

void Upstream::open(SslPtr ssl) {
  wire_.emplace(std::move(socket_), std::move(ssl));
  state_ = State::idle;
  active_ = Clock::now();
  read();  // also when nothing is asked: or a connection that the other side has closed would be asked next
  told_.connected(*this);
}

void Upstream::ask(std::string text, bool is_head) {
  state_ = State::busy;
  is_passing_on_ = false;
  active_ = Clock::now();
  reader_.begin(is_head);
  out_ = std::move(text);
  written_ = 0;
  write();
}

// An answer may come before all is written, and is an answer: so a write that fails is left to the read to tell.
void Upstream::write() {
  Error error;
  written_ += wire_->write_some(asio::buffer(out_.data() + written_, out_.size() - written_), error);
  if (written_ == out_.size()) {
    out_.clear();
    return;
  }
  if (error && error != asio::error::would_block && error != asio::error::try_again) return;
  wire_->async_write_some(asio::buffer(out_.data() + written_, out_.size() - written_),
                          [self = shared_from_this()](const Error& failed, std::size_t bytes) {
                            if (self->state_ == State::closed || failed) return;
                            const Turn turn(self->loop_.turns);
                            self->written_ += bytes;
                            self->active_ = turn.began();
                            self->written_ < self->out_.size() ? self->write() : self->out_.clear();
                          });
}

void Upstream::read() {
  if (is_reading_ || state_ == State::closed) return;
  is_reading_ = true;
  wire_->async_read_some(asio::buffer(page_), [self = shared_from_this()](const Error& error, std::size_t bytes) {
    self->is_reading_ = false;
    if (self->state_ == State::closed) return;
    const Turn turn(self->loop_.turns);
    self->active_ = turn.began();
    if (!error) return self->take(bytes);
    if (self->state_ == State::idle) return self->lose();
    self->reader_.put_end();
    if (self->reader_.state() != AnswerReader::State::complete) return self->lose();
    self->told_.answer_came(*self);
  });
}

void Upstream::take(std::size_t bytes) {
  if (state_ == State::idle) return lose();  // an answer to nothing
  in_.append(page_.data(), bytes);
  std::size_t taken = 0;
  for (std::size_t some = 1; some != 0 && taken < in_.size(); taken += some)
    some = reader_.put(std::string_view(in_).substr(taken));
  in_.erase(0, taken);
  if (reader_.state() == AnswerReader::State::failed || in_.size() > answer_header_bytes_max) return lose();
  const auto self = shared_from_this();
  if (reader_.state() != AnswerReader::State::header) told_.answer_came(*this);
  if (state_ == State::closed) return;
  if (!is_passing_on_ || reader_.body().size() < passed_on_bytes_max) read();
}

void Upstream::go_on() {
  if (state_ == State::busy && reader_.state() == AnswerReader::State::body &&
      reader_.body().size() < passed_on_bytes_max)
    read();
}

void Upstream::end_answer() {
  if (!reader_.keeps_alive() || !in_.empty() || !out_.empty()) return close();
  state_ = State::idle;
  is_passing_on_ = false;
  active_ = Clock::now();
  read();
}

void Upstream::lose() {
  if (state_ == State::closed) return;
  const auto self = shared_from_this();
  told_.lost(*this);
  close();
}

void Upstream::close() {
  if (state_ == State::closed) return;
  state_ = State::closed;
  resolver_.cancel();
  Error ignored;
  socket_.close(ignored);
  if (wire_) wire_->close();
}

}  // namespace tote::server
