// Whoever has the log, as a test wants it: a socket whose every byte is the test's.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace tests::http {

class RawOwner {
 public:
  // A connection of who forwards.
  class Connection {
   public:
    explicit Connection(int socket) : socket_(socket) {}
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    std::string read_request();  // with its body; empty: it was closed, or none came in 10 s
    void send(const std::string& bytes) const;

   private:
    int socket_;
    std::string buffer_;
  };

  RawOwner();
  ~RawOwner();
  RawOwner(const RawOwner&) = delete;
  RawOwner& operator=(const RawOwner&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  // The next; null: none in so long a time.
  std::unique_ptr<Connection> accept(int wait_ms = 10'000) const;

 private:
  int listener_ = -1;
  std::uint16_t port_ = 0;
};

}  // namespace tests::http
