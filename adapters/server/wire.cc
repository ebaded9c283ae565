#include "adapters/server/wire.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <sys/socket.h>

#include <boost/asio/error.hpp>

namespace tote::server {

namespace asio = boost::asio;

namespace {

// OpenSSL's own writes raise SIGPIPE when the client has gone, which would end a program that doesn't ignore it.
int send_quietly(BIO* bio, const char* data, int bytes) {
  int socket = -1;
  BIO_get_fd(bio, &socket);
  const auto sent = ::send(socket, data, static_cast<std::size_t>(bytes), MSG_NOSIGNAL);
  BIO_clear_retry_flags(bio);
  if (sent <= 0 && BIO_sock_should_retry(static_cast<int>(sent)) != 0) BIO_set_retry_write(bio);
  return static_cast<int>(sent);
}

// A socket's as OpenSSL has it, but for writing.
const BIO_METHOD* quiet_socket() {
  static BIO_METHOD* const method = [] {
    const BIO_METHOD* socket = BIO_s_socket();
    BIO_METHOD* made = BIO_meth_new(BIO_TYPE_SOCKET, "quiet socket");
    BIO_meth_set_read(made, BIO_meth_get_read(socket));
    BIO_meth_set_ctrl(made, BIO_meth_get_ctrl(socket));
    BIO_meth_set_create(made, BIO_meth_get_create(socket));
    BIO_meth_set_destroy(made, BIO_meth_get_destroy(socket));
    BIO_meth_set_write(made, send_quietly);
    return made;
  }();
  return method;
}

}  // namespace

SslPtr make_ssl(SSL_CTX* context, int socket) {
  SslPtr ssl(SSL_new(context));
  BIO* bio = ssl == nullptr ? nullptr : BIO_new(quiet_socket());
  if (bio == nullptr) return nullptr;
  BIO_set_fd(bio, socket, BIO_NOCLOSE);
  SSL_set_bio(ssl.get(), bio, bio);
  return ssl;
}

Wire::Wire(Socket socket, SslPtr ssl) : socket_(std::move(socket)), ssl_(std::move(ssl)) {
  Error ignored;
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  socket_.non_blocking(true, ignored);
}

Wire::Error Wire::what_failed(int result) const {
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE: return asio::error::would_block;
    case SSL_ERROR_ZERO_RETURN: return asio::error::eof;
    default: return asio::error::connection_aborted;
  }
}

std::size_t Wire::decrypt(asio::mutable_buffer to, Error& error) {
  if (!socket_.is_open()) return error = asio::error::operation_aborted, 0;
  ERR_clear_error();
  std::size_t bytes = 0;
  const int result = SSL_read_ex(ssl_.get(), to.data(), to.size(), &bytes);
  if (result <= 0) error = what_failed(result);
  return bytes;
}

// A record at a time is as much as OpenSSL takes.
std::size_t Wire::encrypt(asio::const_buffer from, Error& error) {
  if (!socket_.is_open()) return error = asio::error::operation_aborted, 0;
  const auto* data = static_cast<const char*>(from.data());
  std::size_t written = 0;
  while (written < from.size()) {
    ERR_clear_error();
    std::size_t bytes = 0;
    const int result = SSL_write_ex(ssl_.get(), data + written, from.size() - written, &bytes);
    if (result <= 0) {
      error = what_failed(result);
      if (written > 0 && error == asio::error::would_block) error = {};
      break;
    }
    written += bytes;
  }
  return written;
}

// In TLS a client must be able to tell an end from a cut.
void Wire::shutdown_send(Error& error) {
  if (ssl_ != nullptr) {
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
  }
  socket_.shutdown(Socket::shutdown_send, error);
}

void Wire::close() {
  Error ignored;
  if (ssl_ != nullptr && socket_.is_open()) {
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
  }
  socket_.close(ignored);
}

}  // namespace tote::server
