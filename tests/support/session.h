// One connection, of which everything sent and told is written down.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "tests/http/client.h"
#include "tests/support/history.h"

namespace tests {

class Session {
 public:
  // Events are added to `history`, which outlives it.
  Session(std::uint16_t port, History& history) : port_(port), history_(history) {}

  bool connect();  // anew; false: nobody listens

  // Sends all in one piece, then takes the answers. False: one is missing, and the connection is gone.
  bool ask(std::span<const Operation> operations);
  bool ask(const Operation& operation) { return ask({&operation, 1}); }
  bool look_up(const std::string& key);

  // Sends the first `bytes` of it and hangs up without waiting for an answer. Needs connect() afterwards.
  void abandon(const Operation& operation, std::size_t bytes);

 private:
  bool receive(std::size_t event);

  std::uint16_t port_;
  History& history_;
  std::unique_ptr<http::Client> client_;
};

}  // namespace tests
