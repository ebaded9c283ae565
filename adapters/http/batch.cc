#include "adapters/http/batch.h"

#include "adapters/http/json_writer.h"
#include "adapters/http/request_headers.h"
#include "adapters/http/resources.h"
#include "engine/kernel/name.h"

namespace tote::http {
namespace {

// What a line comes to is told like the body of a request of its own.
const Target line_target{"/v1/batch", {}};

Problem problem_of(const JsonError& error) {
  std::string where = error.pointer.empty() ? "The line " : error.pointer + ' ';
  Problem problem(error.bad_id ? Code::invalid_id : Code::invalid_request, std::move(where) + error.detail + '.');
  problem.pointer = error.pointer;
  problem.has_pointer = true;
  return problem;
}

std::optional<Problem> read_line(std::string_view line, const std::string& key, const DecodeOptions& options,
                                 JsonDocument& json, Request& request) {
  if (!json.parse(line)) return problem_of(json.error());
  std::string none;
  Reading reading{none, none, JsonObject(json), request, options.accepts_cards};
  read_batch_command(reading);
  if (!reading.body.finish()) return problem_of(json.error());
  if (request.key.empty()) request.key = key;
  if (request.key.empty())
    return options.require_idempotency_key ? std::optional(Problem(Code::idempotency_key_missing)) : std::nullopt;
  if (!is_valid_idempotency_key(request.key)) return Problem(Code::idempotency_key_invalid);
  request.fingerprint = fingerprint_of(Method::post, line_target, line);
  return std::nullopt;
}

void append_line(std::string& out, const Answer& answer, const std::string& body, bool is_replayed) {
  append_unsigned(out.append("{\"status\":"), answer.status);
  out.append(",\"body\":").append(body);
  if (is_replayed) out.append(",\"replayed\":true");
  out.append("}\n");
}

}  // namespace

std::optional<Problem> read_batch(std::string_view body, std::string_view key, const DecodeOptions& options,
                                  JsonDocument& json, Batch& batch) {
  while (!body.empty()) {
    const std::string_view line = body.substr(0, body.find('\n'));
    body.remove_prefix(std::min(body.size(), line.size() + 1));
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    if (batch.lines.size() == batch_lines_max)
      return Problem(Code::invalid_request, "A batch has at most " + std::to_string(batch_lines_max) + " lines.");
    const std::string number = std::to_string(batch.lines.size() + 1);
    Request request;
    auto problem = read_line(line, key.empty() ? std::string() : std::string(key).append(1, ':').append(number),
                             options, json, request);
    if (!problem) batch.requests.push_back(std::move(request));
    batch.lines.push_back(std::move(problem));
  }
  if (batch.lines.empty()) return Problem(Code::invalid_request, "A batch has at least one line.");
  return std::nullopt;
}

void append_batch(std::string& out, const Batch& batch, std::span<const Outcome> outcomes, const Kinds& kinds) {
  std::string body;
  std::size_t next = 0;
  for (const auto& problem : batch.lines) {
    body.clear();
    if (problem) {
      append_problem(body, *problem);
      append_line(out, {problem->kind->status}, body, false);
    } else {
      const Outcome& outcome = outcomes[next++];
      const Answer answer = append_answer(body, outcome, kinds);
      append_line(out, answer, body, outcome.replayed && is_stored(outcome.code));
    }
  }
}

}  // namespace tote::http
