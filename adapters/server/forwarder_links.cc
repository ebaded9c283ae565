#include "adapters/server/forwarder_impl.h"

namespace tote::server {
namespace {

using std::chrono::milliseconds;

constexpr auto connect_again_after = milliseconds(50);
constexpr std::string_view no_answer =
    "The node that has the log was given the request and hasn't answered: whether it was executed isn't known. Send it "
    "again with its idempotency key, or ask for the outcome of the key.";

bool is_read(const Message& message) { return message.method == Method::get || message.method == Method::head; }

}  // namespace

// `id`: whose connection it will be; 0: to see whether there is a way.
bool Forwarder::Impl::connect(Id id) {
  const auto now = Clock::now();
  if (!target || now < connects_at || open.size() >= options.connections_max) return false;
  const auto upstream = std::make_shared<Upstream>(loop, *this);
  upstream->job = id;
  upstream->ends_at = now + milliseconds(options.connect_timeout_ms);
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

void Forwarder::Impl::check(Upstream& upstream, Clock::time_point now) {
  if (upstream.state() == Upstream::State::closed) return;
  const auto silent = now - upstream.active();
  const bool is_idle = upstream.state() == Upstream::State::idle;
  const bool is_late = upstream.state() == Upstream::State::busy && !upstream.is_held_up() &&
                       silent > milliseconds(options.answer_timeout_ms);
  const bool is_spare = is_idle && open.size() > 1 && silent > milliseconds(options.idle_timeout_ms);
  if (now > upstream.ends_at || is_late || is_spare) give_up(upstream);
}

}  // namespace tote::server
