#include "adapters/http/batch.h"

#include <xxhash.h>

#include <algorithm>

#include "adapters/http/json_writer.h"
#include "adapters/http/reading.h"
#include "adapters/http/request_headers.h"
#include "engine/kernel/limits.h"
#include "engine/kernel/name.h"

namespace tote::http {
namespace {

// What the loop reads at once: about a quarter of a millisecond.
constexpr std::size_t slice_lines = 256;
constexpr std::size_t slice_bytes = std::size_t{32} << 10;

// What a line comes to is told like the body of a request of its own.
const Target line_target{"/v1/batch", {}};

struct MethodName {
  std::string_view name;
  Method method;
};
constexpr MethodName methods[] = {
    {"put", Method::put}, {"post", Method::post}, {"patch", Method::patch}, {"delete", Method::delete_}};

bool is_blank(std::string_view line) { return line.find_first_not_of(" \t\r") == std::string_view::npos; }

// The next line; `at` goes on behind it.
std::string_view next_line(std::string_view body, std::size_t& at) {
  const std::size_t end = std::min(body.find('\n', at), body.size());
  const std::string_view line = body.substr(at, end - at);
  at = std::min(end + 1, body.size());
  return line;
}

Problem problem_of(const JsonError& error) {
  std::string where = error.pointer.empty() ? "The line " : error.pointer + ' ';
  Problem problem(error.bad_id ? Code::invalid_id : Code::invalid_request, std::move(where) + error.detail + '.');
  problem.pointer = error.pointer;
  problem.has_pointer = true;
  return problem;
}

// The text of the member "body" of an object that was parsed before: as its bytes are, so that the line and a request
// of its own ask the same. Empty: it isn't there.
std::string_view body_text(std::string_view line) {
  std::size_t depth = 0, began = 0;
  bool in_string = false, is_body = false;
  std::string_view last;  // string at the top level
  for (std::size_t i = 0, from = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c != '"') continue;
      in_string = false;
      if (depth == 1) last = line.substr(from, i - from);
    } else if (c == '"') {
      in_string = true;
      from = i + 1;
    } else if (depth == 1 && c == ':') {
      if (last == "body" && !is_body) is_body = true, began = i + 1;
    } else if (depth == 1 && (c == ',' || c == '}')) {
      if (is_body) return line.substr(began, i - began);
    }
    if (in_string) continue;
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
  }
  return {};
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

// One line on its way: each step is false when it has put a problem into `problem`.
struct LineReader {
  std::string_view line;
  const DecodeOptions& options;
  JsonDocument& json;
  Request& request;
  std::unique_ptr<Problem>& problem;

  std::string_view named_at{};  // see Batch

  bool refuse(Problem what) {
    problem = std::make_unique<Problem>(std::move(what));
    return false;
  }

  bool read() {
    if (line.size() > batch_line_bytes_max) return refuse(Problem(Code::body_too_large, "A line may have 64 KiB."));
    if (!json.parse(line)) return refuse(problem_of(json.error()));
    JsonObject object(json);
    for (const MethodName& one : methods)
      if (object.has(one.name)) return read_call(object, one);
    return read_command(object);
  }

  bool read_command(JsonObject& object) {
    std::string none;
    Reading reading{none, none, object, request, options.accepts_cards, options.card_webhooks};
    read_batch_command(reading);
    if (!reading.body.finish()) return refuse(problem_of(json.error()));
    if (options.role < reading.needs) return refuse(forbidden_without(reading.needs));
    request.fingerprint = fingerprint_of(Method::post, line_target, line);
    if (options.is_always_told || is_told_of(reading.needs)) request.actor = options.actor;
    for (const std::string_view pointer : {"/wallet", "/item", "/match"})
      if (named_at.empty() && object.has(pointer.substr(1))) named_at = pointer;
    return true;
  }

  // As if it had come alone: the same checks, the same fingerprint.
  bool read_call(JsonObject& object, const MethodName& call) {
    const std::string target(object.text(call.name));
    const std::string key(object.text_or_none("key"));
    const bool has_body = object.has("body");
    if (has_body) object.object("body");
    if (!object.finish()) return refuse(problem_of(json.error()));
    Message message;
    message.method = call.method;
    message.target = target;
    if (has_body) message.body = trimmed(body_text(line));
    if (has_body && message.body.empty())  // it must not be taken for a line without one
      return refuse(Problem(Code::invalid_request, "The name of the member body must be written without escapes."));
    const Target split = split_target(message.target);
    const RouteMatch match = match_route(message.method, split.path);
    Decoded decoded = decode(
        message, split, match,
        {false, options.accepts_cards, options.card_webhooks, options.role, options.actor, options.is_always_told},
        json);
    if (decoded.is_refused()) return refuse(std::move(decoded.problem));
    if (!decoded.is_for_engine())
      return refuse(Problem(Code::invalid_request, "This path can't be a line of a batch."));
    request = std::move(decoded.request);
    request.key = key;
    request.fingerprint = fingerprint_of(message.method, split, message.body);
    return true;
  }

  bool take_key(std::string_view batch_key, char mark, std::size_t number) {
    if (request.key.empty() && !batch_key.empty()) {
      request.key = derived_key(batch_key, std::to_string(number), mark);
      return true;
    }
    if (request.key.empty()) return !options.require_idempotency_key || refuse(Problem(Code::idempotency_key_missing));
    return is_valid_idempotency_key(request.key) || refuse(Problem(Code::idempotency_key_invalid));
  }
};

bool is_for_the_moment(unsigned status) { return status == 429 || status >= 500; }

void append_line(std::string& out, const Answer& answer, std::string_view body, bool is_replayed) {
  append_unsigned(out.append("{\"status\":"), answer.status);
  if (out.size() + body.size() > batch_answer_bytes_max)
    out.append(",\"left_out\":true");
  else
    out.append(",\"body\":").append(body);
  if (is_replayed) out.append(",\"replayed\":true");
  out.append("}\n");
}

}  // namespace

std::size_t count_lines(std::string_view body) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < body.size() && count <= batch_lines_max;)
    count += is_blank(next_line(body, at)) ? 0 : 1;
  return count;
}

void read_lines(Batch& batch, std::string_view key, const DecodeOptions& options, JsonDocument& json,
                std::vector<Request>& requests) {
  const std::size_t bytes_end = batch.read + slice_bytes;
  for (std::size_t lines = 0; lines < slice_lines && batch.read < std::min(bytes_end, batch.body.size()); ++lines) {
    const std::string_view line = next_line(batch.body, batch.read);
    if (is_blank(line)) continue;
    Request request;
    auto& problem = batch.problems.emplace_back();
    LineReader reader{line, options, json, request, problem};
    if (!reader.read() || !reader.take_key(key, batch.key_mark, batch.problems.size())) continue;
    batch.is_keyed.push_back(!request.key.empty());
    requests.push_back(std::move(request));
    batch.named_at.push_back(reader.named_at);
  }
}

std::string derived_key(std::string_view key, std::string_view suffix, char mark) {
  const std::size_t kept = mark == old_key_mark ? 200 : 150;  // and 40 digits, and the longest suffix
  std::string derived(key);
  if (derived.size() + 1 + suffix.size() > limits::idempotency_key_bytes_max) {
    const XXH128_hash_t hash = XXH3_128bits(key.data(), key.size());
    derived.resize(kept);
    derived.append("~").append(std::to_string(hash.high64)).append(std::to_string(hash.low64));
  }
  return derived.append(1, mark).append(suffix);
}

void append_batch(std::string& out, const Batch& batch, const Kinds& kinds, bool is_of_cluster) {
  std::string body;
  std::size_t next = 0;
  const auto refuse = [&](const Problem& problem) {
    append_problem(body, problem);
    append_line(out, {problem.kind->status}, body, false);
  };
  for (const auto& problem : batch.problems) {
    body.clear();
    if (problem) {
      refuse(*problem);
      continue;
    }
    const std::size_t at = next++;
    const Outcome& outcome = batch.outcomes[at];
    if (batch.is_keyed[at] && says_nothing_of_key(outcome.code, is_of_cluster)) {
      Problem open(outcome.code);
      open.facts = outcome.facts;
      open.leave_open();
      refuse(open);
    } else {
      const Answer answer = append_answer(body, outcome, kinds, batch.named_at[at]);
      append_line(out, answer, body, outcome.replayed && is_stored(outcome.code));
    }
  }
}

bool is_final(const Batch& batch) {
  const auto refused = [](const auto& problem) {
    return problem != nullptr && is_for_the_moment(problem->kind->status);
  };
  const auto is_open = [](const Outcome& outcome) {
    return !is_success(outcome.code) && is_for_the_moment(problem_of(outcome.code).status);
  };
  return std::none_of(batch.problems.begin(), batch.problems.end(), refused) &&
         std::none_of(batch.outcomes.begin(), batch.outcomes.end(), is_open);
}

}  // namespace tote::http
