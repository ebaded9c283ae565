#include "tests/payments/stand_in.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>

namespace tests::payments {

StandIn::StandIn(Answer answer) : answer_(std::move(answer)) {
  listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* any = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, any, size) != 0 || ::listen(listener_, 16) != 0 || ::getsockname(listener_, any, &size) != 0)
    throw std::runtime_error("no stand-in");
  port_ = ntohs(address.sin_port);
  accepting_ = std::thread([this] { accept(); });
}

StandIn::~StandIn() {
  ::shutdown(listener_, SHUT_RDWR);
  accepting_.join();
  ::close(listener_);
  {
    const std::lock_guard lock(mutex_);
    for (const int socket : sockets_) ::shutdown(socket, SHUT_RDWR);
  }
  for (auto& thread : threads_) thread.join();
  for (const int socket : sockets_) ::close(socket);
}

std::vector<StandInRequest> StandIn::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

StandInAnswer StandIn::answer_to(const StandInRequest& request) {
  {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
  }
  const std::lock_guard lock(answering_);
  return answer_(request);
}

void StandIn::accept() {
  for (int connection = 1;; ++connection) {
    const int socket = ::accept(listener_, nullptr, nullptr);
    if (socket < 0) return;
    const std::lock_guard lock(mutex_);
    sockets_.push_back(socket);
    threads_.emplace_back([this, socket, connection] { serve(socket, connection); });
  }
}

void StandIn::serve(int socket, int connection) {
  std::string in;
  char bytes[4'096];
  for (;;) {
    const std::size_t end = in.find("\r\n\r\n");
    StandInRequest request;
    request.connection = connection;
    std::size_t body_size = 0;
    if (end != std::string::npos) {
      const std::size_t line_end = in.find("\r\n");
      const std::string line = in.substr(0, line_end);
      request.method = line.substr(0, line.find(' '));
      request.path = line.substr(line.find(' ') + 1, line.rfind(' ') - line.find(' ') - 1);
      for (std::size_t at = line_end + 2; at < end;) {
        const std::size_t next = in.find("\r\n", at);
        const std::string header = in.substr(at, next - at);
        std::string name = header.substr(0, header.find(':'));
        for (char& c : name) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
        request.headers[name] = header.substr(header.find(':') + 2);
        at = next + 2;
      }
      if (request.headers.contains("content-length")) body_size = std::stoul(request.headers["content-length"]);
    }
    if (end == std::string::npos || in.size() < end + 4 + body_size) {
      const auto count = ::recv(socket, bytes, sizeof bytes, 0);
      if (count <= 0) return;
      in.append(bytes, static_cast<std::size_t>(count));
      continue;
    }
    request.body = in.substr(end + 4, body_size);
    in.erase(0, end + 4 + body_size);
    const StandInAnswer answer = answer_to(request);
    if (answer.after_ms > 0) std::this_thread::sleep_for(std::chrono::milliseconds(answer.after_ms));
    if (answer.is_lost) {
      ::shutdown(socket, SHUT_RDWR);
      return;
    }
    const std::string out = "HTTP/1.1 " + std::to_string(answer.status) +
                            " X\r\nContent-Length: " + std::to_string(answer.body.size()) + "\r\n" + answer.headers +
                            "\r\n" + answer.body;
    if (::send(socket, out.data(), out.size(), MSG_NOSIGNAL) < 0) return;
  }
}

}  // namespace tests::payments
