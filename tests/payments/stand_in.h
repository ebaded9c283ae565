// A stand-in for a payment provider's API on loopback: it records what it is asked, and answers what a test says.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace tests::payments {

struct StandInRequest {
  std::string method, path, body;
  std::map<std::string, std::string> headers;  // names in small letters
  int connection = 0;
};
struct StandInAnswer {
  int status = 200;
  std::string body{};
  std::string headers{};  // lines, each with its CR LF
  bool is_lost = false;   // the connection is closed instead
  int after_ms = 0;
};

class StandIn {
 public:
  using Answer = std::function<StandInAnswer(const StandInRequest&)>;
  // Asked for one answer at a time, by threads of its own.
  explicit StandIn(Answer answer);
  ~StandIn();

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  std::vector<StandInRequest> requests() const;

 private:
  void accept();
  void serve(int socket, int connection);
  StandInAnswer answer_to(const StandInRequest& request);

  const Answer answer_;
  std::mutex answering_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;  // guards those below
  std::vector<StandInRequest> requests_;
  std::vector<int> sockets_;
  std::vector<std::thread> threads_;
  std::thread accepting_;
};

}  // namespace tests::payments
