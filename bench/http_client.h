// An HTTP/1.1 client that costs as little as it can: keep-alive, one request in flight on each connection, one thread.
// It must not be what limits the figures, so a request is a few bytes written into a ready text and an answer is read
// by its Content-Length alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "bench/histogram.h"

namespace tote::bench {

// What the load asks and how it sees the answers.
class Conversation {
 public:
  virtual ~Conversation() = default;
  virtual bool is_due() { return true; }        // false: the next isn't to be asked yet
  virtual bool next(std::string& request) = 0;  // false: nothing more to ask. `request` is as this connection left it
  virtual void answered(int status, std::string_view body) = 0;
};

class HttpClient {
 public:
  HttpClient(const std::string& url, std::size_t connections);  // http://host:port
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // Until the conversation has nothing more to ask and every answer is there. Throws when a connection fails.
  void run(Conversation& conversation);

  void measure(bool on) { measuring_ = on; }
  const Histogram& latency() const { return latency_; }
  const std::string& host() const { return host_; }

 private:
  struct Connection {
    int socket = -1;
    bool waiting = false;  // for an answer
    std::string request;
    std::size_t sent = 0;
    std::string answer;  // as much as has come
    std::size_t received = 0;
    std::int64_t start_ns = 0;
  };

  void open(Connection& connection);
  bool ask(Connection& connection, Conversation& conversation);
  void ask_idle(Conversation& conversation);
  void write(Connection& connection);
  void read(Connection& connection, Conversation& conversation);
  bool take_answer(Connection& connection, Conversation& conversation);

  std::string host_;
  std::string port_;
  int poll_ = -1;
  std::vector<Connection> connections_;
  std::deque<Connection*> idle_;  // with something to ask, later; in turn
  std::size_t in_flight_ = 0;
  bool measuring_ = false;
  Histogram latency_;
};

}  // namespace tote::bench
