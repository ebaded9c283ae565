// The part of the door that brings what lies in the log: pages, streams, histories, and how far PostgreSQL is.
#include <algorithm>

#include "actors/transaction/results.h"
#include "adapters/events/followers.h"
#include "adapters/http/door.h"
#include "adapters/http/histories.h"
#include "adapters/http/json_writer.h"
#include "engine/kernel/looked.h"

namespace tote::http {
namespace {

void append_projection(std::string& out, const events::FollowerStatus& status) {
  out += R"({"lsn":)" + std::to_string(status.cursor.value) + R"(,"connected":)" +
         (status.connected ? "true" : "false") + R"(,"lag_ms":)" + std::to_string(status.lag_ms());
  if (!status.reason.empty()) append_string(out.append(R"(,"problem":)"), status.reason);
  out += '}';
}

Facts at_lsn(Lsn lsn) { return {{FactName::lsn, static_cast<std::int64_t>(lsn.value)}}; }

Facts from_lsn(Lsn first) { return {{FactName::first_lsn, static_cast<std::int64_t>(first.value)}}; }

Problem trimmed(Lsn first) {
  Problem problem(Code::trimmed);
  problem.facts = from_lsn(first);
  return problem;
}

}  // namespace

struct Door::Promise {
  Sink* sink = nullptr;
  std::uint64_t tag = 0;
  Exchange::Clock::time_point ends_at = Exchange::Clock::time_point::max();
  bool is_kept = false;

  void keep(Outcome& outcome) {
    if (!std::exchange(is_kept, true)) sink->done(tag, outcome);
  }
};

// The deadline counts from the arrival of the request's first byte.
std::shared_ptr<Door::Promise> Door::promise(Asked& asked) {
  auto made = std::make_shared<Promise>();
  made->sink = &asked.sink;
  made->tag = asked.tag;
  const std::int64_t deadline_ms = asked.decoded.request.deadline_ms;
  if (deadline_ms != 0) made->ends_at = asked.ticket.started + std::chrono::milliseconds(deadline_ms);
  if (made->ends_at > asked.ticket.read) return made;
  refuse(asked.ticket, Problem(Code::deadline_exceeded), asked.out);
  return nullptr;
}

// From when on nobody else does: while it waits for an LSN the engine looks at the clock.
void Door::watch(const std::shared_ptr<Promise>& promise) {
  if (promise->ends_at != Exchange::Clock::time_point::max()) promises_.push_back(promise);
}

void Door::end_late() {
  const auto now = Exchange::Clock::now();
  std::vector<std::shared_ptr<Promise>> late;
  std::erase_if(promises_, [&](const std::weak_ptr<Promise>& promised) {
    auto one = promised.lock();
    if (one == nullptr || one->is_kept) return true;
    const bool is_late = one->ends_at <= now;
    if (is_late) late.push_back(std::move(one));
    return is_late;
  });
  for (const auto& one : late) {
    Outcome outcome;
    outcome.code = Code::deadline_exceeded;
    one->keep(outcome);
  }
}

bool Door::serve_log(Asked& asked) {
  const Decoded& decoded = asked.decoded;
  Ticket& ticket = asked.ticket;
  std::optional<Problem> problem;
  if (decoded.after_lsn > engine_->log().durable())
    problem = Problem(Code::invalid_request,
                      "The log ends before: its last LSN is " + std::to_string(engine_->log().durable().value) + '.');
  else if (!decoded.from_time && decoded.after_lsn.next() < engine_->log().untrimmed())
    problem = trimmed(engine_->log().untrimmed());  // before any event of a stream, too
  else if (decoded.is_stream)
    problem = account_of(ticket).quotas->take(Shared::streams, account_of(ticket).tenant);
  if (!problem && decoded.is_stream) {
    begin_stream(asked);
    return true;
  }
  if (problem) {
    refuse(ticket, *problem, asked.out);
    return true;
  }
  const auto promised = promise(asked);
  if (promised == nullptr) return true;
  const auto done = [promised](LogFeed::Page&& page) {
    Outcome outcome;
    outcome.code = page.code;
    if (page.damaged != Lsn{})
      outcome.facts = page.code == Code::trimmed ? from_lsn(page.damaged) : at_lsn(page.damaged);
    if (page.code == Code::trimmed && page.found != Lsn{})
      outcome.facts.add({FactName::lsn, static_cast<std::int64_t>(page.found.value)});
    outcome.lsn = page.to;
    outcome.answer = std::move(page.text);
    promised->keep(outcome);
  };
  LogFeed::Question question{.tenant = tenant_of_log(ticket),
                             .after = decoded.after_lsn,
                             .from = decoded.from_time,
                             .limit = decoded.limit,
                             .form = LogFeed::Form::ndjson};
  question.ends_at = promised->ends_at;
  when_durable(asked, [this, question = std::move(question), promised, done] {
    watch(promised);
    LogFeed::Page none;
    none.code = Code::overloaded;
    if (!ask_page(question, done)) done(std::move(none));
  });
  return false;
}

// A read of nothing, which waits in the engine as any other does, and ends when its asker has gone.
class Door::LsnWait final : public Sink {
 public:
  LsnWait(Door& door, Asked& asked, std::function<void()> then)
      : number(++door.lsn_waits_ever_), door_(door), asker_(asked.sink), tag_(asked.tag), then_(std::move(then)) {
    door_.lsn_waits_.emplace(std::pair(&asker_, tag_), this);
  }
  void done(std::uint64_t, Outcome& outcome) override {
    const std::unique_ptr<LsnWait> self(this);
    door_.lsn_waits_.erase({&asker_, tag_});
    is_success(outcome.code) ? then_() : asker_.done(tag_, outcome);
  }

  const std::uint64_t number;  // never given twice: the engine's tag

 private:
  Door& door_;
  Sink& asker_;
  const std::uint64_t tag_;
  const std::function<void()> then_;
};

void Door::when_durable(Asked& asked, std::function<void()> then) {
  const Request& from = asked.decoded.request;
  if (from.min_lsn <= engine_->log().durable()) return then();
  asked.ticket.waits = true;
  Request request;
  request.tenant = tenant_at(asked.ticket.tenant);
  request.kind = transaction::kind_id;
  request.command = Command(tote::look_at(transaction::kind_id, {}, {}));
  request.is_question = true;
  request.min_lsn = from.min_lsn;
  request.deadline_ms = from.deadline_ms;
  auto* wait = new LsnWait(*this, asked, std::move(then));
  engine_->submit(std::move(request), *wait, wait->number);
}

// Follows the log from an LSN on; its place among the streams is its own. Lives as long as its connection, which
// whoever it asks holds.
class Door::LogStream final : public server::Stream {
 public:
  LogStream(Door& door, std::string tenant, const Account& account, Lsn after)
      : door_(door), tenant_(std::move(tenant)), account_(account), after_(after) {}
  ~LogStream() override { account_.quotas->give_back(Shared::streams, account_.tenant); }

  bool has_news() const override { return door_.engine_ != nullptr && door_.engine_->log().durable() > after_; }
  bool ask(std::function<void(std::string&& text, bool is_last)> done) override {
    return door_.ask_page({.tenant = tenant_, .after = after_, .limit = log_limit, .form = LogFeed::Form::events},
                          [this, done = std::move(done)](LogFeed::Page&& page) {
                            if (page.code == Code::ok) after_ = page.to;
                            if (page.code == Code::ok) return done(std::move(page.text), false);
                            const bool is_trimmed = page.code == Code::trimmed;
                            const bool is_damaged = page.code == Code::log_damaged;
                            done(last_words(is_trimmed ? "trimmed" : is_damaged ? "damaged" : "failed"), true);
                          });
  }
  std::string_view heartbeat() const override { return ":\n\n"; }
  // The client comes back with Last-Event-ID.
  std::string last_words(std::string_view why) const override {
    return "event: " + std::string(why) + "\ndata: {\"after\":" + std::to_string(after_.value) + "}\n\n";
  }

 private:
  Door& door_;
  const std::string tenant_;  // empty: all
  const Account account_;
  Lsn after_;
};

void Door::begin_stream(Asked& asked) {
  Ticket& ticket = asked.ticket;
  ticket.close = true;
  ticket.stream =
      std::make_unique<LogStream>(*this, tenant_of_log(ticket), account_of(ticket), asked.decoded.after_lsn);
  Response response;
  response.content_type = event_stream_type;
  response.is_stream = true;
  response.body = ": the log\n\n";  // so that whoever stands between passes the headers on
  write(ticket, response, asked.out);
}

bool Door::ask_page(LogFeed::Question question, std::function<void(LogFeed::Page&&)> done) {
  if (feed_ == nullptr) return false;
  // What it holds goes over to the loop: nothing of a connection may die on the feed's thread.
  question.done = [this, done = std::move(done)](LogFeed::Page&& page) mutable {
    state_->post(
        [done = std::move(done), page = std::make_shared<LogFeed::Page>(std::move(page))] { done(std::move(*page)); });
  };
  return feed_->ask(std::move(question));
}

// Read on one thread, made into text on another.
bool Door::ask_history(Asked& asked) {
  const Decoded& decoded = asked.decoded;
  const KindId kind = decoded.request.kind;
  const auto promised = promise(asked);
  if (promised == nullptr) return true;
  const auto take = [this, kind, entity = decoded.request.entity, promised](History& history) {
    const auto outcome = std::make_shared<Outcome>();
    outcome->code = history.code;
    outcome->kind = kind;
    outcome->entity = entity;
    outcome->lsn = history.lsn;
    if (history.damage.lsn != Lsn{})
      outcome->facts = history.code == Code::trimmed ? from_lsn(history.damage.lsn) : at_lsn(history.damage.lsn);
    const Kind* known = find_kind(options_.kinds, kind);
    if (known == nullptr || !is_success(history.code)) return promised->keep(*outcome);
    const auto page = std::make_shared<History>(std::move(history));
    renderer_->ask([this, outcome, page, known] { append_history(outcome->answer, *page, *known, options_.kinds); },
                   [outcome, promised] { promised->keep(*outcome); });
  };
  when_durable(asked, [this, tenant = tenant_at(asked.ticket.tenant), kind, entity = decoded.request.entity,
                       after = decoded.after, limit = decoded.limit, promised, take] {
    watch(promised);
    engine_->history(tenant, kind, entity, after, limit, take);
  });
  return false;
}

bool Door::serve_list(Asked& asked) {
  if (const std::int64_t deadline_ms = asked.decoded.request.deadline_ms; deadline_ms != 0)
    asked.decoded.list->ends_at = asked.ticket.started + std::chrono::milliseconds(deadline_ms);
  when_durable(asked, [this, tenant = tenant_at(asked.ticket.tenant), list = asked.decoded.list, &sink = asked.sink,
                       tag = asked.tag] {
    lists_->start(tenant, std::move(*list), [&sink, tag](Outcome& outcome) { sink.done(tag, outcome); });
  });
  return false;
}

bool Door::serve_projection(Asked& asked) {
  const Request& request = asked.decoded.request;
  if (options_.followers == nullptr || !options_.followers->has(events::Role::projection)) {
    refuse(asked.ticket, Problem(problem::not_found, "This server projects into no database."), asked.out);
    return true;
  }
  constexpr std::int64_t wait_ms_max = 30'000;
  const auto deadline = std::chrono::milliseconds(std::min(request.deadline_ms, wait_ms_max));
  asked.ticket.waits = true;
  projection_waiters_.push_back({request.min_lsn, asked.ticket.read + deadline, &asked.sink, asked.tag});
  state_->post([this] { answer_projection_waiters(); });
  return false;
}

void Door::cancel(Sink& sink, std::uint64_t tag) {
  for (ProjectionWaiter& waiter : projection_waiters_)
    if (waiter.sink == &sink && waiter.tag == tag) waiter.ends_at = {};
  if (const auto wait = lsn_waits_.find({&sink, tag}); wait != lsn_waits_.end())
    engine_->cancel(*wait->second, wait->second->number);
  else if (engine_ != nullptr)
    engine_->cancel(sink, tag);  // the projection is asked for before there is one
}

void Door::answer_projection_waiters() {
  if (projection_waiters_.empty()) return;
  const events::FollowerStatus status = *options_.followers->projection();
  const auto now = Exchange::Clock::now();
  auto waiting = std::exchange(projection_waiters_, {});
  for (const ProjectionWaiter& waiter : waiting) {
    const bool is_there = waiter.min_lsn == Lsn{} || (status.connected && status.cursor >= waiter.min_lsn);
    if (!is_there && now < waiter.ends_at) {
      projection_waiters_.push_back(waiter);
      continue;
    }
    Outcome outcome;
    outcome.code = is_there ? Code::ok : Code::deadline_exceeded;
    outcome.lsn = status.cursor;
    append_projection(outcome.answer, status);
    waiter.sink->done(waiter.tag, outcome);
  }
}

}  // namespace tote::http
