// Any bytes as what an endpoint answers to a webhook: a status or none, never anything else than that.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <string>
#include <string_view>

#include "adapters/webhooks/transport.h"
#include "tests/fuzz/fuzz_target.h"

namespace tote::webhooks {
namespace {

bool is_readable(int socket) {
  pollfd wanted{socket, POLLIN, 0};
  return ::poll(&wanted, 1, 0) > 0;
}

// Answers one request with any bytes, whatever was asked, and hangs up.
class Endpoint {
 public:
  Endpoint() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    TOTE_INVARIANT(::bind(listener_, generic, size) == 0 && ::listen(listener_, 16) == 0);
    TOTE_INVARIANT(::getsockname(listener_, generic, &size) == 0);
    port_ = ntohs(address.sin_port);
  }
  ~Endpoint() { ::close(listener_); }
  Endpoint(const Endpoint&) = delete;
  Endpoint& operator=(const Endpoint&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/"; }

  // What can be done without waiting.
  void turn(std::string_view answer) {
    if (is_readable(listener_)) {
      if (connection_ >= 0) ::close(connection_);
      connection_ = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    }
    if (connection_ < 0 || !is_readable(connection_)) return;
    char request[8'192];
    if (::recv(connection_, request, sizeof request, MSG_DONTWAIT) > 0)
      ::send(connection_, answer.data(), answer.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    ::close(connection_);
    connection_ = -1;
  }

 private:
  const int listener_;
  int connection_ = -1;
  std::uint16_t port_ = 0;
};

EndpointOptions options_of(const Endpoint& endpoint) {
  EndpointOptions options;
  options.name = "fuzz";
  options.url = endpoint.url();
  options.secrets = {"whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="};
  options.allow_private = true;
  options.timeout_ms = 1'000;
  options.concurrency = 1;
  return options;
}

events::DomainEvent event() {
  events::DomainEvent event;
  event.id = "event-1";
  event.lsn = {1};
  event.cloud = "{}";
  return event;
}

void check_answer(const Answer& answer) {
  TOTE_INVARIANT(answer.status >= 0 && answer.status <= 999 && answer.retry_after_s >= 0);
  const bool is_success = answer.status >= 200 && answer.status <= 299;
  TOTE_INVARIANT(answer.problem.empty() == is_success);
}

void check_bytes(std::string_view bytes) {
  static const events::DomainEvent told = event();
  static Endpoint endpoint;
  static Transport transport(options_of(endpoint));
  ::signal(SIGPIPE, SIG_IGN);
  transport.send(told);
  for (;;) {
    const auto answers = transport.wait(std::chrono::milliseconds(0));
    for (const Answer& answer : answers) check_answer(answer);
    if (!answers.empty()) break;
    endpoint.turn(bytes);
  }
  TOTE_INVARIANT(transport.flying() == 0 && transport.has_room());
}

}  // namespace
}  // namespace tote::webhooks

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tote::webhooks::check_bytes(tote::fuzz::text_of(data, size));
  return 0;
}
