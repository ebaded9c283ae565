#include "tests/support/free_port.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <random>

namespace tests {
namespace {

// Below those that the kernel gives to whoever connects (ip_local_port_range): until the server listens there nobody
// else's connection may come from it.
constexpr int first = 10'000, last = 32'767;

int bound(int port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  const bool is_bound = ::bind(socket, reinterpret_cast<const sockaddr*>(&address), size) == 0 &&
                        ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  ::close(socket);
  return is_bound ? ntohs(address.sin_port) : -1;
}

}  // namespace

int free_port() {
  static std::random_device random;
  std::uniform_int_distribution<int> any(first, last);
  for (int tries = 0; tries < 100; ++tries)
    if (const int port = bound(any(random)); port > 0) return port;
  return bound(0);
}

}  // namespace tests
