// A door: what answers the requests below a path of a server. The server knows sockets, bytes, limits and time; a door
// knows who may ask, what is asked, and how it is said. Each is a folder, and one line where the program mounts it.
//
//   admit(header) -> take(message) … answer(outcome)      each in the order that requests come, per connection
//        |               |
//      deny()          true: answered at once
//
// Threads: all of it on the loop thread. Nothing here may block, or take longer than a millisecond.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "adapters/server/failure.h"
#include "adapters/server/message.h"
#include "adapters/server/state.h"
#include "engine/request.h"

namespace tote::server {

class Handler;

// An answer without an end: what follows its header, a page at a time, until the connection is closed.
class Stream {
 public:
  virtual ~Stream() = default;  // gives back what it holds
  virtual bool has_news() const = 0;
  // Asks for the next page, one at a time: done(text, is_last) on the loop thread. False: not now.
  virtual bool ask(std::function<void(std::string&& text, bool is_last)> done) = 0;
  virtual std::string_view heartbeat() const = 0;                  // when there is nothing to say
  virtual std::string last_words(std::string_view why) const = 0;  // "draining", "cut_off"
};

// Whose a connection is, once somebody has shown who they are: counts what it holds until it is gone.
class Owner {
 public:
  explicit Owner(const Handler& of) : door(of) {}
  Owner(const Owner&) = delete;
  Owner& operator=(const Owner&) = delete;
  virtual ~Owner() = default;                       // gives back what it holds
  const Handler& door;                              // that knows more of it
  virtual void hold_unsent(std::size_t bytes) = 0;  // of answers that the client hasn't taken, all of them
};

// What is kept of a request from its header to its answer. A door derives its own; they are used again and again.
struct Exchange {
  using Clock = std::chrono::steady_clock;

  virtual ~Exchange() = default;
  // As new. What the request held was released before.
  virtual void reset() {
    head_only = close = http_1_0 = is_large = waits = false;
    stream.reset();
  }

  // Said by the server before take() or a refusal.
  bool head_only = false;  // HEAD
  bool close = false;      // this is the connection's last answer; the door may say so, too
  bool http_1_0 = false;
  Clock::time_point started{};  // when the first byte came
  Clock::time_point read{};     // when the last byte came
  // Said by the door in take().
  bool is_large = false;             // the answer may be: nothing more is read before it is there
  bool waits = false;                // for others: needn't go on when the client has gone
  std::unique_ptr<Stream> stream{};  // what follows the answer
};

class Handler {
 public:
  enum class Admission : std::uint8_t {
    admitted,
    denied,   // and another request may follow, if this one's body needn't be read
    cut_off,  // the connection ends with deny()'s answer
  };

  virtual ~Handler() = default;

  // Before anything else. The state outlives all requests.
  virtual void mount(const State& state) = 0;
  virtual std::unique_ptr<Exchange> make_exchange() = 0;
  virtual std::size_t body_bytes_max(std::string_view target) const = 0;

  // Who asks, and for what, as far as the header tells; before any of the body is waited for. `owner`: whose the
  // connection is so far, null: nobody's; replaced when it is another's from now on.
  virtual Admission admit(const Message& message, Exchange& exchange, std::unique_ptr<Owner>& owner) = 0;
  // What was admitted, whole. True: the answer is in `out`. False: sink.done(tag, outcome) brings it, then come
  // release() and answer(). The message's body may be taken away.
  virtual bool take(Message& message, Exchange& exchange, Sink& sink, std::uint64_t tag, std::string& out) = 0;
  // Writes nothing and asks for the connection to be closed: whoever asked is told nothing. It may begin a stream.
  virtual void answer(Exchange& exchange, Outcome& outcome, std::string& out) = 0;
  // The answer to what admit() didn't let in, and to what the server itself turns away, admitted or not.
  virtual void deny(const Message& message, Exchange& exchange, std::string& out) = 0;
  virtual void refuse(const Message& message, Exchange& exchange, const Failure& failure, std::string& out) = 0;
  // Whether each node of a cluster answers this for itself. All else is for the node that has the log.
  virtual bool is_of_this_node(std::string_view target) const {
    static_cast<void>(target);
    return false;
  }
  // Gives back what the exchange holds; may come twice.
  virtual void release(Exchange& exchange) = 0;
  // The client has gone: what only waits is ended, sink.done() comes soon.
  virtual void cancel(Sink& sink, std::uint64_t tag) = 0;

  virtual void tick() {}        // twice a second
  virtual void begin_stop() {}  // no more pages of streams
  virtual void stop() {}        // whoever still waits is answered; nothing is written to them any more
};

}  // namespace tote::server
