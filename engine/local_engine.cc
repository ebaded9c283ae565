#include "engine/local_engine.h"

#include <algorithm>
#include <future>

#include "engine/kernel/kinds.h"
#include "engine/kernel/limits.h"
#include "engine/kernel/name.h"
#include "engine/sinks.h"

namespace tote {

Code LocalEngine::admit(std::size_t count, Tenant tenant) {
  if (!tenants_.knows(tenant)) return Code::invalid_request;
  // Counted first: close() either sees the count and waits, or is seen here.
  const std::uint64_t in_flight = in_flight_.fetch_add(count, std::memory_order_seq_cst) + count;
  const bool is_draining = draining_.load(std::memory_order_seq_cst);
  if (!is_draining && in_flight <= options_.requests_max) return Code::ok;
  in_flight_.fetch_sub(count, std::memory_order_seq_cst);
  return is_draining ? Code::draining : Code::overloaded;
}

void LocalEngine::submit(Request request, Callback done) {
  submit(std::move(request), *new CallbackSink(std::move(done)), 0);
}

void LocalEngine::submit(Request request, Sink& sink, std::uint64_t tag) {
  if (const Code code = admit(1, request.tenant); code != Code::ok) {
    Outcome refused{.code = code, .kind = request.kind, .entity = std::move(request.entity)};
    return sink.done(tag, refused);
  }
  const std::int64_t arrived_ns = request.deadline_ms == 0 ? 0 : clock_.monotonic_ns();
  inbox_.put({.request = std::move(request), .sink = &sink, .tag = tag, .arrived_ns = arrived_ns});
}

void LocalEngine::submit(std::vector<Request> requests, BatchCallback done) {
  const bool is_valid =
      requests.size() <= limits::batch_requests_max &&
      std::ranges::all_of(requests, [this](const Request& request) { return tenants_.knows(request.tenant); });
  const Code code = is_valid ? admit(requests.size(), {}) : Code::invalid_request;
  if (code != Code::ok || requests.empty()) {
    std::vector<Outcome> refused(requests.size(), Outcome{.code = code});
    if (done) done(refused);
    return;
  }
  auto* sink = new BatchSink(requests.size(), std::move(done));
  inbox_.put({.batch = std::move(requests), .sink = sink, .arrived_ns = clock_.monotonic_ns()});
}

Outcome LocalEngine::call(Request request) {
  if (is_in_callback()) {
    meet_call_in_callback();
    return {.code = Code::internal_error, .kind = request.kind, .entity = std::move(request.entity)};
  }
  CallSink sink;
  auto future = sink.future();
  submit(std::move(request), sink, 0);
  if (is_hosted() && (poller_.load() == std::thread::id{} || poller_.load() == std::this_thread::get_id())) {
    while (future.wait_for(std::chrono::microseconds(50)) != std::future_status::ready) poll();
  }
  future.wait();
  return sink.take();
}

// Told once: what is told of it might do it again.
void LocalEngine::meet_call_in_callback() {
  if (std::exchange(has_met_call_, true) || !options_.on_alert) return;
  Submission submission;
  submission.task = [this] {
    const std::string_view text =
        "internal error: call() in a callback would wait for the thread that it is on, and was refused: use submit()";
    options_.on_alert({{}, "engine", {}, text, "defect", false});
  };
  inbox_.put(std::move(submission));
}

void LocalEngine::meet(const wal::Damage& damage) {
  if (damage_.count.fetch_add(1) > 0) return;
  damage_.lsn = damage.lsn.value;
  if (!options_.on_alert) return;
  Submission submission;
  submission.task = [this, damage] {
    const std::string where = damage.lsn == Lsn{} ? "" : " at LSN " + std::to_string(damage.lsn.value);
    const std::string text = "the log is damaged" + where + ": " + damage.detail;
    options_.on_alert({{}, "log", {}, text, "damage"});
  };
  inbox_.put(std::move(submission));
}

void LocalEngine::cancel(Sink& sink, std::uint64_t tag) {
  Submission submission;
  submission.task = [this, asker = &sink, tag] { core_->wheel().cancel(*asker, tag); };
  inbox_.put(std::move(submission));
}

void LocalEngine::find_outcome(Tenant tenant, std::string key, Sink& sink, std::uint64_t tag) {
  if (const Code code = admit(1, tenant); code != Code::ok) {
    Outcome refused{.code = code};
    return sink.done(tag, refused);
  }
  Submission submission{.sink = &sink, .tag = tag, .finds_outcome = true};
  submission.request.tenant = tenant;
  submission.request.key = std::move(key);
  inbox_.put(std::move(submission));
}

void LocalEngine::history(Tenant tenant, KindId kind, std::string id, Version after, std::size_t limit,
                          HistoryCallback done) {
  if (const Code code = admit(1, tenant); code != Code::ok) {
    History refused;
    refused.code = code;
    return done(refused);
  }
  auto question = std::make_shared<HistoryReader::Question>();
  question->id = std::move(id);
  question->after = after;
  question->limit = limit;
  question->done = std::move(done);
  Submission submission;
  submission.task = [this, question, tenant, kind] { ask_history(*question, tenant, kind); };
  inbox_.put(std::move(submission));
}

void LocalEngine::hottest(std::optional<Tenant> tenant, std::size_t count_max, HotCallback done) {
  if (const Code code = admit(1, tenant.value_or(Tenant{})); code != Code::ok) {
    HotEntities none;
    return done(code, none);
  }
  Submission submission;
  submission.task = [this, tenant, count_max, done = std::move(done)] {
    if (hot_questions_.ask({tenant, count_max, done})) return;
    HotEntities none;
    done(Code::overloaded, none);
    in_flight_.fetch_sub(1, std::memory_order_release);
  };
  inbox_.put(std::move(submission));
}

void LocalEngine::ask_history(HistoryReader::Question& question, Tenant tenant, KindId kind) {
  const Context& context = core_->context();
  const Slot* slot = core_->context().slots().find(tenant, kind, question.id);
  const AnyEntity* entity = slot == nullptr ? nullptr : slot->entity.get();
  const Kind* known = context.kind(kind);
  const bool is_here = entity != nullptr && entity->first_lsn != Lsn{} && entity->first_lsn <= context.durable();
  const bool may_rest = entity == nullptr && known != nullptr && is_valid_id(question.id) &&
                        context.tiers().may_rest(tenant, *known, question.id);
  const bool exists = is_here || may_rest || (slot != nullptr && slot->is_damaged);
  History refused;
  refused.code = exists ? Code::overloaded : Code::not_found;
  const auto done = question.done;
  if (exists) {
    question.tenant = tenants_.name(tenant);
    question.kind = known;
    if (is_here) question.from = entity->first_lsn, question.to = entity->lsn;
    if (histories_->ask(std::move(question))) return;
  }
  done(refused);
  in_flight_.fetch_sub(1, std::memory_order_release);
}

void LocalEngine::answer_histories() {
  for (auto& question : histories_->take()) {
    if (!question.answer.damage.is_none()) meet(question.answer.damage);
    auto told = std::make_shared<HistoryReader::Question>(std::move(question));
    answer_confirmed([told](bool is_confirmed) {
      History refused;
      refused.code = Code::owner_changed;
      told->done(is_confirmed ? told->answer : refused);
    });
  }
}

void LocalEngine::answer_confirmed(std::function<void(bool)> answer) {
  Context& context = core_->context();
  if (context.is_shared()) {
    confirming_.push_back({context.question(), std::move(answer)});
    return;
  }
  answer(true);
  in_flight_.fetch_sub(1, std::memory_order_release);
}

void LocalEngine::answer_waiting(bool is_lost) {
  while (is_lost ? !confirming_.empty() : has_confirmed()) {
    const auto answer = std::move(confirming_.front().answer);
    confirming_.pop_front();
    answer(!is_lost);
    in_flight_.fetch_sub(1, std::memory_order_release);
  }
}

void LocalEngine::ids(Tenant tenant, IdsAsk ask, IdsCallback done) {
  if (const Code code = admit(1, tenant); code != Code::ok) {
    IdsPage refused;
    refused.code = code;
    return done(refused);
  }
  Submission submission;
  submission.task = [this, question = std::make_shared<Listing::Question>(Listing::Question{
                               tenant, std::string(tenants_.name(tenant)), std::move(ask), std::move(done)})] {
    const auto refuse = question->done;
    if (listing_->ask(std::move(*question))) return;
    IdsPage refused;
    refused.code = Code::overloaded;
    refuse(refused);
    in_flight_.fetch_sub(1, std::memory_order_release);
  };
  inbox_.put(std::move(submission));
}

void LocalEngine::limit_entities(Tenant tenant, std::uint64_t max) {
  if (!tenants_.knows(tenant)) return;
  Submission submission;
  submission.task = [this, tenant, max] { core_->context().population().limit(tenant, max); };
  inbox_.put(std::move(submission));
}

void LocalEngine::turn_listing() {
  if (listing_->wants_turn()) listing_->turn();
  for (auto& question : listing_->take()) {
    if (!question.damage.is_none()) meet(question.damage);
    auto told = std::make_shared<Listing::Question>(std::move(question));
    answer_confirmed([told](bool is_confirmed) {
      IdsPage refused;
      refused.code = Code::owner_changed;
      told->done(is_confirmed ? told->page : refused);
    });
  }
}

void LocalEngine::report(const EffectCall& call, Command result, Callback done) {
  Request request{.tenant = call.tenant, .kind = call.kind, .entity = call.entity};
  if (const Kind* kind = find_kind(options_.kinds, call.kind))
    request.command = Command(kind->report(call.entity, call.effect, result));
  request.is_promised = true;
  submit(std::move(request), std::move(done));
}

}  // namespace tote
