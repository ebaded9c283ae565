// A connection to the server that requests are forwarded to: one request at a time, any number of them. Private to the
// room: it brings Boost.Asio.
#pragma once

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "adapters/server/answer_reader.h"
#include "adapters/server/loop.h"
#include "adapters/server/tls.h"
#include "adapters/server/wire.h"

namespace tote::server {

// Where: what a URL says.
struct Upstreams {
  bool has_tls = false;
  std::string host{};
  std::uint16_t port = 0;
};
std::optional<Upstreams> read_url(const std::string& url);

class Upstream final : public std::enable_shared_from_this<Upstream> {
 public:
  using Clock = std::chrono::steady_clock;
  enum class State : std::uint8_t { connecting, idle, busy, closed };

  // On the loop thread, never within a call to the connection; each may close it.
  class Told {
   public:
    virtual ~Told() = default;
    virtual void connected(Upstream& upstream) = 0;
    virtual void answer_came(Upstream& upstream) = 0;  // some of it, or the rest
    virtual void lost(Upstream& upstream) = 0;         // at most once, and not after close()
  };

  Upstream(Host::Loop& loop, Told& told);

  void connect(const Upstreams& to, std::shared_ptr<const TlsContext> tls);
  void ask(std::string text, bool is_head);  // when idle
  void end_answer();                         // it was taken: idle again, or closed where no other request may follow
  void close();                              // nothing is told any more

  // Whether the answer's body is read before what came of it is taken.
  void pass_on() { is_passing_on_ = true; }
  void go_on();  // some was taken

  State state() const { return state_; }
  AnswerReader& reader() { return reader_; }
  Clock::time_point active() const { return active_; }
  // Nothing comes because what came wasn't taken.
  bool is_held_up() const { return is_passing_on_ && !is_reading_; }

  // The forwarder's own.
  std::uint64_t job = 0;       // that it is asked for; 0: none
  std::size_t held_bytes = 0;  // of its answer, as they were counted
  bool is_stale = false;       // nothing more is sent to that server
  Clock::time_point ends_at = Clock::time_point::max();

 private:
  using tcp = boost::asio::ip::tcp;
  using Error = boost::system::error_code;

  void connect_to(const tcp::endpoint& endpoint);
  void expect_acknowledgements();
  void begin_tls();
  void shake_hands();
  void open(SslPtr ssl);
  void write();
  void read();
  void take(std::size_t bytes);
  void lose();

  Host::Loop& loop_;
  Told& told_;
  State state_ = State::connecting;
  Upstreams to_{};
  std::shared_ptr<const TlsContext> tls_{};
  tcp::resolver resolver_;
  tcp::socket socket_;  // until it is the wire's
  SslPtr ssl_;          // the same
  std::optional<Wire> wire_;
  AnswerReader reader_;
  Clock::time_point active_ = Clock::now();
  bool is_reading_ = false, is_passing_on_ = false;
  std::string out_;
  std::size_t written_ = 0;
  std::string in_;  // read, and not yet taken by the reader
  std::array<char, 16 << 10> page_{};
};

}  // namespace tote::server
