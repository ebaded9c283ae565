// actors/saga/codec.h: the bytes of every saga's events and answers (saga.fbs). The plan's input lies inside as the
// plan's own bytes.
#pragma once

#include <string>
#include <string_view>

#include "actors/saga/progress.h"

namespace tote::saga {

// An event as it is on disk, but for its changes. Views look into the bytes it was read from.
struct EventBytes {
  bool is_start = false;
  std::string_view input{};  // of a start, and where others are told of it
  std::size_t steps_count = 0;
  Time started_at{};
  std::string_view after{};  // of what happens once it has ended (after.h)
};
void encode_event(const EventBytes& event, const Changes& changes, std::string& out);
bool decode_event(std::string_view bytes, EventBytes& event, Changes& changes);

// A state as an answer shows it: what the next attempts depend on is left out.
struct AnswerBytes {
  std::string_view input{};
  Progress progress{};
  bool is_saga_view = false;  // asked as a saga: GET /v1/sagas, an operator's retry
  std::string_view after{};   // what has happened since it ended; empty: nothing
};
void encode_answer(std::string_view input, const Progress& progress, bool is_saga_view, std::string_view after,
                   std::string& out);
bool decode_answer(std::string_view bytes, AnswerBytes& answer);

// For digests: equal exactly when the changes are.
void append_digest(const Changes& changes, std::string& out);

}  // namespace tote::saga
