// What a service manager hears of `tote serve` (sd_notify(3)).
#include <doctest/doctest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <string>

#include "tests/cli/program.h"
#include "tests/places.h"

using namespace tote::cli::test;

namespace {

class ManagerSocket {
 public:
  explicit ManagerSocket(const std::string& path) : path_(path), socket_(::socket(AF_UNIX, SOCK_DGRAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    REQUIRE(::bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  }
  ~ManagerSocket() { ::close(socket_); }

  const std::string& path() const { return path_; }
  // The next message that isn't the loop's regular one; empty after 20 s.
  std::string next() {
    for (;;)
      if (std::string message = any(); message != "WATCHDOG=1") return message;
  }
  std::string any() {
    pollfd wanted{socket_, POLLIN, 0};
    if (::poll(&wanted, 1, 20'000) != 1) return {};
    char bytes[256];
    const auto count = ::recv(socket_, bytes, sizeof bytes, 0);
    return {bytes, static_cast<std::size_t>(std::max<ssize_t>(count, 0))};
  }

 private:
  std::string path_;
  int socket_;
};

}  // namespace

TEST_CASE(
    "a service manager is told when the server is ready, reads its settings again, and stops; and that its loop "
    "turns") {
  const TempDirectory directory;
  ManagerSocket manager(directory.file("notify"));
  Child server(tests::program(), {"serve", "--data", directory.file("data"), "--listen", "127.0.0.1:0"}, "/",
               {{"NOTIFY_SOCKET", manager.path()}, {"WATCHDOG_USEC", "100000"}});
  CHECK(manager.next() == "READY=1");
  CHECK(manager.any() == "WATCHDOG=1");
  server.signal(SIGHUP);
  CHECK(manager.next().starts_with("RELOADING=1\nMONOTONIC_USEC="));
  CHECK(manager.next() == "READY=1");
  server.signal(SIGTERM);
  CHECK(manager.next() == "STOPPING=1");
  CHECK(server.wait() == 0);
}

TEST_CASE("a service manager that is gone holds nothing up") {
  const TempDirectory directory;
  Child server(tests::program(), {"serve", "--data", directory.file("data"), "--listen", "127.0.0.1:0"}, "/",
               {{"NOTIFY_SOCKET", directory.file("nobody")}, {"WATCHDOG_USEC", "10000"}});
  CHECK(server.wait_for_line("READY"));
  server.signal(SIGTERM);
  CHECK(server.wait() == 0);
}
