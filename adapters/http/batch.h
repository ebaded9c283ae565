// POST /v1/batch: many commands in one request, a line each; their answers, a line each in the same order.
//
//   {"wallet":"alice","debit":300,"key":"order-17"}      as in a transaction, with an idempotency key if wanted;
//   {"from":"alice","to":"bob","amount":5}               or a transfer, {"commands":[…]} or {"order":…};
//   {"put":"/v1/wallets/w1","body":{…},"key":"…"}        or any change of the API by its method and path
//
// Lines are independent of each other: one that is refused harms no other. Those about one entity are executed in the
// order given. This is the reading and the writing; batch_runs.h is what lies between.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/http/answers.h"
#include "adapters/http/decode.h"
#include "engine/kernel/name.h"

namespace tote::http {

inline constexpr std::size_t batch_lines_max = 10'000;
inline constexpr std::size_t batch_line_bytes_max = std::size_t{64} << 10;  // as a body of its own
// Beyond so much text a line's answer has its status only; what it did can be read.
inline constexpr std::size_t batch_answer_bytes_max = std::size_t{4} << 20;

// A batch on its way: what is left to be read, and what came of the lines.
struct Batch {
  std::string body;
  std::size_t read = 0;                            // bytes of the body
  char key_mark = own_key_mark;                    // of the keys derived from the batch's
  std::vector<std::unique_ptr<Problem>> problems;  // by line; null: it is a request
  std::vector<Outcome> outcomes;                   // of the requests, in their order
  std::vector<std::string_view> named_at;          // by request: where its line names the entity; empty: a path does
  std::vector<bool> is_keyed;                      // by request

  bool is_read() const { return read == body.size(); }
};

// Lines that aren't blank, at most batch_lines_max + 1: that is too many.
std::size_t count_lines(std::string_view body);

// Reads so many lines that the loop isn't held up, and appends their requests, without tenant and deadline. `key` is
// the whole batch's: a line without a key of its own has one derived from it with its number, from 1.
void read_lines(Batch& batch, std::string_view key, const DecodeOptions& options, JsonDocument& json,
                std::vector<Request>& requests);

// The key that a batch's key stands for with `suffix`: "<key><mark><suffix>", shortened when that were too long for a
// key. The mark is own_key_mark, or old_key_mark where an older version began the batch: its lines must be known again.
inline constexpr char old_key_mark = ':';
std::string derived_key(std::string_view key, std::string_view suffix, char mark);

// {"status":200,"body":{…}} for each line, with "replayed":true where it was answered before.
void append_batch(std::string& out, const Batch& batch, const Kinds& kinds, bool is_of_cluster);

// Whether nothing in it might come out otherwise if it were sent again: no line was refused for the moment only.
bool is_final(const Batch& batch);

}  // namespace tote::http
