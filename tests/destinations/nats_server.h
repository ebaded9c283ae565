// A nats-server of the test's own, with JetStream: a temporary directory, a free port on loopback, stopped by process
// id. And a client's view of it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/cli/program.h"

namespace tests {

struct StoredMessage {
  std::uint64_t sequence = 0;
  std::string subject, data;
  std::map<std::string, std::string> headers;
};

class NatsServer {
 public:
  NatsServer();  // started
  ~NatsServer();
  NatsServer(const NatsServer&) = delete;
  NatsServer& operator=(const NatsServer&) = delete;

  std::string url() const;
  void start();  // and waits until JetStream answers
  void kill();   // -9
  void suspend();
  void resume();

  // One that remembers ids for so long only, and refuses more messages than these (-1: takes all).
  void make_stream(const std::string& name, const std::string& subjects, std::int64_t duplicates_ms,
                   std::int64_t messages_max = -1) const;
  void publish(const std::string& subject, const std::string& data) const;
  void purge(const std::string& stream) const;
  std::vector<StoredMessage> messages(const std::string& stream) const;

 private:
  bool is_up() const;

  tote::cli::test::TempDirectory directory_;
  int port_ = 0;
  std::unique_ptr<tote::cli::test::Child> server_;
};

}  // namespace tests
