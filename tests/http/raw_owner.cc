#include "tests/http/raw_owner.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace tests::http {
namespace {

bool is_ready(int socket, int wait_ms) {
  pollfd one{socket, POLLIN, 0};
  return ::poll(&one, 1, wait_ms) > 0;
}

std::size_t length_of(const std::string& head) {
  const auto at = head.find("Content-Length: ");
  return at == std::string::npos ? 0 : std::strtoul(head.c_str() + at + 16, nullptr, 10);
}

}  // namespace

RawOwner::RawOwner() : listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, any, size) != 0 || ::listen(listener_, 64) != 0 || ::getsockname(listener_, any, &size) != 0)
    std::abort();
  port_ = ntohs(address.sin_port);
}

RawOwner::~RawOwner() { ::close(listener_); }

std::unique_ptr<RawOwner::Connection> RawOwner::accept(int wait_ms) const {
  if (!is_ready(listener_, wait_ms)) return nullptr;
  return std::make_unique<Connection>(::accept(listener_, nullptr, nullptr));
}

RawOwner::Connection::~Connection() { ::close(socket_); }

std::string RawOwner::Connection::read_request() {
  constexpr int wait_ms = 10'000;
  for (;;) {
    if (const auto end = buffer_.find("\r\n\r\n"); end != std::string::npos) {
      const std::size_t bytes = end + 4 + length_of(buffer_.substr(0, end));
      if (buffer_.size() >= bytes) {
        const std::string request = buffer_.substr(0, bytes);
        buffer_.erase(0, bytes);
        return request;
      }
    }
    char page[4'096];
    if (!is_ready(socket_, wait_ms)) return {};
    const auto got = ::recv(socket_, page, sizeof page, 0);
    if (got <= 0) return {};
    buffer_.append(page, static_cast<std::size_t>(got));
  }
}

void RawOwner::Connection::send(const std::string& bytes) const {
  for (std::size_t sent = 0; sent < bytes.size();) {
    const auto some = ::send(socket_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (some <= 0) return;
    sent += static_cast<std::size_t>(some);
  }
}

}  // namespace tests::http
