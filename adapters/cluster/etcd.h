// The register in etcd, over its JSON form by libcurl: the protocol's port to the consensus engine.
//
// Members are asked one after the other until one answers; the one that did is asked first the next time. A question
// that no member answers in time has no answer, which the protocol expects: a proposal may have taken effect all the
// same.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "replication/register.h"

using CURL = void;

namespace tote::cluster {

struct EtcdOptions {
  std::vector<std::string> members{};                     // http://host:port or https://…, all of them
  std::string key{};                                      // of the register: "tote/<shard>"
  std::int64_t timeout_ms = 600;                          // of one question to one member, connecting included
  std::string ca_file{}, certificate_file{}, key_file{};  // of https; empty: the system's, none, none
};

// What is wrong with them, naming the setting; empty: nothing.
std::string problem_of(const EtcdOptions& options);

class Etcd final : public replication::RegisterPort {
 public:
  // Both are called on the thread of this object, one after the other. `on_problem`: why a question got no answer; what
  // several members have said, once each time.
  struct Told {
    std::function<void(const replication::Registered&)> on_registered;
    std::function<void(const std::string&)> on_problem;
  };

  Etcd(EtcdOptions options, Told told);
  ~Etcd() override;  // waits no longer than for one member's answer
  Etcd(const Etcd&) = delete;
  Etcd& operator=(const Etcd&) = delete;

  // Any thread. Reads that wait are one; of more than proposals_max that wait the oldest is dropped, without an answer.
  void read() override;
  void propose(std::int64_t expected, const replication::Register& value) override;

  static constexpr std::size_t proposals_max = 8;

 private:
  struct Question {
    std::string path, body;
  };

  void run();
  std::optional<Question> next();
  void ask(const Question& question);
  bool ask_member(const std::string& member, const Question& question, std::string& body, std::string& problem);

  const EtcdOptions options_;
  const Told told_;
  CURL* const easy_;        // of the thread
  std::size_t member_ = 0;  // asked first
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Question> proposals_;  // under the mutex, as what follows
  bool is_reading_ = false, is_stopped_ = false;
  std::thread thread_;
};

}  // namespace tote::cluster
