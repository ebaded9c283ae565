#include "adapters/cluster/links.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <charconv>
#include <chrono>
#include <cstring>
#include <map>
#include <set>
#include <stdexcept>
#include <utility>

#include "adapters/cluster/wire.h"

namespace tote::cluster {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using replication::Message;
using replication::NodeId;

tcp::endpoint endpoint_of(const std::string& address) {
  const std::size_t colon = address.rfind(':');
  std::uint16_t port = 0;
  error_code error;
  if (colon != std::string::npos) {
    const char* const end = address.data() + address.size();
    const auto read = std::from_chars(address.data() + colon + 1, end, port);
    std::string host = address.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    const auto ip = asio::ip::make_address(host, error);
    if (!error && read.ec == std::errc{} && read.ptr == end) return {ip, port};
  }
  throw std::runtime_error("isn't an address and a port: " + address);
}

}  // namespace

struct Links::All : std::enable_shared_from_this<All> {
  struct Outgoing;
  struct Incoming;

  All(asio::io_context& the_io, LinkOptions the_options, Told the_told)
      : io(the_io), options(std::move(the_options)), told(std::move(the_told)), acceptor(io), pause(io) {}

  void listen();
  void accept();
  void close();

  asio::io_context& io;
  const LinkOptions options;
  const Told told;
  tcp::acceptor acceptor;
  asio::steady_timer pause;  // after an accept that failed: no more files, say
  std::map<NodeId, std::shared_ptr<Outgoing>> outgoing;
  std::set<std::shared_ptr<Incoming>> incoming;
  bool is_closed = false;
};

// To one node: what is to be said waits here, a bounded while.
struct Links::All::Outgoing : std::enable_shared_from_this<Outgoing> {
  Outgoing(std::weak_ptr<All> the_all, asio::io_context& io, std::string the_greeting, tcp::endpoint the_endpoint,
           const LinkOptions& options)
      : all(std::move(the_all)),
        socket(io),
        retry(io),
        greeting(std::move(the_greeting)),
        endpoint(std::move(the_endpoint)),
        retry_ms(options.retry_ms),
        queued_bytes_max(options.queued_bytes_max) {}

  void send(const Message& message) {
    if (queued.size() > queued_bytes_max) return;
    put(message, queued);
    if (state == State::away) connect();
    if (state == State::there) write();
  }
  void connect() {
    state = State::connecting;
    socket.async_connect(endpoint, [self = shared_from_this()](const error_code& error) {
      if (self->is_gone()) return;
      if (error) return self->lose();
      error_code ignored;
      self->socket.set_option(tcp::no_delay(true), ignored);
      self->queued.insert(0, self->greeting);
      self->state = State::there;
      self->write();
    });
  }
  void write() {
    if (queued.empty() || state != State::there) return;
    state = State::writing;
    writing.clear();
    writing.swap(queued);
    asio::async_write(socket, asio::buffer(writing), [self = shared_from_this()](const error_code& error, std::size_t) {
      if (self->is_gone()) return;
      if (error) return self->lose();
      self->state = State::there;
      self->write();
    });
  }
  // What was on its way is gone, and old by the time there is a connection again.
  void lose() {
    error_code ignored;
    socket.close(ignored);
    queued.clear();
    state = State::waiting;
    retry.expires_after(std::chrono::milliseconds(retry_ms));
    retry.async_wait([self = shared_from_this()](const error_code&) {
      if (self->is_gone()) return;
      self->state = State::away;
      if (!self->queued.empty()) self->connect();
    });
  }
  bool is_gone() const { return all.expired(); }

  enum class State { away, connecting, there, writing, waiting };

  std::weak_ptr<All> all;
  tcp::socket socket;
  asio::steady_timer retry;
  const std::string greeting;
  const tcp::endpoint endpoint;
  const std::int64_t retry_ms;
  const std::size_t queued_bytes_max;
  State state = State::away;
  std::string queued, writing;
};

// From one node: packet after packet, until one of them is none.
struct Links::All::Incoming : std::enable_shared_from_this<Incoming> {
  Incoming(std::weak_ptr<All> the_all, tcp::socket the_socket)
      : all(std::move(the_all)), socket(std::move(the_socket)) {}

  void read_size() {
    asio::async_read(socket, asio::buffer(&size, sizeof size),
                     [self = shared_from_this()](const error_code& error, std::size_t) {
                       if (error) return self->close("");
                       // Before it has said who it is it gets no memory to fill.
                       const std::size_t most = self->from.text.empty() ? 4'096 : packet_bytes_max;
                       if (self->size > most) return self->close("sends a packet that is too large");
                       self->read_body();
                     });
  }
  void read_body() {
    packet.resize(size);
    asio::async_read(socket, asio::buffer(packet), [self = shared_from_this()](const error_code& error, std::size_t) {
      if (error) return self->close("");
      if (std::string problem = self->take(); !problem.empty()) return self->close(problem);
      self->read_size();
    });
  }
  std::string take() {
    const auto links = all.lock();
    if (!links) return "";
    Packet read = read_packet(packet);
    if (auto* problem = std::get_if<std::string>(&read)) return std::move(*problem);
    if (auto* greeting = std::get_if<Greeting>(&read)) {
      if (!from.text.empty()) return "greets twice";
      if (greeting->shard != links->options.shard) return "is of another shard: " + greeting->shard;
      if (greeting->to != links->options.self) return "looks for another node: " + greeting->to.text;
      from = greeting->from;
      return "";
    }
    if (from.text.empty()) return "doesn't greet";
    links->told.on_message(from, std::move(std::get<Message>(read)));
    return "";
  }
  void close(const std::string& problem) {
    error_code ignored;
    socket.close(ignored);
    const auto links = all.lock();
    if (!links || links->is_closed) return;
    links->incoming.erase(shared_from_this());
    if (!problem.empty()) links->told.on_problem((from.text.empty() ? "somebody" : from.text) + " " + problem);
  }

  std::weak_ptr<All> all;
  tcp::socket socket;
  NodeId from{};
  std::uint32_t size = 0;
  std::string packet;
};

void Links::All::listen() {
  const tcp::endpoint endpoint = endpoint_of(options.listen);
  try {
    acceptor.open(endpoint.protocol());
    acceptor.set_option(tcp::acceptor::reuse_address(true));
    acceptor.bind(endpoint);
    acceptor.listen();
  } catch (const boost::system::system_error& error) {
    throw std::runtime_error("can't listen on " + options.listen + ": " + error.code().message());
  }
}

void Links::All::accept() {
  acceptor.async_accept([weak = weak_from_this()](const error_code& error, tcp::socket socket) {
    const auto self = weak.lock();
    if (!self || self->is_closed) return;
    if (!error && self->incoming.size() < self->options.connections_max) {
      error_code ignored;
      socket.set_option(tcp::no_delay(true), ignored);
      const auto from = std::make_shared<Incoming>(weak, std::move(socket));
      self->incoming.insert(from);
      from->read_size();
    }
    if (!error) return self->accept();
    self->pause.expires_after(std::chrono::milliseconds(self->options.retry_ms));
    self->pause.async_wait([weak](const error_code&) {
      if (const auto again = weak.lock(); again && !again->is_closed) again->accept();
    });
  });
}

void Links::All::close() {
  is_closed = true;
  error_code ignored;
  acceptor.close(ignored);
  pause.cancel();
  for (const auto& [node, to] : outgoing) {
    to->socket.close(ignored);
    to->retry.cancel();
  }
  for (const auto& from : incoming) from->socket.close(ignored);
  outgoing.clear();
  incoming.clear();
}

Links::Links(asio::io_context& io, LinkOptions options, Told told)
    : all_(std::make_shared<All>(io, std::move(options), std::move(told))) {
  all_->listen();
  all_->accept();
}

Links::~Links() { all_->close(); }

std::uint16_t Links::port() const { return all_->acceptor.local_endpoint().port(); }

void Links::know(const NodeId& node, const std::string& address) {
  std::string greeting;
  put(Greeting{all_->options.shard, all_->options.self, node}, greeting);
  auto& known = all_->outgoing[node];
  if (known) {
    error_code ignored;
    known->socket.close(ignored);
  }
  known = std::make_shared<All::Outgoing>(all_, all_->io, std::move(greeting), endpoint_of(address), all_->options);
}

void Links::send(const NodeId& to, const Message& message) {
  if (const auto found = all_->outgoing.find(to); found != all_->outgoing.end()) found->second->send(message);
}

}  // namespace tote::cluster
