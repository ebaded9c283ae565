#include "adapters/http/batch_runs.h"

#include <algorithm>

#include "adapters/http/json_writer.h"
#include "adapters/http/packed_text.h"

namespace tote::http {
namespace {

constexpr std::size_t rendered_at_once = 64;                           // lines: on the loop, a thread would take longer
constexpr std::size_t rendered_at_once_bytes = std::size_t{32} << 10;  // of their encoded answers: a line may have many
constexpr std::size_t lookups_max = 64;  // of batches' outcomes, each with up to 9 MiB of memory

// Of one that began.
std::optional<transaction::BatchRecord> read_beginning(const Outcome& outcome) {
  auto record = read_batch_record(outcome);
  return record && record->bytes == 0 ? record : std::nullopt;
}

// {"status":200,"body":[the lines],"key","lsn"}
std::string stored_batch(std::string_view lines, std::string_view key, Lsn lsn) {
  std::string out = "{\"status\":200,\"body\":[";
  out.reserve(lines.size() + 512);
  lines.remove_suffix(lines.ends_with('\n') ? 1 : 0);
  for (const char c : lines) out += c == '\n' ? ',' : c;  // within a line it is escaped
  append_string(out.append("],\"key\":"), key);
  append_unsigned(out.append(",\"lsn\":"), lsn.value);
  return out += '}';
}

Outcome refused(Code code, Lsn lsn = {}) {
  Outcome outcome;
  outcome.code = code;
  outcome.lsn = lsn;
  return outcome;
}

// 0: none, -1: nothing is left.
std::int64_t left_ms(BatchAsk::Clock::time_point ends_at) {
  if (ends_at == BatchAsk::Clock::time_point::max()) return 0;
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(ends_at - BatchAsk::Clock::now()).count();
  return left > 0 ? left : -1;
}

}  // namespace

BatchRuns::RunPtr BatchRuns::find(Tenant tenant, const std::string& key) const {
  const auto found = std::find_if(runs_.begin(), runs_.end(),
                                  [&](const RunPtr& run) { return run->ask.tenant == tenant && run->ask.key == key; });
  return key.empty() || found == runs_.end() ? nullptr : *found;
}

void BatchRuns::start(BatchAsk ask, Sink& sink, std::uint64_t tag) {
  if (const RunPtr first = find(ask.tenant, ask.key)) {
    if (first->ask.fingerprint == ask.fingerprint) return first->waiters.push_back({&sink, tag});
    Outcome reused = refused(Code::idempotency_key_reused, engine_.log().durable());
    return sink.done(tag, reused);
  }
  const auto run = std::make_shared<Run>();
  run->batch.body = std::move(ask.body);
  run->ask = std::move(ask);
  run->batch.outcomes.reserve(run->ask.lines);
  run->waiters.push_back({&sink, tag});
  runs_.push_back(run);
  run->ask.key.empty() ? read_on(run) : begin(run);
}

KeptBatch BatchRuns::kept(const RunPtr& run) const {
  return {run->ask.tenant,      run->ask.key,
          run->ask.fingerprint, static_cast<std::uint32_t>(run->ask.lines),
          run->began,           run->batch.key_mark == own_key_mark};
}

// From here on the key is this body's, whatever happens.
void BatchRuns::begin(const RunPtr& run) {
  answers_.begin(kept(run), [this, run](Outcome& began) {
    if (!is_stored(began.code)) return finish(run, std::move(began));
    run->began = run->lsn = began.lsn;
    if (began.replayed) return look_for_answer(run, began);
    post_([this, run] { read_on(run); });  // one group commit may begin them all: a turn for each
  });
}

// It began before: perhaps it came to an end, too.
void BatchRuns::look_for_answer(const RunPtr& run, const Outcome& began) {
  const auto record = read_beginning(began);
  if (!record) return finish(run, refused(Code::idempotency_key_reused, began.lsn));
  if (!record->own_keys) run->batch.key_mark = old_key_mark;
  answers_.find(kept(run), [this, run](BatchAnswers::Found& found) {
    if (found.outcome.code == Code::outcome_unknown) return post_([this, run] { read_on(run); });
    if (!is_stored(found.outcome.code)) return finish(run, std::move(found.outcome));
    run->is_known = true;
    run->lsn = found.outcome.lsn;
    run->text = std::move(found.text);
    answer(run);
  });
}

void BatchRuns::read_on(const RunPtr& run) {
  std::vector<Request> requests;
  const std::size_t from = run->batch.outcomes.size();
  const std::int64_t deadline_ms = left_ms(run->ask.ends_at);
  const std::size_t lines_before = run->batch.problems.size();
  DecodeOptions options = options_;
  options.role = run->ask.role;
  options.actor = run->ask.actor;
  options.is_always_told = run->ask.is_always_told;
  read_lines(run->batch, run->ask.key, options, json_, requests);
  if (deadline_ms < 0) refuse_late(run, lines_before, requests);
  for (Request& request : requests) {
    request.tenant = run->ask.tenant;
    request.trace = run->ask.trace;
    request.deadline_ms = std::max<std::int64_t>(deadline_ms, 0);
  }
  run->batch.outcomes.resize(from + requests.size());
  ++run->submitted;
  if (!run->batch.is_read()) post_([this, run] { read_on(run); });
  if (requests.empty()) return take_slice(run, from, {});
  engine_.submit(std::move(requests),
                 [this, run, from](std::span<Outcome> outcomes) { take_slice(run, from, outcomes); });
}

// Nobody looks up the keys of these.
void BatchRuns::refuse_late(const RunPtr& run, std::size_t lines_before, std::vector<Request>& requests) {
  auto& problems = run->batch.problems;
  auto request = requests.begin();
  for (auto line = problems.begin() + static_cast<std::ptrdiff_t>(lines_before); line != problems.end(); ++line) {
    if (*line != nullptr) continue;
    *line = std::make_unique<Problem>(Code::deadline_exceeded);
    if (!(request++)->key.empty()) (*line)->leave_open();
  }
  requests.clear();
  run->lsn = std::max(run->lsn, engine_.log().durable());
}

void BatchRuns::take_slice(const RunPtr& run, std::size_t from, std::span<Outcome> outcomes) {
  for (const Outcome& outcome : outcomes) run->lsn = std::max(run->lsn, outcome.lsn);
  std::move(outcomes.begin(), outcomes.end(), run->batch.outcomes.begin() + static_cast<std::ptrdiff_t>(from));
  if (++run->answered == run->submitted && run->batch.is_read()) finish_slices(run);
}

void BatchRuns::finish_slices(const RunPtr& run) {
  const auto work = [run, &kinds = kinds_] {
    append_batch(run->text, run->batch, kinds, run->ask.is_of_cluster);
    if (!run->ask.key.empty() && is_final(run->batch)) run->packed = pack(run->text);
    run->batch.problems.clear();  // ten thousand of them are a millisecond, which no turn of the loop has
    run->batch.outcomes.clear();
  };
  render(run, work, [this, run] { run->packed.empty() ? answer(run) : keep(run); });
}

void BatchRuns::render(const RunPtr& run, std::function<void()> work, std::function<void()> done) {
  std::size_t bytes = 0;
  for (const Outcome& outcome : run->batch.outcomes) bytes += outcome.answer.size();
  if (run->ask.lines > rendered_at_once || bytes > rendered_at_once_bytes)
    return renderer_.ask(std::move(work), std::move(done));
  work();
  done();
}

// Whether that is possible or not: the lines are done, and would answer the same.
void BatchRuns::keep(const RunPtr& run) {
  answers_.keep(kept(run), run->text.size(), std::move(run->packed), [this, run](Outcome& kept) {
    if (kept.code == Code::ok && !kept.replayed) run->lsn = kept.lsn;
    answer(run);
  });
}

void BatchRuns::answer(const RunPtr& run) {
  Outcome whole;
  whole.lsn = run->lsn;
  whole.replayed = run->is_known;
  whole.answer = std::move(run->text);
  finish(run, std::move(whole));
}

void BatchRuns::finish(const RunPtr& run, Outcome whole) {
  std::erase(runs_, run);
  std::vector<Waiter> lookups;
  const std::vector<Waiter> waiters = std::exchange(run->waiters, {});
  for (const Waiter& waiter : waiters)
    if (waiter.asks_only) lookups.push_back(waiter);
  tell_outcome(run, std::move(lookups), whole);
  // Each has a copy of what may be 4 MiB: a turn for each.
  const auto shared = waiters.size() > 1 ? std::make_shared<const Outcome>(whole) : nullptr;
  for (std::size_t i = 1; i < waiters.size(); ++i) {
    if (waiters[i].asks_only) continue;
    post_([shared, waiter = waiters[i]] {
      Outcome told = *shared;
      told.replayed = true;
      waiter.sink->done(waiter.tag, told);
    });
  }
  waiters.front().sink->done(waiters.front().tag, whole);
}

void BatchRuns::tell_outcome(const RunPtr& run, std::vector<Waiter> waiters, const Outcome& whole) {
  if (waiters.empty()) return;
  if (!is_success(whole.code)) {  // its first was refused: what is stored, if anything?
    for (const Waiter& waiter : waiters) find_outcome(run->ask.tenant, run->ask.key, *waiter.sink, waiter.tag);
    return;
  }
  const auto told = std::make_shared<Outcome>();
  told->lsn = whole.lsn;
  renderer_.ask([told, lines = whole.answer, run] { told->answer = stored_batch(lines, run->ask.key, told->lsn); },
                [told, waiters = std::move(waiters)] {
                  for (const Waiter& waiter : waiters) {
                    Outcome copy = *told;
                    waiter.sink->done(waiter.tag, copy);
                  }
                });
}

void BatchRuns::find_outcome(Tenant tenant, const std::string& key, Sink& sink, std::uint64_t tag) {
  if (const RunPtr run = find(tenant, key)) return run->waiters.push_back({&sink, tag, true});
  answers_.look(tenant, key, [this, tenant, key, &sink, tag](Outcome& outcome) {
    if (outcome.code == Code::outcome_unknown || !is_stored(outcome.code)) return sink.done(tag, outcome);
    if (const auto record = read_beginning(outcome))
      return find_batch_outcome({.tenant = tenant, .key = key, .began = outcome.lsn, .own_keys = record->own_keys},
                                sink, tag);
    Outcome told = refused(Code::ok, outcome.lsn);
    append_stored_outcome(told.answer, outcome, kinds_, key);
    sink.done(tag, told);
  });
}

// A batch began under the key, and isn't under way.
void BatchRuns::find_batch_outcome(const KeptBatch& batch, Sink& sink, std::uint64_t tag) {
  if (lookups_ >= lookups_max) {
    Outcome busy = refused(Code::overloaded, engine_.log().durable());
    return sink.done(tag, busy);
  }
  ++lookups_;
  answers_.find(batch, [this, key = batch.key, &sink, tag](BatchAnswers::Found& found) {
    if (found.outcome.code == Code::outcome_unknown)
      found.outcome.answer =
          "A batch began under that key and wasn't finished: some of its lines may have been executed. Sent again with "
          "the same key it executes the others.";
    if (found.outcome.code != Code::ok) return --lookups_, sink.done(tag, found.outcome);
    const auto text = std::make_shared<std::string>(std::move(found.text));
    const auto told = std::make_shared<Outcome>(refused(Code::ok, found.outcome.lsn));
    renderer_.ask([text, told, key] { told->answer = stored_batch(*text, key, told->lsn); },
                  [this, told, &sink, tag] { --lookups_, sink.done(tag, *told); });
  });
}

void BatchRuns::stop() {
  for (const RunPtr& run : std::exchange(runs_, {})) {
    for (const Waiter& waiter : std::exchange(run->waiters, {})) {
      Outcome told = refused(Code::draining);
      waiter.sink->done(waiter.tag, told);
    }
  }
}

}  // namespace tote::http
