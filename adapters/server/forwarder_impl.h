// The inside of the forwarder: the requests that it was given, the connections that carry them, and the answers that go
// on after their beginning. Private to the room: it brings Boost.Asio. Loop thread only.
#pragma once

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/server/forwarder.h"
#include "adapters/server/upstream.h"

namespace tote::server {

struct Forwarder::Impl final : Upstream::Told, std::enable_shared_from_this<Forwarder::Impl> {
  using Clock = Upstream::Clock;
  struct Job {
    const Message* message = nullptr;
    const State* state = nullptr;
    Done done;
    Clock::time_point asked_at{};  // its deadline counts from there
    Clock::time_point waits_since{};
    std::shared_ptr<Upstream> upstream{};  // that has it; null: it waits
    bool was_sent = false, is_again = false;
  };
  class Rest;

  Impl(Host::Loop& the_loop, ForwarderOptions the_options)
      : loop(the_loop), options(std::move(the_options)), tls(options.tls), timer(the_loop.io) {}

  // -- requests (forwarder.cc)
  void aim(const std::string& to);
  Id ask(const Message& message, const State& state, Done done);
  void cancel(Id id);
  void pump();
  void tell(Id id, Answered answered);
  void fail(Id id, Failure::Reason reason, std::string_view why);
  void check();
  std::vector<Id> late(Clock::time_point now);
  void wait();
  void stop();

  // -- connections (forwarder_links.cc)
  void connected(Upstream& upstream) override;
  void answer_came(Upstream& upstream) override;
  void lost(Upstream& upstream) override;
  bool connect(Id id);
  void send(Upstream& upstream, Id id);
  void release(Upstream& upstream);
  void remove(Upstream& upstream);
  void pass_on(Upstream& upstream);
  void send_back(Upstream& upstream);
  void give_up(Upstream& upstream);
  void hold(Upstream& upstream, std::size_t bytes);
  void check(Upstream& upstream, Clock::time_point now);

  Host::Loop& loop;
  const ForwarderOptions options;
  std::shared_ptr<const TlsContext> tls;
  boost::asio::steady_timer timer;
  std::string url;
  std::optional<Upstreams> target;
  std::map<Id, Job> jobs;
  std::deque<Id> waiting;  // of those, oldest first
  Id ever = 0;
  std::set<std::shared_ptr<Upstream>> open;
  std::vector<Upstream*> idle;  // of those: the last used is the next
  std::map<Upstream*, Rest*> rests;
  std::size_t held_bytes = 0;
  Clock::time_point connects_at{};  // not before
  bool is_reached = false;          // the last try to connect came through
  bool was_reached = false, is_stopped = false, is_waiting = false;

  Counts counts;
  Count in_flight{counts, Count::Type::now, "tote_cluster_forwarding", "Requests handed on and not yet answered"};
  Count forwarded{counts, Count::Type::total, "tote_cluster_forwarded_total", "Requests handed on to the owner"};
  Count unavailable{counts, Count::Type::total, "tote_cluster_unavailable_total",
                    "Requests that no owner could be given"};
  Count unanswered{counts, Count::Type::total, "tote_cluster_unanswered_total",
                   "Requests that the owner was given and didn't answer"};
};

// What goes on after the beginning of an answer.
class Forwarder::Impl::Rest final : public Stream {
 public:
  Rest(std::shared_ptr<Impl> all, std::shared_ptr<Upstream> from, const State& state)
      : all_(std::move(all)), from_(std::move(from)), state_(state) {
    all_->rests.emplace(from_.get(), this);
  }
  Rest(const Rest&) = delete;
  Rest& operator=(const Rest&) = delete;
  ~Rest() override {
    all_->rests.erase(from_.get());
    if (from_->state() == Upstream::State::closed) return;
    from_->close();
    all_->remove(*from_);
  }
  bool has_news() const override { return !from_->reader().body().empty() || is_over(); }
  bool ask(std::function<void(std::string&& text, bool is_last)> done) override {
    boost::asio::post(all_->loop.io, [from = from_, is_last = is_over(), text = std::move(from_->reader().body()),
                                      done = std::move(done)]() mutable { done(std::move(text), is_last); });
    from_->reader().body() = {};
    from_->go_on();
    return true;
  }
  std::string_view heartbeat() const override { return {}; }  // the other node's
  std::string last_words(std::string_view) const override { return {}; }
  void tell_news() const {
    state_.post([] {});  // looks at all streams
  }

 private:
  bool is_over() const {
    return from_->state() == Upstream::State::closed || from_->reader().state() == AnswerReader::State::complete;
  }

  const std::shared_ptr<Impl> all_;
  const std::shared_ptr<Upstream> from_;
  const State& state_;
};

}  // namespace tote::server
