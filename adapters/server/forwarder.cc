#include "adapters/server/forwarder.h"

#include <spdlog/spdlog.h>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "adapters/server/upstream.h"

namespace tote::server {
namespace {

using Clock = Upstream::Clock;
using UpstreamPtr = std::shared_ptr<Upstream>;

constexpr auto check_every = std::chrono::milliseconds(50);
constexpr std::size_t refused_at_once_max = 500;
constexpr auto idle_looked_every = std::chrono::milliseconds(2);
constexpr auto connect_again_after = std::chrono::milliseconds(50);
constexpr std::string_view nobody =
    "The node that has the log can't be reached from here, or there is none at the moment: nothing was done.";
constexpr std::string_view no_answer =
    "The node that has the log was given the request and hasn't answered: whether it was executed isn't known. Send it "
    "again with its idempotency key, or ask for the outcome of the key.";
constexpr std::string_view too_much = "This node hands on as many requests as it can.";

std::chrono::milliseconds ms(std::int64_t value) { return std::chrono::milliseconds(value); }

bool is_read(const Message& message) { return message.method == Method::get || message.method == Method::head; }

}  // namespace

struct Forwarder::Impl final : Upstream::Told, std::enable_shared_from_this<Forwarder::Impl> {
  struct Job {
    const Message* message = nullptr;
    const State* state = nullptr;
    Done done;
    Clock::time_point asked_at{};  // its deadline counts from there
    Clock::time_point waits_since{};
    UpstreamPtr upstream{};  // that has it; null: it waits
    bool was_sent = false, is_again = false;
  };
  class Rest;

  Impl(Host::Loop& the_loop, ForwarderOptions the_options)
      : loop(the_loop), options(std::move(the_options)), tls(options.tls), timer(the_loop.io) {}

  void connected(Upstream& upstream) override;
  void answer_came(Upstream& upstream) override;
  void lost(Upstream& upstream) override;

  void aim(const std::string& to);
  Id ask(const Message& message, const State& state, Done done);
  void cancel(Id id);
  void pump();
  bool connect(Id id);
  void send(Upstream& upstream, Id id);
  void release(Upstream& upstream);
  void remove(Upstream& upstream);
  void pass_on(Upstream& upstream);
  void send_back(Upstream& upstream);
  void tell(Id id, Answered answered);
  void fail(Id id, Failure::Reason reason, std::string_view why);
  void give_up(Upstream& upstream);
  void hold(Upstream& upstream, std::size_t bytes);
  void check();
  void check(Upstream& upstream, Clock::time_point now);
  std::vector<Id> late(Clock::time_point now);
  void look_whether_idle();
  void wait();
  void stop();

  Host::Loop& loop;
  const ForwarderOptions options;
  std::shared_ptr<const TlsContext> tls;
  boost::asio::steady_timer timer;
  std::string url;
  std::optional<Upstreams> target;
  std::map<Id, Job> jobs;
  std::deque<Id> waiting;  // of those, oldest first
  Id ever = 0;
  std::set<UpstreamPtr> open;
  std::vector<Upstream*> idle;  // of those: the last used is the next
  std::map<Upstream*, Rest*> rests;
  std::size_t held_bytes = 0;
  Clock::time_point connects_at{};  // not before
  bool is_reached = false;          // the last try to connect came through
  std::function<bool()> says_idle;
  std::function<void()> when_idle;  // null: nobody waits
  Clock::time_point idle_by{};
  boost::asio::steady_timer idle_timer{loop.io};
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
  Rest(std::shared_ptr<Impl> all, UpstreamPtr from, const State& state)
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
  const UpstreamPtr from_;
  const State& state_;
};

void Forwarder::Impl::aim(const std::string& to) {
  if (to == url) return;
  url = to;
  target = read_url(to);
  idle.clear();
  is_reached = false;
  connects_at = {};
  const auto ends_at = Clock::now() + ms(options.grace_ms);
  for (const UpstreamPtr& upstream : std::set(open)) {
    upstream->is_stale = true;
    upstream->ends_at = std::min(upstream->ends_at, ends_at);
    if (upstream->state() == Upstream::State::busy) continue;
    give_up(*upstream);
  }
  pump();
  wait();
}

Forwarder::Id Forwarder::Impl::ask(const Message& message, const State& state, Done done) {
  const Id id = ++ever;
  const auto now = Clock::now();
  jobs.emplace(id, Job{&message, &state, std::move(done), now, now});
  in_flight.set(jobs.size());
  held_bytes += message.body.size();
  if (jobs.size() > options.requests_max || held_bytes > options.bytes_max) {
    fail(id, Failure::Reason::overloaded, too_much);
    return id;
  }
  waiting.push_back(id);
  pump();
  wait();
  return id;
}

void Forwarder::Impl::cancel(Id id) {
  const auto found = jobs.find(id);
  if (found == jobs.end()) return;
  const UpstreamPtr upstream = found->second.upstream;
  held_bytes -= found->second.message->body.size();
  jobs.erase(found);
  std::erase(waiting, id);
  in_flight.set(jobs.size());
  if (upstream == nullptr) return;
  upstream->close();
  remove(*upstream);
}

void Forwarder::Impl::pump() {
  while (!waiting.empty() && target && Clock::now() >= connects_at) {
    const Id id = waiting.front();
    if (idle.empty() && !connect(id)) return;
    waiting.pop_front();
    if (jobs.at(id).upstream != nullptr) continue;
    Upstream* upstream = idle.back();
    idle.pop_back();
    send(*upstream, id);
  }
}

// `id`: whose connection it will be; 0: to see whether there is a way.
bool Forwarder::Impl::connect(Id id) {
  const auto now = Clock::now();
  if (!target || now < connects_at || open.size() >= options.connections_max) return false;
  const auto upstream = std::make_shared<Upstream>(loop, *this);
  upstream->job = id;
  upstream->ends_at = now + ms(options.connect_timeout_ms);
  open.insert(upstream);
  if (id != 0) jobs.at(id).upstream = upstream;
  // Never told within the call, as whoever asks isn't either.
  boost::asio::post(loop.io, [self = shared_from_this(), upstream, to = *target] {
    if (upstream->state() != Upstream::State::connecting) return;
    upstream->connect(to, self->tls);
  });
  return true;
}

void Forwarder::Impl::connected(Upstream& upstream) {
  is_reached = true;
  if (!std::exchange(was_reached, true) && options.on_reached) options.on_reached();
  upstream.ends_at = Clock::time_point::max();
  const Id id = std::exchange(upstream.job, 0);
  if (id == 0) return release(upstream);
  send(upstream, id);
}

void Forwarder::Impl::send(Upstream& upstream, Id id) {
  Job& job = jobs.at(id);
  const auto waited = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - job.asked_at).count();
  job.upstream = upstream.shared_from_this();
  job.was_sent = true;
  upstream.job = id;
  ++forwarded;
  upstream.ask(forwarded_text(*job.message, options.node, waited), job.message->method == Method::head);
}

void Forwarder::Impl::hold(Upstream& upstream, std::size_t bytes) {
  held_bytes += bytes - upstream.held_bytes;
  upstream.held_bytes = bytes;
}

void Forwarder::Impl::answer_came(Upstream& upstream) {
  AnswerReader& reader = upstream.reader();
  if (const auto rest = rests.find(&upstream); rest != rests.end()) return rest->second->tell_news();
  const bool is_long = reader.has_length() && reader.body_bytes() > options.answer_bytes_max;
  if (reader.state() == AnswerReader::State::body && (reader.is_endless() || is_long)) return pass_on(upstream);
  hold(upstream, reader.body().size());
  if (reader.body().size() > options.answer_bytes_max || held_bytes > options.bytes_max) return give_up(upstream);
  if (reader.state() != AnswerReader::State::complete) return;
  if (reader.is_not_here()) return send_back(upstream);
  Answered answered{{}, std::move(reader.head()), std::move(reader.body()), nullptr};
  const unsigned status = reader.status();
  const bool has_body = status != 204 && status != 304 && jobs.at(upstream.job).message->method != Method::head;
  if (!reader.has_length() && has_body)
    answered.head += "Content-Length: " + std::to_string(answered.body.size()) + "\r\n";
  const Id id = std::exchange(upstream.job, 0);
  hold(upstream, 0);
  tell(id, std::move(answered));
  upstream.end_answer();
  release(upstream);
}

// It waits, for whoever has the log by then.
void Forwarder::Impl::send_back(Upstream& upstream) {
  const Id id = std::exchange(upstream.job, 0);
  hold(upstream, 0);
  Job& job = jobs.at(id);
  job.upstream = nullptr;
  job.was_sent = false;
  waiting.push_back(id);
  connects_at = Clock::now() + connect_again_after;
  upstream.end_answer();
  if (upstream.state() != Upstream::State::closed) upstream.close();
  remove(upstream);
}

// An answer without an end, or one that is too long to be kept: as fast as the client takes it.
void Forwarder::Impl::pass_on(Upstream& upstream) {
  if (rests.size() >= options.streams_max) return give_up(upstream);
  const Id id = std::exchange(upstream.job, 0);
  hold(upstream, 0);
  upstream.pass_on();
  Answered answered{{}, std::move(upstream.reader().head()), {}, nullptr};
  answered.rest = std::make_unique<Rest>(shared_from_this(), upstream.shared_from_this(), *jobs.at(id).state);
  tell(id, std::move(answered));
}

void Forwarder::Impl::release(Upstream& upstream) {
  if (upstream.state() == Upstream::State::closed) return remove(upstream);
  if (upstream.is_stale || idle.size() >= options.idle_max) {
    upstream.close();
    return remove(upstream);
  }
  idle.push_back(&upstream);
  pump();
}

void Forwarder::Impl::remove(Upstream& upstream) {
  hold(upstream, 0);
  std::erase(idle, &upstream);
  open.erase(upstream.shared_from_this());
}

// It ends, and whoever waits for its answer is told.
void Forwarder::Impl::give_up(Upstream& upstream) {
  const auto keep = upstream.shared_from_this();
  lost(upstream);
  upstream.close();
}

void Forwarder::Impl::lost(Upstream& upstream) {
  const auto keep = upstream.shared_from_this();
  const bool was_connecting = upstream.state() == Upstream::State::connecting;
  const Id id = std::exchange(upstream.job, 0);
  remove(upstream);
  if (const auto rest = rests.find(&upstream); rest != rests.end()) {
    upstream.close();
    return rest->second->tell_news();
  }
  if (was_connecting && !upstream.is_stale) {
    is_reached = false;
    connects_at = Clock::now() + connect_again_after;
  }
  const auto found = jobs.find(id);
  if (found == jobs.end()) return;
  Job& job = found->second;
  job.upstream = nullptr;
  if (job.was_sent && (job.is_again || !is_read(*job.message))) return fail(id, Failure::Reason::unanswered, no_answer);
  if (std::exchange(job.was_sent, false)) {
    job.is_again = true;
    job.waits_since = Clock::now();
  }
  waiting.push_front(id);
  pump();
}

void Forwarder::Impl::tell(Id id, Answered answered) {
  const auto found = jobs.find(id);
  if (found == jobs.end()) return;
  Job job = std::move(found->second);
  jobs.erase(found);
  in_flight.set(jobs.size());
  held_bytes -= job.message->body.size();
  const auto told = std::make_shared<Answered>(std::move(answered));
  job.state->post([done = std::move(job.done), told] { done(std::move(*told)); });
}

void Forwarder::Impl::fail(Id id, Failure::Reason reason, std::string_view why) {
  if (reason == Failure::Reason::unavailable) ++unavailable;
  if (reason == Failure::Reason::unanswered) ++unanswered;
  tell(id, {Failure{reason, std::string(why)}, {}, {}, nullptr});
}

void Forwarder::Impl::wait() {
  if (std::exchange(is_waiting, true)) return;
  timer.expires_after(check_every);
  timer.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (error || !self || self->is_stopped) return;
    const Turn turn(self->loop.turns);
    self->is_waiting = false;
    self->check();
    if (self->options.find || self->target || !self->jobs.empty() || !self->open.empty()) self->wait();
  });
}

void Forwarder::Impl::check() {
  if (options.find) aim(options.find());
  const auto now = Clock::now();
  for (const Id id : late(now)) fail(id, Failure::Reason::unavailable, nobody);
  for (const UpstreamPtr& upstream : std::set(open)) check(*upstream, now);
  pump();
  if (open.empty() && target) connect(0);
}

// Of those that wait: the ones that have waited too long, not all of them in one turn. They don't wait any more.
std::vector<Forwarder::Id> Forwarder::Impl::late(Clock::time_point now) {
  std::vector<Id> ids;
  std::erase_if(waiting, [&](Id id) {
    if (ids.size() == refused_at_once_max || now - jobs.at(id).waits_since <= ms(options.wait_ms)) return false;
    ids.push_back(id);
    return true;
  });
  return ids;
}

void Forwarder::Impl::look_whether_idle() {
  if (Clock::now() >= idle_by || says_idle()) return std::exchange(when_idle, nullptr)();
  idle_timer.expires_after(idle_looked_every);
  idle_timer.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (!error && self && !self->is_stopped) self->look_whether_idle();
  });
}

void Forwarder::Impl::check(Upstream& upstream, Clock::time_point now) {
  if (upstream.state() == Upstream::State::closed) return;
  const auto silent = now - upstream.active();
  const bool is_idle = upstream.state() == Upstream::State::idle;
  const bool is_late =
      upstream.state() == Upstream::State::busy && !upstream.is_held_up() && silent > ms(options.answer_timeout_ms);
  const bool is_spare = is_idle && open.size() > 1 && silent > ms(options.idle_timeout_ms);
  if (now > upstream.ends_at || is_late || is_spare) give_up(upstream);
}

void Forwarder::Impl::stop() {
  is_stopped = true;
  timer.cancel();
  idle_timer.cancel();
  jobs.clear();
  waiting.clear();
  for (const UpstreamPtr& upstream : std::set(open)) upstream->close();
  open.clear();
  idle.clear();
}

Forwarder::Forwarder(Host& host, ForwarderOptions options)
    : impl_(std::make_shared<Impl>(host.loop(), std::move(options))) {
  if (impl_->options.find) impl_->wait();
}

Forwarder::~Forwarder() { impl_->stop(); }

void Forwarder::aim(const std::string& url) { impl_->aim(url); }

void Forwarder::change_tls(std::shared_ptr<const TlsContext> tls) { impl_->tls = std::move(tls); }

bool Forwarder::can_reach() const { return impl_->target && impl_->is_reached; }

Forwarder::Id Forwarder::ask(const Message& message, const State& state, Done done) {
  return impl_->ask(message, state, std::move(done));
}

void Forwarder::when_idle(std::int64_t wait_ms, std::function<bool()> is_idle, std::function<void()> then) {
  impl_->says_idle = std::move(is_idle);
  impl_->when_idle = std::move(then);
  impl_->idle_by = Clock::now() + ms(wait_ms);
  boost::asio::post(impl_->loop.io, [impl = impl_] { impl->look_whether_idle(); });
}

bool Forwarder::is_idle() const { return impl_->jobs.empty(); }

void Forwarder::cancel(Id id) { impl_->cancel(id); }

const std::string& Forwarder::node() const { return impl_->options.node; }

Counts Forwarder::counts() const { return impl_->counts; }

std::string problem_of_url(const std::string& url) {
  return read_url(url) ? "" : "must be http://HOST:PORT or https://HOST:PORT, without a path";
}

}  // namespace tote::server
