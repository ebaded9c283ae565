#include "tests/webhooks/receiver.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <cstring>
#include <optional>
#include <stdexcept>

namespace tests::webhooks {
namespace {

std::string expected_signature(const std::string& text) {
  unsigned char key[32], mac[EVP_MAX_MD_SIZE];
  for (unsigned i = 0; i < sizeof key; ++i) key[i] = static_cast<unsigned char>(i);
  unsigned size = 0;
  HMAC(EVP_sha256(), key, sizeof key, reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac, &size);
  unsigned char out[64];
  EVP_EncodeBlock(out, mac, static_cast<int>(size));
  return "v1," + std::string(reinterpret_cast<char*>(out));
}

std::int64_t now_s() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

int listen_on(std::uint16_t port) {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
  ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 || ::listen(listener, 64) != 0)
    throw std::runtime_error("can't listen");
  return listener;
}

void parse_head(const std::string& head, Delivery& delivery) {
  const std::size_t space = head.find(' ');
  delivery.target = head.substr(space + 1, head.find(' ', space + 1) - space - 1);
  for (std::size_t line = head.find("\r\n"); line + 2 < head.size();) {
    const std::size_t end = head.find("\r\n", line + 2), colon = head.find(": ", line);
    std::string name = head.substr(line + 2, colon - line - 2);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    delivery.headers[name] = head.substr(colon + 2, end - colon - 2);
    line = end;
  }
}

void parse_body(Delivery& delivery) {
  const auto event = boost::json::parse(delivery.body).as_object();
  const auto text = [&](const char* name) { return std::string(event.at(name).as_string()); };
  delivery.id = delivery.headers["webhook-id"];
  delivery.type = text("type");
  delivery.subject = text("subject");
  delivery.tenant = text("source").substr(9, text("source").find('/', 9) - 9);
  delivery.lsn = std::stoull(text("lsn"));
  const std::string& timestamp = delivery.headers["webhook-timestamp"];
  delivery.timestamp_s = std::stoll(timestamp);
  delivery.is_signed =
      text("id") == delivery.id && std::abs(now_s() - delivery.timestamp_s) <= 2 &&
      delivery.headers["webhook-signature"] == expected_signature(delivery.id + "." + timestamp + "." + delivery.body);
}

// The next request of a connection, from what is read and not yet used; nothing: more is needed.
std::optional<Delivery> next_request(std::string& buffer) {
  const std::size_t head_end = buffer.find("\r\n\r\n");
  if (head_end == std::string::npos) return std::nullopt;
  Delivery delivery;
  parse_head(buffer.substr(0, head_end + 2), delivery);
  const std::size_t size = std::stoull(delivery.headers["content-length"]);
  if (buffer.size() < head_end + 4 + size) return std::nullopt;
  delivery.body = buffer.substr(head_end + 4, size);
  buffer.erase(0, head_end + 4 + size);
  parse_body(delivery);
  return delivery;
}

}  // namespace

Receiver::Receiver(Handler handler, std::uint16_t port) : listener_(listen_on(port)), handler_(std::move(handler)) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

Receiver::~Receiver() {
  stopped_ = true;
  acceptor_.join();
  for (std::thread& thread : threads_) thread.join();
  ::close(listener_);
}

void Receiver::set(Handler handler) {
  const std::lock_guard lock(mutex_);
  handler_ = std::move(handler);
}

std::vector<Delivery> Receiver::all() const {
  const std::lock_guard lock(mutex_);
  return all_;
}

std::vector<Delivery> Receiver::taken() const {
  auto deliveries = all();
  std::erase_if(deliveries, [](const Delivery& each) { return each.status < 200 || each.status > 299; });
  return deliveries;
}

bool Receiver::wait_readable(int socket) const {
  while (!stopped_) {
    pollfd waited{socket, POLLIN, 0};
    if (::poll(&waited, 1, 20) > 0) return true;
  }
  return false;
}

void Receiver::accept_all() {
  while (wait_readable(listener_)) {
    const int socket = ::accept(listener_, nullptr, nullptr);
    if (socket < 0) continue;
    ++connections_;
    threads_.emplace_back([this, socket] {
      serve(socket);
      ::close(socket);
    });
  }
}

Reply Receiver::answer(Delivery& delivery) {
  const std::lock_guard lock(mutex_);
  delivery.tries = ++tries_[delivery.id];
  Reply reply = handler_ ? handler_(delivery) : Reply{};
  if (!reply.closes && !reply.hangs) delivery.status = reply.status;
  all_.push_back(delivery);
  return reply;
}

void Receiver::serve(int socket) {
  std::string buffer;
  while (wait_readable(socket)) {
    char bytes[16'384];
    const ssize_t size = ::recv(socket, bytes, sizeof bytes, 0);
    if (size <= 0) return;
    buffer.append(bytes, static_cast<std::size_t>(size));
    auto delivery = next_request(buffer);
    if (!delivery) continue;
    const Reply reply = answer(*delivery);
    if (reply.hangs) wait_readable(socket);  // until the other side closes
    if (reply.hangs || reply.closes) return;
    const std::string text = "HTTP/1.1 " + std::to_string(reply.status) + " X\r\n" + reply.headers +
                             "Content-Length: " + std::to_string(reply.body.size()) + "\r\n\r\n" + reply.body;
    ::send(socket, text.data(), text.size(), MSG_NOSIGNAL);
  }
}

}  // namespace tests::webhooks
