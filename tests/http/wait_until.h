// Waiting for records instead of for time.
#pragma once

#include <chrono>
#include <string>

#include "tests/http/client.h"
#include "tests/http/running_server.h"

namespace tests::http {

// Asks again after each record until the condition holds: whether it does in the end. `path`: what may be read always.
template <class Condition>
bool wait_until(RunningServer& server, Client& client, const std::string& path, const Condition& condition) {
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(15);
  for (;;) {
    const auto next = server.figures().last.value + 1;
    if (condition()) return true;
    if (std::chrono::steady_clock::now() > limit) return false;
    client.get(path, {{"Tote-Min-Lsn", std::to_string(next)}, {"Tote-Deadline-Ms", "1000"}});
  }
}

}  // namespace tests::http
