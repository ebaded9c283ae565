#include "adapters/cluster/links.h"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <charconv>
#include <chrono>
#include <cstring>
#include <list>
#include <map>
#include <stdexcept>
#include <utility>
#include <vector>

#include "adapters/cluster/channel.h"
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

constexpr std::size_t read_bytes_min = 64 << 10;  // of a packet at once; then as much as came before
constexpr std::size_t kept_bytes_max = 4 << 20;   // of memory, for the next packet

// The other side, or the way to it, has ended: that says nothing of certificates.
bool is_cut(const error_code& error) {
  return error == asio::error::eof || error == asio::ssl::error::stream_truncated ||
         error == asio::error::connection_reset || error == asio::error::timed_out ||
         error == asio::error::broken_pipe || error == asio::error::operation_aborted;
}

}  // namespace

struct Links::All : std::enable_shared_from_this<All> {
  struct Outgoing;
  struct Incoming;

  All(asio::io_context& the_io, LinkOptions the_options, Told the_told)
      : io(the_io),
        options(std::move(the_options)),
        told(std::move(the_told)),
        tls(tls_context(options.tls_certificate, options.tls_key, options.tls_ca)),
        acceptor(io),
        pause(io) {}

  void listen();
  void accept();
  void take(tcp::socket socket);
  void close();
  void forget_older(const Incoming& newer);
  bool make_room();
  void tell_stranger(const std::string& sentence);

  asio::io_context& io;
  const LinkOptions options;
  const Told told;
  Channel::Tls tls;
  tcp::acceptor acceptor;
  asio::steady_timer pause;  // after an accept that failed: no more files, say
  std::map<NodeId, std::shared_ptr<Outgoing>> outgoing;
  std::list<std::shared_ptr<Incoming>> incoming;  // oldest first
  std::chrono::steady_clock::time_point strangers_told_at{};
  bool is_closed = false;
};

// To one node: what is to be said waits here, a bounded while.
struct Links::All::Outgoing : std::enable_shared_from_this<Outgoing> {
  Outgoing(const std::shared_ptr<All>& the_all, NodeId the_node, std::string the_greeting, tcp::endpoint the_endpoint)
      : all(the_all),
        io(the_all->io),
        retry(io),
        node(std::move(the_node)),
        greeting(std::move(the_greeting)),
        endpoint(std::move(the_endpoint)),
        options(the_all->options) {}

  template <class Said>
  void send(const Said& message) {
    if (queued.size() > options.queued_bytes_max) return;
    put(message, queued);
    if (state == State::away) connect();
    if (state == State::there) write();
  }
  void connect() {
    const auto links = all.lock();
    if (!links) return;
    state = State::connecting;
    channel = std::make_shared<Channel>(tcp::socket(io), links->tls);
    retry.expires_after(std::chrono::milliseconds(options.connect_timeout_ms));
    retry.async_wait([self = shared_from_this(), tried = channel](const error_code& error) {
      if (!error && self->is_still(tried) && self->state == State::connecting) self->lose();
    });
    channel->socket().async_connect(endpoint, [self = shared_from_this(), tried = channel](const error_code& error) {
      if (!self->is_still(tried)) return;
      if (error) return self->lose();
      error_code ignored;
      tried->socket().set_option(tcp::no_delay(true), ignored);
      tried->set_acknowledged_timeout(self->options.acknowledged_timeout_ms);
      tried->shake_hands(false, [self, tried](const error_code& failed) {
        if (!self->is_still(tried)) return;
        if (failed) return self->tell(failed), self->lose();
        if (!tried->shows(self->node.text)) {
          self->tell(self->node.text + " shows a certificate that doesn't name it");
          return self->lose();
        }
        self->begin();
      });
    });
  }
  void begin() {
    queued.insert(0, greeting);
    state = State::there;
    retry.cancel();
    // The other side says nothing here: what comes is its end, or why it doesn't believe us.
    channel->read(asio::buffer(&unexpected, 1), [self = shared_from_this(), of = channel](const error_code& error) {
      if (!self->is_still(of)) return;
      if (error && of->has_tls()) self->tell(error);
      self->lose();
    });
    write();
  }
  void write() {
    if (queued.empty() || state != State::there) return;
    state = State::writing;
    writing.clear();
    writing.swap(queued);
    channel->write(asio::buffer(writing), [self = shared_from_this(), of = channel](const error_code& error) {
      if (!self->is_still(of)) return;
      if (error) return self->lose();
      self->state = State::there;
      self->write();
    });
  }
  // What was on its way is gone, and old by the time there is a connection again.
  void lose() {
    channel->close();
    channel.reset();
    queued.clear();
    state = State::waiting;
    retry.expires_after(std::chrono::milliseconds(options.retry_ms));
    retry.async_wait([self = shared_from_this()](const error_code& error) {
      if (error || self->all.expired() || self->state != State::waiting) return;
      self->state = State::away;
      if (!self->queued.empty()) self->connect();
    });
  }
  void close() {
    retry.cancel();
    if (channel != nullptr) channel->close();
    channel.reset();
    all.reset();
  }
  // Each reason once, as it is tried again and again. A connection that is cut is no reason.
  void tell(const error_code& error) {
    if (is_cut(error)) return;
    tell(node.text + " and this node don't believe each other's certificates: " + error.message());
  }
  void tell(const std::string& why) {
    const auto links = all.lock();
    if (!links) return;
    if (std::exchange(told, why) != why) links->told.on_problem(why);
  }
  bool is_still(const std::shared_ptr<Channel>& one) const { return !all.expired() && channel == one; }

  enum class State { away, connecting, there, writing, waiting };

  std::weak_ptr<All> all;
  asio::io_context& io;
  std::shared_ptr<Channel> channel;  // while there is one, or is tried to be
  asio::steady_timer retry;          // or the end of a try
  const NodeId node;
  const std::string greeting;
  const tcp::endpoint endpoint;
  const LinkOptions options;
  State state = State::away;
  // Of a connection: what is being written stays until that is done, so it is its own.
  std::string queued, writing, told;
  char unexpected = 0;
};

// From one node: packet after packet, until one of them is none.
struct Links::All::Incoming : std::enable_shared_from_this<Incoming> {
  Incoming(const std::shared_ptr<All>& the_all, tcp::socket socket)
      : all(the_all),
        deadline(the_all->io),
        channel(std::make_shared<Channel>(std::move(socket), the_all->tls)),
        has_tls(the_all->tls != nullptr) {}

  void begin(std::int64_t greeting_timeout_ms) {
    deadline.expires_after(std::chrono::milliseconds(greeting_timeout_ms));
    deadline.async_wait([weak = weak_from_this()](const error_code& error) {
      const auto self = weak.lock();
      if (!error && self && self->from.text.empty()) self->close("");
    });
    channel->shake_hands(true, [self = shared_from_this()](const error_code& error) {
      if (!error) return self->read_size();
      // Whoever only connects and goes, as something that looks whether a port is open does, isn't worth a word.
      self->close(is_cut(error) ? "" : "can't show a certificate of this cluster's: " + error.message());
    });
  }
  void read_size() {
    channel->read(asio::buffer(&size, sizeof size), [self = shared_from_this()](const error_code& error) {
      if (error) return self->close(self->why_not(error));
      // Before it has said who it is it gets no memory to fill.
      const std::size_t most = self->from.text.empty() ? 4'096 : packet_bytes_max;
      if (self->size > most) return self->close("sends a packet that is too large");
      self->packet.clear();
      if (self->packet.capacity() > kept_bytes_max) self->packet.shrink_to_fit();
      self->read_body();
    });
  }
  // It gets memory as it comes: a size alone is soon said.
  void read_body() {
    const std::size_t had = packet.size();
    packet.resize(std::min<std::size_t>(size, had + std::max(had, read_bytes_min)));
    const auto to = asio::buffer(packet.data() + had, packet.size() - had);
    channel->read(to, [self = shared_from_this()](const error_code& error) {
      if (error) return self->close("");
      if (self->packet.size() < self->size) return self->read_body();
      if (std::string problem = self->take(); !problem.empty()) return self->close(problem);
      self->read_size();
    });
  }
  // In TLS 1.3 the other side's refusal of our certificate comes after the handshake.
  std::string why_not(const error_code& error) const {
    const bool is_refusal = has_tls && error.category() == asio::error::get_ssl_category();
    return is_refusal ? "doesn't believe this node's certificate: " + error.message() : "";
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
      if (!channel->shows(greeting->from.text))
        return "says that it is " + greeting->from.text + ", which its certificate doesn't name";
      from = greeting->from;
      deadline.cancel();
      links->forget_older(*this);
      return "";
    }
    if (from.text.empty()) return "doesn't greet";
    if (auto* fill = std::get_if<FillMessage>(&read))
      links->told.on_fill(from, std::move(*fill));
    else
      links->told.on_message(from, std::move(std::get<Message>(read)));
    return "";
  }
  void close(const std::string& problem) {
    error_code ignored;
    const auto peer = channel->socket().remote_endpoint(ignored);
    deadline.cancel();
    channel->close();
    const auto links = all.lock();
    if (!links || links->is_closed) return;
    links->incoming.remove(shared_from_this());
    if (problem.empty()) return;
    if (!from.text.empty()) return links->told.on_problem(from.text + " " + problem);
    links->tell_stranger("somebody at " + peer.address().to_string() + " " + problem);
  }

  std::weak_ptr<All> all;
  asio::steady_timer deadline;  // of saying who it is
  const std::shared_ptr<Channel> channel;
  const bool has_tls;
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
    if (!error && self->make_room()) self->take(std::move(socket));
    if (!error) return self->accept();
    self->pause.expires_after(std::chrono::milliseconds(self->options.retry_ms));
    self->pause.async_wait([weak](const error_code&) {
      if (const auto again = weak.lock(); again && !again->is_closed) again->accept();
    });
  });
}

void Links::All::take(tcp::socket socket) {
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  const auto from = std::make_shared<Incoming>(shared_from_this(), std::move(socket));
  incoming.push_back(from);
  from->begin(options.greeting_timeout_ms);
}

// A node has one connection to here. What it had before may be on a way that is cut, of which nobody hears the end.
void Links::All::forget_older(const Incoming& newer) {
  const auto is_older = [&](const auto& one) { return one.get() != &newer && one->from == newer.from; };
  for (const auto& one : std::vector(incoming.begin(), incoming.end()))
    if (is_older(one)) one->close("");
}

// Whoever connects and doesn't say who it is keeps no node out: the oldest of those goes.
bool Links::All::make_room() {
  if (incoming.size() < options.connections_max) return true;
  const auto stranger = std::ranges::find_if(incoming, [](const auto& one) { return one->from.text.empty(); });
  if (stranger == incoming.end()) return false;
  std::shared_ptr(*stranger)->close("");
  return true;
}

// Once a second at most: whoever can connect could fill the program's log.
void Links::All::tell_stranger(const std::string& sentence) {
  const auto now = std::chrono::steady_clock::now();
  if (now - strangers_told_at < std::chrono::seconds(1)) return;
  strangers_told_at = now;
  told.on_problem(sentence);
}

void Links::All::close() {
  is_closed = true;
  error_code ignored;
  acceptor.close(ignored);
  pause.cancel();
  for (const auto& [node, to] : outgoing) to->close();
  for (const auto& from : incoming) from->channel->close();
  outgoing.clear();
  incoming.clear();
}

Links::Links(asio::io_context& io, LinkOptions options, Told told)
    : all_(std::make_shared<All>(io, std::move(options), std::move(told))) {
  all_->listen();
  all_->accept();
}

Links::~Links() {
  try {
    all_->close();
  } catch (const boost::system::system_error&) {  // of a timer that can't be cancelled: it finds nobody any more
  }
}

std::uint16_t Links::port() const { return all_->acceptor.local_endpoint().port(); }

void Links::know(const NodeId& node, const std::string& address) {
  std::string greeting;
  put(Greeting{all_->options.shard, all_->options.self, node}, greeting);
  const tcp::endpoint endpoint = endpoint_of(address);
  auto& known = all_->outgoing[node];
  if (known && known->endpoint == endpoint) return;
  if (known) known->close();
  known = std::make_shared<All::Outgoing>(all_, node, std::move(greeting), endpoint);
}

std::string Links::reread_certificates() {
  try {
    const LinkOptions& options = all_->options;
    all_->tls = tls_context(options.tls_certificate, options.tls_key, options.tls_ca);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return {};
}

void Links::send(const NodeId& to, const Message& message) {
  if (const auto found = all_->outgoing.find(to); found != all_->outgoing.end()) found->second->send(message);
}

void Links::send(const NodeId& to, const FillMessage& message) {
  if (const auto found = all_->outgoing.find(to); found != all_->outgoing.end()) found->second->send(message);
}

}  // namespace tote::cluster
