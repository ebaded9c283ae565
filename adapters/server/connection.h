// One client's connection: reads what came, hands on every complete request, writes answers in the order of requests.
// Private to the room: it brings Boost.Asio.
#pragma once

#include <chrono>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/server/doors.h"
#include "adapters/server/loop.h"
#include "adapters/server/options.h"
#include "adapters/server/request_reader.h"
#include "adapters/server/wire.h"

namespace tote::server {

class Connection;

// Of answers that a client hasn't taken: beyond, no more of its requests are read.
inline constexpr std::size_t out_bytes_max = 1 << 20;

// What all connections of a server share.
struct Connections {
  Connections(Host::Loop& the_loop, Options the_options, std::shared_ptr<Handler> root)
      : loop(the_loop), options(std::move(the_options)), doors(std::move(root)) {}

  Host::Loop& loop;
  const Options options;
  Doors doors;
  State state;
  std::vector<Connection*> open;                      // each knows its place
  std::list<Connection*> strangers;                   // of those: that are nobody's yet, oldest first
  std::vector<std::shared_ptr<Connection>> answered;  // since the last flush
  std::vector<std::weak_ptr<Connection>> streams;     // those whose answer has no end
  std::function<void()> on_closed;                    // one is gone
};

class Connection final : public Sink, public std::enable_shared_from_this<Connection> {
 public:
  using Clock = std::chrono::steady_clock;

  Connection(std::shared_ptr<Connections> all, Wire wire);
  ~Connection() override;

  void start();
  void start_refusing();              // beyond connections_max: says so and closes
  void flush();                       // writes what is ready
  void pump();                        // of a stream: asks for what is new
  void check(Clock::time_point now);  // timeouts
  bool is_closed() const { return closed_; }
  void drain();  // closes now when idle, else after the answers that are due
  void close();
  void abandon() { self_.reset(); }  // nobody answers any more

  void done(std::uint64_t tag, Outcome& outcome) override;

 private:
  // A request at its door.
  struct Asked {
    Handler* door = nullptr;
    std::unique_ptr<Exchange> exchange;
    bool is_begun = false;
  };
  struct Slot {
    Asked asked;
    bool answered = false;
    std::string text;  // the answer, when others before it are still due
  };

  void read();
  void on_read(std::size_t bytes);
  void on_end();
  void cancel_waiting();
  void parse();
  bool has_room() const;  // for another request
  bool admit();
  void begin_exchange();
  Asked& ask();
  void release();
  void handle_message();
  void finish_message();
  // `failure`: null says that the door doesn't let it in.
  void fail(const Failure* failure);
  void refuse(const Failure* failure);
  void begin_answer(Exchange& exchange);
  void say_continue();
  Slot& slot(std::uint64_t number) { return slots_[number & (slots_.size() - 1)]; }
  Slot& new_slot();
  std::string& place_for(std::uint64_t number);
  void finish_slot(std::uint64_t number);
  std::size_t waiting() const { return static_cast<std::size_t>(next_ - first_); }
  // While an answer without an end is written no more requests are read. One page is on its way at a time, and none
  // while the client hasn't taken the last one: a slow reader costs no memory. A page has its price, whatever is in
  // it: under load one comes every few milliseconds, instead of one for each few records.
  struct Endless {
    std::unique_ptr<Stream> pages;
    boost::asio::steady_timer rest;
    Clock::time_point rests_until{};
    bool is_asking = false;
    bool is_resting = false;
    bool is_cut = false;
  };
  void begin_stream(std::unique_ptr<Stream> pages);
  bool rests();
  void take_page(std::string&& text, bool is_last);
  void end_stream(std::string_view why);
  void check_stream(Clock::time_point now);
  void write_rest();
  void count_unsent(std::size_t bytes);
  void after_write();
  void linger();

  std::shared_ptr<Connections> all_;
  State& state_;
  const Options& options_;
  Wire wire_;
  std::size_t place_;  // in all_->open
  RequestReader reader_;
  Asked current_;                              // of the request being read, begun when its header is there
  std::unique_ptr<Owner> owner_;               // whose connection it is, by the last who showed it
  std::list<Connection*>::iterator stranger_;  // while it is nobody's

  std::vector<char> in_;  // bytes read and not yet taken: [in_begin_, in_end_)
  std::size_t in_begin_ = 0, in_end_ = 0;
  std::string out_;      // ready to be written
  std::string writing_;  // being written, from written_ on
  std::size_t written_ = 0;
  std::size_t unsent_ = 0;  // of writing_ and out_, as the owner was told

  std::optional<Endless> stream_;
  std::vector<Slot> slots_;  // a ring of a power of two: requests first_ … next_ - 1 wait for their answers
  std::uint64_t first_ = 0, next_ = 0;
  std::size_t unanswered_ = 0;
  std::size_t large_ = 0;             // of those: whose answers may be large
  std::shared_ptr<Connection> self_;  // while somebody who answers holds a pointer to this

  Clock::time_point arrived_{};  // what lies in in_ and wasn't looked at
  Clock::time_point came_{};     // the first byte of the message being read: its deadline counts from there
  Clock::time_point began_{};    // that message was begun to be read
  Clock::time_point body_began_{};
  Clock::time_point active_{};  // the last time something was read or written
  bool reading_ = false, ended_ = false, closing_ = false, closed_ = false, lingering_ = false, queued_ = false;
  bool continue_said_ = false, parsing_ = false;
};

}  // namespace tote::server
