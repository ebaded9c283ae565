// The bytes of a connection: a socket, or TLS over it. Private to the room: it brings Boost.Asio.
//
// OpenSSL works on the socket itself, which doesn't block; Asio says when it is ready. So both kinds are written at
// once as far as the kernel takes it, and nothing is copied twice.
#pragma once

#include <openssl/ssl.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <memory>
#include <utility>

namespace tote::server {

struct FreeSsl {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};
using SslPtr = std::unique_ptr<SSL, FreeSsl>;

// On a socket that stays the caller's. Null: no memory.
SslPtr make_ssl(SSL_CTX* context, int socket);

// Loop thread. What is asked for holds the wire until it is done.
class Wire {
 public:
  using Socket = boost::asio::ip::tcp::socket;
  using Error = boost::system::error_code;

  // `ssl`: whose handshake is done, on this very socket; null: plain.
  Wire(Socket socket, SslPtr ssl);

  // done(error, bytes), once at least one is there.
  template <class Done>
  void async_read_some(boost::asio::mutable_buffer to, Done done) {
    if (ssl_ == nullptr) return socket_.async_read_some(to, std::move(done));
    // What OpenSSL has read already doesn't make the socket ready.
    if (SSL_has_pending(ssl_.get()) == 0) return read_when(Socket::wait_read, to, std::move(done));
    boost::asio::post(socket_.get_executor(),
                      [this, to, done = std::move(done)]() mutable { read_on(to, std::move(done)); });
  }
  // As much as is taken at once; would_block: nothing.
  std::size_t write_some(boost::asio::const_buffer from, Error& error) {
    return ssl_ == nullptr ? socket_.write_some(from, error) : encrypt(from, error);
  }
  // done(error, bytes), once at least one was taken. What write_some() didn't take comes again, at least as long.
  template <class Done>
  void async_write_some(boost::asio::const_buffer from, Done done) {
    if (ssl_ == nullptr) return socket_.async_write_some(from, std::move(done));
    socket_.async_wait(Socket::wait_write, [this, from, done = std::move(done)](Error error) mutable {
      const std::size_t bytes = error ? 0 : encrypt(from, error);
      if (error == boost::asio::error::would_block) return async_write_some(from, std::move(done));
      done(error, bytes);
    });
  }
  void shutdown_send(Error& error);
  void close();

 private:
  template <class Done>
  void read_when(Socket::wait_type ready, boost::asio::mutable_buffer to, Done done) {
    socket_.async_wait(ready, [this, to, done = std::move(done)](const Error& error) mutable {
      if (error) return done(error, 0);
      read_on(to, std::move(done));
    });
  }
  template <class Done>
  void read_on(boost::asio::mutable_buffer to, Done done) {
    Error error;
    const std::size_t bytes = decrypt(to, error);
    if (error != boost::asio::error::would_block) return done(error, bytes);
    read_when(SSL_want_write(ssl_.get()) ? Socket::wait_write : Socket::wait_read, to, std::move(done));
  }
  std::size_t decrypt(boost::asio::mutable_buffer to, Error& error);
  std::size_t encrypt(boost::asio::const_buffer from, Error& error);
  Error what_failed(int result) const;

  Socket socket_;
  SslPtr ssl_;
};

}  // namespace tote::server
