#include "adapters/server/forwarder.h"

#include "adapters/server/forwarder_impl.h"

namespace tote::server {
namespace {

constexpr auto check_every = std::chrono::milliseconds(50);
constexpr std::size_t refused_at_once_max = 500;
constexpr std::string_view nobody =
    "The node that has the log can't be reached from here, or there is none at the moment: nothing was done.";
constexpr std::string_view too_much = "This node hands on as many requests as it can.";

using std::chrono::milliseconds;

}  // namespace

void Forwarder::Impl::aim(const std::string& to) {
  if (to == url) return;
  url = to;
  target = read_url(to);
  idle.clear();
  is_reached = false;
  connects_at = {};
  const auto ends_at = Clock::now() + milliseconds(options.grace_ms);
  for (const std::shared_ptr<Upstream>& upstream : std::set(open)) {
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
  const std::shared_ptr<Upstream> upstream = found->second.upstream;
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
  for (const std::shared_ptr<Upstream>& upstream : std::set(open)) check(*upstream, now);
  pump();
  if (open.empty() && target) connect(0);
}

// Of those that wait: the ones that have waited too long, not all of them in one turn. They don't wait any more.
std::vector<Forwarder::Id> Forwarder::Impl::late(Clock::time_point now) {
  std::vector<Id> ids;
  std::erase_if(waiting, [&](Id id) {
    if (ids.size() == refused_at_once_max || now - jobs.at(id).waits_since <= milliseconds(options.wait_ms))
      return false;
    ids.push_back(id);
    return true;
  });
  return ids;
}

void Forwarder::Impl::stop() {
  is_stopped = true;
  jobs.clear();
  waiting.clear();
  idle.clear();
  for (const std::shared_ptr<Upstream>& upstream : std::exchange(open, {})) upstream->close();
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

bool Forwarder::is_idle() const { return impl_->jobs.empty(); }

void Forwarder::cancel(Id id) { impl_->cancel(id); }

const std::string& Forwarder::node() const { return impl_->options.node; }

Counts Forwarder::counts() const { return impl_->counts; }

std::string problem_of_url(const std::string& url) {
  return read_url(url) ? "" : "must be http://HOST:PORT or https://HOST:PORT, without a path";
}

}  // namespace tote::server
