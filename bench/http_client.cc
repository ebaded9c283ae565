#include "bench/http_client.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <memory>
#include <stdexcept>
#include <system_error>

#include "bench/report.h"

namespace tote::bench {

namespace {

constexpr int answer_timeout_ms = 30'000;
constexpr int due_poll_ms = 1;  // a rate is kept in steps of it

[[noreturn]] void fail(const std::string& what) { throw std::system_error(errno, std::generic_category(), what); }

bool equal_ignoring_case(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] - 'A' + 'a') : text[i];
    if (c != lower[i]) return false;
  }
  return true;
}

// The value of Content-Length in a header block.
std::size_t content_length(std::string_view headers) {
  constexpr std::string_view name = "content-length:";
  for (std::size_t at = headers.find("\r\n"); at != std::string_view::npos; at = headers.find("\r\n", at + 2)) {
    std::string_view line = headers.substr(at + 2);
    if (!equal_ignoring_case(line.substr(0, name.size()), name)) continue;
    line.remove_prefix(name.size());
    while (line.starts_with(' ')) line.remove_prefix(1);
    std::size_t length = 0;
    if (std::from_chars(line.data(), line.data() + line.size(), length).ec == std::errc()) return length;
  }
  throw std::runtime_error("an answer without Content-Length");
}

}  // namespace

HttpClient::HttpClient(const std::string& url, std::size_t connections) : connections_(connections) {
  constexpr std::string_view scheme = "http://";
  std::string_view rest = url;
  if (!rest.starts_with(scheme)) throw std::runtime_error("--url must start with http://");
  rest.remove_prefix(scheme.size());
  rest = rest.substr(0, rest.find('/'));
  const std::size_t colon = rest.rfind(':');
  host_ = rest.substr(0, colon);
  port_ = colon == std::string_view::npos ? "80" : rest.substr(colon + 1);
  poll_ = epoll_create1(EPOLL_CLOEXEC);
  if (poll_ < 0) fail("epoll");
}

HttpClient::~HttpClient() {
  for (const Connection& connection : connections_)
    if (connection.socket >= 0) close(connection.socket);
  close(poll_);
}

void HttpClient::open(Connection& connection) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(host_.c_str(), port_.c_str(), &hints, &found) != 0)
    throw std::runtime_error("no such host: " + host_);
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> addresses(found, freeaddrinfo);
  for (const addrinfo* address = found; address != nullptr && connection.socket < 0; address = address->ai_next) {
    const int made = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (made >= 0 && connect(made, address->ai_addr, address->ai_addrlen) == 0)
      connection.socket = made;
    else if (made >= 0)
      close(made);
  }
  if (connection.socket < 0) fail("can't connect to " + host_ + ":" + port_);
  const int on = 1;
  setsockopt(connection.socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  // Edge-triggered and registered once: no call to epoll_ctl for a request.
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLET;
  event.data.ptr = &connection;
  if (epoll_ctl(poll_, EPOLL_CTL_ADD, connection.socket, &event) != 0) fail("epoll");
  connection.answer.resize(16 * 1024);
}

void HttpClient::run(Conversation& conversation) {
  for (Connection& connection : connections_) idle_.push_back(&connection);
  ask_idle(conversation);
  std::array<epoll_event, 256> events{};
  while (in_flight_ > 0 || !idle_.empty()) {
    const int timeout_ms = idle_.empty() ? answer_timeout_ms : due_poll_ms;
    const int ready = epoll_wait(poll_, events.data(), static_cast<int>(events.size()), timeout_ms);
    if (ready < 0 && errno != EINTR) fail("epoll");
    if (ready == 0 && idle_.empty()) throw std::runtime_error("no answer for 30 s");
    for (int i = 0; i < ready; ++i) {
      const epoll_event& event = events[static_cast<std::size_t>(i)];
      Connection& connection = *static_cast<Connection*>(event.data.ptr);
      if (!connection.waiting) continue;
      if (connection.sent < connection.request.size()) write(connection);
      if ((event.events & ~static_cast<std::uint32_t>(EPOLLOUT)) != 0) read(connection, conversation);
    }
    ask_idle(conversation);
  }
}

void HttpClient::ask_idle(Conversation& conversation) {
  while (!idle_.empty() && conversation.is_due()) {
    if (!ask(*idle_.front(), conversation)) return idle_.clear();
    idle_.pop_front();
  }
}

bool HttpClient::ask(Connection& connection, Conversation& conversation) {
  if (!conversation.next(connection.request)) return false;
  if (connection.socket < 0) open(connection);
  connection.sent = 0;
  connection.waiting = true;
  connection.start_ns = now_ns();
  ++in_flight_;
  write(connection);
  return true;
}

void HttpClient::write(Connection& connection) {
  const ssize_t sent = ::send(connection.socket, connection.request.data() + connection.sent,
                              connection.request.size() - connection.sent, MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent >= 0)
    connection.sent += static_cast<std::size_t>(sent);
  else if (errno != EAGAIN)
    fail("a connection broke while sending");
}

void HttpClient::read(Connection& connection, Conversation& conversation) {
  for (;;) {
    const std::size_t room = connection.answer.size() - connection.received;
    const ssize_t got = recv(connection.socket, connection.answer.data() + connection.received, room, MSG_DONTWAIT);
    if (got < 0 && errno == EAGAIN) return;
    if (got < 0) fail("a connection broke while receiving");
    if (got == 0) throw std::runtime_error("the server closed a connection");
    connection.received += static_cast<std::size_t>(got);
    while (connection.waiting && take_answer(connection, conversation)) {
      if (conversation.is_due())
        ask(connection, conversation);
      else
        idle_.push_back(&connection);
    }
    if (static_cast<std::size_t>(got) < room) return;  // drained: the next bytes raise another event
    connection.answer.resize(connection.answer.size() * 2);
  }
}

// The whole answer is there: hands it on.
bool HttpClient::take_answer(Connection& connection, Conversation& conversation) {
  const std::string_view seen(connection.answer.data(), connection.received);
  const std::size_t headers_end = seen.find("\r\n\r\n");
  if (headers_end == std::string_view::npos) return false;
  const std::size_t body_start = headers_end + 4;
  const std::size_t body_size = content_length(seen.substr(0, headers_end));
  if (seen.size() < body_start + body_size) return false;
  if (seen.size() > body_start + body_size) throw std::runtime_error("more than one answer to one request");
  int status = 0;
  constexpr std::size_t status_at = std::string_view("HTTP/1.1 ").size();
  std::from_chars(seen.data() + status_at, seen.data() + status_at + 3, status);
  if (measuring_) latency_.record(now_ns() - connection.start_ns);
  connection.waiting = false;
  connection.received = 0;
  --in_flight_;
  conversation.answered(status, seen.substr(body_start));
  return true;
}

}  // namespace tote::bench
