// The register in etcd, over its JSON form by libcurl: the protocol's port to the consensus engine.
//
// A question that no member answers in time has no answer, which the protocol expects: a proposal may have taken effect
// all the same.
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

#include "adapters/cluster/etcd_client.h"
#include "replication/register.h"

namespace tote::cluster {

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

  EtcdClient client_;  // of the thread
  const Told told_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Question> proposals_;  // under the mutex, as what follows
  bool is_reading_ = false, is_stopped_ = false;
  std::thread thread_;
};

}  // namespace tote::cluster
