#include "tests/http/client.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

namespace tests::http {
namespace {

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return (x | 0x20) == (y | 0x20); });
}

int connect_to(std::string_view host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(std::string(host).c_str(), std::to_string(port).c_str(), &hints, &found) != 0) return -1;
  const int made = ::socket(found->ai_family, SOCK_STREAM, 0);
  const bool connected = made >= 0 && ::connect(made, found->ai_addr, found->ai_addrlen) == 0;
  freeaddrinfo(found);
  if (connected) return made;
  if (made >= 0) ::close(made);
  return -1;
}

}  // namespace

std::string Response::header(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (same_name(key, name)) return value;
  return {};
}

bool Response::has(std::string_view name) const {
  return std::any_of(headers.begin(), headers.end(), [&](const auto& header) { return same_name(header.first, name); });
}

Client::Client(std::uint16_t port, std::string_view host) : socket_(connect_to(host, port)) {
  if (socket_ < 0) throw std::runtime_error("can't connect");
  const int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

Client::~Client() { ::close(socket_); }

std::string Client::text_of(std::string_view method, std::string_view target, std::string_view body,
                            const HeaderList& headers) {
  std::string text = std::string(method) + ' ' + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n";
  for (const auto& [name, value] : headers) text += name + ": " + value + "\r\n";
  if (!body.empty() || (method != "GET" && method != "HEAD"))
    text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return text + "\r\n" + std::string(body);
}

Response Client::ask(std::string_view method, std::string_view target, std::string_view body,
                     const HeaderList& headers) {
  if (!send(text_of(method, target, body, headers))) return {};
  return receive(method == "HEAD");
}

bool Client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void Client::end_sending() { ::shutdown(socket_, SHUT_WR); }

bool Client::fill() {
  pollfd ready{socket_, POLLIN, 0};
  if (::poll(&ready, 1, wait_ms) <= 0) return false;
  char bytes[16'384];
  const auto count = ::recv(socket_, bytes, sizeof bytes, 0);
  if (count <= 0) return false;
  buffer_.append(bytes, static_cast<std::size_t>(count));
  return true;
}

Response Client::receive(bool head_only) {
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos)
    if (!fill()) return {};
  Response response;
  std::string_view head(buffer_.data(), end + 2);
  response.status = static_cast<unsigned>(std::stoul(std::string(head.substr(9, 3))));
  head.remove_prefix(head.find("\r\n") + 2);
  while (!head.empty()) {
    const auto line = head.substr(0, head.find("\r\n"));
    const auto colon = line.find(':');
    response.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
    head.remove_prefix(line.size() + 2);
  }
  const std::string length = response.header("Content-Length");
  const std::size_t size = head_only || length.empty() ? 0 : std::stoul(length);
  while (buffer_.size() < end + 4 + size)
    if (!fill()) return {};
  response.body = buffer_.substr(end + 4, size);
  buffer_.erase(0, end + 4 + size);
  return response;
}

std::string Client::receive_some() {
  if (buffer_.empty()) fill();
  return std::exchange(buffer_, {});
}

bool Client::is_closed() {
  while (true) {
    pollfd ready{socket_, POLLIN, 0};
    if (::poll(&ready, 1, wait_ms) <= 0) return false;
    char bytes[4'096];
    if (::recv(socket_, bytes, sizeof bytes, 0) <= 0) return true;
  }
}

}  // namespace tests::http
