// The server under test and a client that needs no library.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "tests/cli/program.h"
#include "tests/places.h"

namespace tote::cli::test {
namespace {

Child::Arguments serve_arguments(const std::string& data, Child::Arguments more) {
  Child::Arguments all{"serve", "--data", data, "--listen", "127.0.0.1:0"};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

int connect_to(int port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval patience{20, 0};
  ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return socket;
  ::close(socket);
  return -1;
}

}  // namespace

Server::Server(const std::string& data, Child::Arguments more)
    : child_(::tests::program(), serve_arguments(data, std::move(more)), "/") {
  if (child_.wait_for_line("READY")) port_ = port_in(child_.out());
}

HalfRequest::HalfRequest(int port) : socket_(connect_to(port)) {
  const std::string beginning = "GET /livez HTTP/1.1\r\nHost: ";
  static_cast<void>(::send(socket_, beginning.data(), beginning.size(), MSG_NOSIGNAL));
}

HalfRequest::~HalfRequest() { ::close(socket_); }

int port_in(const std::string& banner) {
  const std::string before = "http://127.0.0.1:";
  const auto at = banner.find(before);
  return at == std::string::npos ? 0 : std::atoi(banner.c_str() + at + before.size());
}

Answer request(int port, const std::string& method, const std::string& path, const std::string& body,
               const std::string& headers) {
  const int socket = connect_to(port);
  if (socket < 0) return {};
  std::string text = method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + headers;
  if (method != "GET")
    text += "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
  text += "\r\n" + body;
  if (::send(socket, text.data(), text.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(text.size())) text.clear();
  std::string reply;
  std::array<char, 4096> bytes{};
  for (ssize_t count; (count = ::recv(socket, bytes.data(), bytes.size(), 0)) > 0;)
    reply.append(bytes.data(), static_cast<std::size_t>(count));
  ::close(socket);
  const auto split = reply.find("\r\n\r\n");
  if (split == std::string::npos || !reply.starts_with("HTTP/1.1 ")) return {};
  return {std::atoi(reply.c_str() + 9), reply.substr(0, split + 2), reply.substr(split + 4)};
}

}  // namespace tote::cli::test
