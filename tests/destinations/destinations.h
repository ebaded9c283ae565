// Tote, PostgreSQL and NATS, each a real server that can be killed, and what must be true of them afterwards.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "adapters/events/domain_events.h"
#include "tests/cli/program.h"
#include "tests/destinations/nats_server.h"

namespace tests {

// Waits until it is so; false after a minute.
template <class Is>
bool comes_true(const Is& is) {
  const auto ends_at = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (!is()) {
    if (std::chrono::steady_clock::now() > ends_at) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return true;
}

// What the log says must have been told, in order: read from its directory, beside a running server.
std::vector<tote::events::DomainEvent> events_in(const std::string& data);

class ToteServer {
 public:
  void start(tote::cli::test::Child::Arguments arguments);  // and waits until it is ready
  void stop();                                              // SIGTERM
  void kill();                                              // -9

  const std::string& data() const { return data_; }
  std::uint16_t port() const { return static_cast<std::uint16_t>(server_->port()); }
  tote::cli::test::Child& child() { return server_->child(); }
  void must(const std::string& method, const std::string& path, const std::string& body) const;
  double metric(const std::string& name) const;  // with labels, as the page has it; -1: not there
  bool wait_for_calls() const;                   // until no outside call is outstanding; false after a minute
  tote::Lsn durable() const { return {static_cast<std::uint64_t>(metric("tote_log_durable_lsn"))}; }
  // Until `destination` has everything that is durable now; false after a minute.
  bool wait_for(const std::string& destination) const;

 private:
  tote::cli::test::TempDirectory directory_;
  const std::string data_ = directory_.file("data");
  std::unique_ptr<tote::cli::test::Server> server_;
};

// How many of `expected` are told up to here, or begin `found` (their ids).
std::size_t told_up_to(tote::Lsn lsn, const std::vector<tote::events::DomainEvent>& expected);
std::size_t same_as(const std::vector<std::string>& found, const std::vector<tote::events::DomainEvent>& expected);

// The stream has the log's events, each once and in the log's order, at least up to `lsn`, and nothing else. Timers may
// have told some more before the server stopped.
void check_stream(const NatsServer& nats, const std::string& stream, const std::string& data, tote::Lsn lsn);

}  // namespace tests
