// After a load, or after a crash in the middle of one: what did it come to, and is everything still so?
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/support/history.h"
#include "tests/support/workload.h"

namespace tests {

// The server is gone: what it didn't answer it won't execute any more.
void end_unanswered(History& history);

// Sends again every keyed request of history[from …] that nobody was told of, until it is known what it came to. The
// answers are added. False: a connection was lost.
bool resolve(std::uint16_t port, History& history, std::size_t from = 0);

// Reads every wallet, and adds it to the history.
bool read_all(std::uint16_t port, const World& world, History& history);

// Answered requests with keys, one of each key: of history[from … to].
std::vector<Event> answered_keys(const History& history, std::size_t from, std::size_t to);

// GET /v1/outcomes/{key} of each; added to the history, where the checker compares the bytes.
bool look_up(std::uint16_t port, const std::vector<Event>& events, History& history);

// Sends them again, and adds the answers. Tells the differences: status, body, replay headers.
std::string replay(std::uint16_t port, const std::vector<Event>& events, History& history);

}  // namespace tests
