#include "adapters/server/server.h"

#include <spdlog/spdlog.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <charconv>
#include <cstdlib>
#include <ctime>

#include "adapters/server/connection.h"
#include "adapters/server/forward_door.h"
#include "adapters/server/handshakes.h"
#include "adapters/server/loop.h"
#include "adapters/server/response.h"

namespace tote::server {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using Clock = Connection::Clock;

namespace {

constexpr auto sweep_every = std::chrono::milliseconds(500);
constexpr std::string_view plain_answer =
    "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\nThis port speaks TLS: https://\n";
constexpr auto accept_again_after = std::chrono::milliseconds(100);  // when the process has no file descriptors left

}  // namespace

std::optional<HostPort> split_listen(std::string_view listen) {
  const auto colon = listen.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string_view host = listen.substr(0, colon), port = listen.substr(colon + 1);
  if (host.starts_with('[') && host.ends_with(']'))
    host = host.substr(1, host.size() - 2);
  else if (host.find(':') != std::string_view::npos)
    return std::nullopt;  // an IPv6 address without brackets
  HostPort out{std::string(host), 0};
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), out.port);
  if (host.empty() || port.empty() || error != std::errc{} || end != port.data() + port.size()) return std::nullopt;
  return out;
}

struct Server::Impl : std::enable_shared_from_this<Server::Impl> {
  Impl(Host::Loop& loop, Options options, std::shared_ptr<Handler> root)
      : all(std::make_shared<Connections>(loop, std::move(options), std::move(root))),
        acceptor(loop.io),
        sweep(loop.io),
        pause(loop.io) {
    all->state.turns = &all->loop.turns;
    all->state.post = [this](std::function<void()> work) {
      asio::post(all->loop.io, [weak = weak_from_this(), work = std::move(work)] {
        const auto self = weak.lock();
        if (!self || self->stopped) return;
        const Turn turn(self->all->loop.turns);
        work();
        self->flush();
      });
    };
  }

  std::shared_ptr<Connections> all;
  tcp::acceptor acceptor;
  tcp protocol = tcp::v4();
  asio::steady_timer sweep, pause;
  Host::Loop::AfterPoll::iterator after_poll{};
  std::string address;
  std::uint16_t port = 0;
  std::int64_t date_s = 0;
  bool stopped = false;
  std::function<void()> drained;
  Clock::time_point listener_closes_at{}, drain_ends_at{};
  std::shared_ptr<const TlsContext> tls;
  std::optional<Handshakes> handshakes;  // its thread knows this: it ends first

  std::string bind();
  void start();
  void accept();
  void use_tls(std::shared_ptr<const TlsContext> context);
  void shake_hands(tcp::socket socket);
  void take_tls(int socket, SslPtr ssl);
  void take(Wire wire);
  bool make_room();
  void flush();
  void tick();
  void tell_time();
  void close_idle();
  void finish_drain();
  void stop();

  // From the back: closing one moves the last into its place. Each is held while it's looked at.
  template <class Visit>
  void for_each(const Visit& visit) {
    for (std::size_t i = all->open.size(); i-- > 0;) {
      if (i >= all->open.size()) continue;
      const auto connection = all->open[i]->shared_from_this();
      visit(*connection);
    }
  }
};

std::string Server::Impl::bind() {
  const Options& options = all->options;
  const auto where = split_listen(options.listen);
  if (!where) return "listen = \"" + options.listen + "\" isn't HOST:PORT";
  error_code error;
  const auto found = tcp::resolver(all->loop.io).resolve(where->host, std::to_string(where->port), error);
  if (error || found.empty()) return "can't resolve " + where->host + ": " + error.message();
  const tcp::endpoint endpoint = found.begin()->endpoint();
  protocol = endpoint.protocol();
  acceptor.open(protocol, error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(tcp::acceptor::max_listen_connections, error);
  if (error) return "can't listen on " + options.listen + ": " + error.message();
  port = acceptor.local_endpoint().port();
  const bool v6 = endpoint.address().is_v6();
  address =
      (v6 ? '[' + endpoint.address().to_string() + ']' : endpoint.address().to_string()) + ':' + std::to_string(port);
  return {};
}

void Server::Impl::start() {
  after_poll = all->loop.after_poll.insert(all->loop.after_poll.end(), [this] { flush(); });
  tell_time();
  all->doors.each([this](Handler& door) { door.mount(all->state); });
  const Options& options = all->options;
  if (options.tls != nullptr) {
    use_tls(options.tls);
    handshakes.emplace(Handshakes::Limits{options.handshakes_max, options.header_timeout_ms, std::string(plain_answer)},
                       [this](int socket, SslPtr ssl) { take_tls(socket, std::move(ssl)); });
  }
  accept();
  tick();
}

void Server::Impl::tell_time() {
  const std::int64_t now_s = std::time(nullptr);
  if (std::exchange(date_s, now_s) != now_s) all->state.date = http_date(now_s);
}

void Server::Impl::accept() {
  acceptor.async_accept([self = shared_from_this()](const error_code& error, tcp::socket socket) {
    if (self->stopped || !self->acceptor.is_open()) return;
    if (!error) {
      if (self->tls != nullptr)
        self->shake_hands(std::move(socket));
      else
        self->take({std::move(socket), nullptr});
      return self->accept();
    }
    if (error == asio::error::operation_aborted) return;
    spdlog::warn("http: can't accept a connection: {}", error.message());
    self->pause.expires_after(accept_again_after);
    self->pause.async_wait([self](const error_code& stopped_waiting) {
      if (!stopped_waiting) self->accept();
    });
  });
}

void Server::Impl::use_tls(std::shared_ptr<const TlsContext> context) {
  tls = std::move(context);
  all->state.certificate_expires.set(static_cast<std::uint64_t>(tls->expires_s()));
}

void Server::Impl::shake_hands(tcp::socket socket) {
  error_code error;
  const int native = socket.release(error);
  if (!error) handshakes->begin(native, tls);
}

// On the thread of the handshakes.
void Server::Impl::take_tls(int native, SslPtr ssl) {
  error_code error;
  tcp::socket socket(all->loop.io);
  if (ssl != nullptr) socket.assign(protocol, native, error);
  asio::post(all->loop.io, [weak = weak_from_this(), socket = std::move(socket), ssl = std::move(ssl)]() mutable {
    const auto self = weak.lock();
    if (!self || self->stopped) return;
    if (!socket.is_open()) return ++self->all->state.handshakes_failed;
    ++self->all->state.handshakes;
    self->take({std::move(socket), std::move(ssl)});
  });
}

void Server::Impl::take(Wire wire) {
  ++all->state.connections_accepted;
  const std::size_t max = all->options.connections_max;
  if (all->open.size() >= max + all->options.refusing_max) return;  // closed by the destructor
  const bool refuse = all->open.size() >= max && !make_room();
  auto connection = std::make_shared<Connection>(all, std::move(wire));
  if (refuse)
    connection->start_refusing();
  else
    connection->start();
}

// Who has been nobody for the longest time makes way for who comes: nobody can keep others out by not saying who it is.
bool Server::Impl::make_room() {
  if (!all->options.strangers_make_way) return false;
  for (Connection* oldest : all->strangers)
    if (!oldest->is_closed()) return oldest->close(), true;  // those before are gone in a moment
  return false;
}

void Server::Impl::flush() {
  std::erase_if(all->streams, [](const std::weak_ptr<Connection>& stream) { return stream.expired(); });
  for (const auto& listed : all->streams)
    if (const auto stream = listed.lock()) stream->pump();
  // A flush may read on and be answered at once; those wait for their own turn.
  auto answered = std::move(all->answered);
  all->answered.clear();
  for (const auto& connection : answered) connection->flush();
  if (all->answered.empty()) {
    answered.clear();
    all->answered = std::move(answered);  // keeps its room
  }
}

void Server::Impl::tick() {
  const Turn turn(all->loop.turns);
  const auto now = Clock::now();
  tell_time();
  all->doors.each([](Handler& door) { door.tick(); });
  flush();
  for_each([now](Connection& connection) { connection.check(now); });
  if (all->state.draining) {
    if (now >= listener_closes_at) close_idle();
    if (now >= drain_ends_at) finish_drain();
  }
  if (stopped) return;
  sweep.expires_after(sweep_every);
  sweep.async_wait([self = shared_from_this()](const error_code& error) {
    if (!error && !self->stopped) self->tick();
  });
}

void Server::Impl::close_idle() {
  error_code ignored;
  acceptor.close(ignored);
  pause.cancel();
  for_each([](Connection& connection) { connection.drain(); });
  if (all->open.empty()) finish_drain();
}

void Server::Impl::finish_drain() {
  if (!drained) return;
  for_each([](Connection& connection) { connection.close(); });
  spdlog::info("http: drained");
  std::exchange(drained, nullptr)();
}

void Server::Impl::stop() {
  if (std::exchange(stopped, true)) return;
  error_code ignored;
  acceptor.close(ignored);
  handshakes.reset();
  sweep.cancel();
  pause.cancel();
  all->doors.each([](Handler& door) { door.begin_stop(); });
  all->on_closed = nullptr;
  all->loop.after_poll.erase(after_poll);
  // What the engine answered while it was closed is still written; nothing new is read.
  for_each([](Connection& connection) { connection.drain(); });
  flush();
  for_each([](Connection& connection) { connection.close(); });
  all->doors.each([](Handler& door) { door.stop(); });
  for_each([](Connection& connection) { connection.abandon(); });
  all->answered.clear();  // they hold what holds this list
  spdlog::info("http: stopped listening on {}", address);
}

Server::Listening Server::listen(Host& host, Options options, std::shared_ptr<Handler> root) {
  auto impl = std::make_shared<Impl>(host.loop(), std::move(options), std::move(root));
  if (auto wrong = impl->bind(); !wrong.empty()) return ServerError{std::move(wrong)};
  impl->start();
  return std::make_unique<Server>(std::move(impl));
}

Server::Server(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

Server::~Server() {
  try {
    impl_->stop();
  } catch (...) {
    std::abort();  // a thread couldn't be joined: nothing here can be relied on
  }
}

void Server::mount(std::string prefix, std::shared_ptr<Handler> door) {
  door->mount(impl_->all->state);
  impl_->all->doors.mount(std::move(prefix), std::move(door));
}

void Server::forward(std::shared_ptr<Forwarder> forwarder) {
  Doors& doors = impl_->all->doors;
  if (doors.forward_again()) return;
  const auto door = std::make_shared<ForwardDoor>(
      std::move(forwarder), [&doors](std::string_view target) -> Handler& { return doors.own_of(target); });
  door->mount(impl_->all->state);
  doors.forward(door);
}

void Server::serve() { impl_->all->doors.serve(); }

void Server::read_stale(std::function<std::optional<std::int64_t>()> age_ms) {
  impl_->all->doors.read_stale(std::move(age_ms));
}

void Server::change_tls(std::shared_ptr<const TlsContext> tls) {
  if (impl_->tls != nullptr && tls != nullptr) impl_->use_tls(std::move(tls));
}

std::uint16_t Server::port() const { return impl_->port; }

const std::string& Server::address() const { return impl_->address; }

void Server::cut() {
  impl_->for_each([](Connection& connection) { connection.close(); });
}

void Server::flush() {
  if (!impl_->stopped) impl_->flush();
}

void Server::drain(std::function<void()> done) {
  auto& impl = *impl_;
  if (impl.all->state.draining || impl.stopped) return;
  const Options& options = impl.all->options;
  spdlog::info("http: draining, {} connections open", impl.all->open.size());
  impl.all->state.draining = true;
  impl.drained = std::move(done);
  impl.listener_closes_at = Clock::now() + std::chrono::milliseconds(options.drain_grace_ms);
  impl.drain_ends_at = impl.listener_closes_at + std::chrono::milliseconds(options.drain_timeout_ms);
  impl.all->on_closed = [weak = impl.weak_from_this()] {
    const auto self = weak.lock();
    if (!self || !self->all->open.empty() || Clock::now() < self->listener_closes_at) return;
    asio::post(self->all->loop.io, [self] { self->finish_drain(); });
  };
  if (options.drain_grace_ms == 0) impl.close_idle();
}

}  // namespace tote::server
