// The bytes of one connection between nodes: a socket, or TLS 1.3 over it, where both sides show a certificate of the
// cluster's authority. Private to the room: it brings Boost.Asio.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace tote::cluster {

// Paths of PEM files. Throws std::runtime_error, naming the file that can't be used. Without a certificate: null.
std::shared_ptr<boost::asio::ssl::context> tls_context(const std::string& certificate, const std::string& key,
                                                       const std::string& ca);

// What is asked for holds the channel until it is done, and its done(error…) comes on the io_context's thread.
class Channel : public std::enable_shared_from_this<Channel> {
 public:
  using Socket = boost::asio::ip::tcp::socket;
  using Error = boost::system::error_code;
  using Tls = std::shared_ptr<boost::asio::ssl::context>;

  // `tls`: null: plain.
  Channel(Socket socket, Tls tls) : tls_(std::move(tls)), socket_(std::move(socket)) {
    if (tls_ != nullptr) stream_.emplace(socket_, *tls_);
  }

  Socket& socket() { return socket_; }
  bool has_tls() const { return tls_ != nullptr; }
  // After the handshake: whether the other side's certificate names that node (its common name, or one of its DNS
  // names). Without TLS everybody is whom they say.
  bool shows(const std::string& node);

  // What is written and not acknowledged for so long is an error of the connection.
  void set_acknowledged_timeout(std::int64_t ms);

  template <class Done>
  void shake_hands(bool as_server, Done done) {
    if (!stream_) return done(Error{});
    const auto type = as_server ? boost::asio::ssl::stream_base::server : boost::asio::ssl::stream_base::client;
    stream_->async_handshake(
        type, [self = shared_from_this(), done = std::move(done)](const Error& error) mutable { done(error); });
  }
  // All of it, or an error.
  template <class Done>
  void read(boost::asio::mutable_buffer to, Done done) {
    auto told = [self = shared_from_this(), done = std::move(done)](const Error& error, std::size_t) mutable {
      done(error);
    };
    if (stream_)
      boost::asio::async_read(*stream_, to, std::move(told));
    else
      boost::asio::async_read(socket_, to, std::move(told));
  }
  template <class Done>
  void write(boost::asio::const_buffer from, Done done) {
    auto told = [self = shared_from_this(), done = std::move(done)](const Error& error, std::size_t) mutable {
      done(error);
    };
    if (stream_)
      boost::asio::async_write(*stream_, from, std::move(told));
    else
      boost::asio::async_write(socket_, from, std::move(told));
  }
  void close() {
    Error ignored;
    socket_.close(ignored);
  }

 private:
  const Tls tls_;
  Socket socket_;
  std::optional<boost::asio::ssl::stream<Socket&>> stream_;
};

}  // namespace tote::cluster
