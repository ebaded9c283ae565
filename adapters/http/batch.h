// POST /v1/batch: many commands in one request, a line each; their answers, a line each in the same order.
//
//   {"wallet":"alice","debit":300,"key":"order-17"}      as in a transaction, with an idempotency key if wanted;
//   {"from":"alice","to":"bob","amount":5}               or a transfer, {"commands":[…]} or {"order":…}
//
// Lines are independent of each other: one that is refused harms no other. Those about one entity are executed in the
// order given.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/http/answers.h"
#include "adapters/http/decode.h"

namespace tote::http {

inline constexpr std::size_t batch_lines_max = 10'000;

// A batch that was read: requests for the engine, and the lines that aren't any.
struct Batch {
  std::vector<Request> requests;              // without tenant and deadline
  std::vector<std::optional<Problem>> lines;  // by line: why it isn't a request
};

// `key` is the whole batch's: a line without a key of its own has "<key>:<line number, from 1>". The problem of a body
// that is no batch at all.
std::optional<Problem> read_batch(std::string_view body, std::string_view key, const DecodeOptions& options,
                                  JsonDocument& json, Batch& batch);

// {"status":200,"body":{…}} for each line, with "replayed":true where it was answered before.
void append_batch(std::string& out, const Batch& batch, std::span<const Outcome> outcomes, const Kinds& kinds);

}  // namespace tote::http
