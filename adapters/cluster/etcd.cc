#include "adapters/cluster/etcd.h"

#include <pthread.h>

#include <utility>

#include "adapters/cluster/etcd_wire.h"

namespace tote::cluster {

Etcd::Etcd(EtcdOptions options, Told told) : client_(std::move(options)), told_(std::move(told)) {
  thread_ = std::thread([this] { run(); });
}

Etcd::~Etcd() {
  {
    const std::lock_guard lock(mutex_);
    is_stopped_ = true;
  }
  client_.stop();
  wake_.notify_one();
  thread_.join();
}

void Etcd::read() {
  {
    const std::lock_guard lock(mutex_);
    is_reading_ = true;
  }
  wake_.notify_one();
}

void Etcd::propose(std::int64_t expected, const replication::Register& value) {
  {
    const std::lock_guard lock(mutex_);
    if (proposals_.size() >= proposals_max) proposals_.pop_front();
    proposals_.push_back({"/v3/kv/txn", swap_request(client_.options().key, expected, to_text(value))});
  }
  wake_.notify_one();
}

void Etcd::run() {
  pthread_setname_np(pthread_self(), "tote-etcd");
  while (const auto question = next()) ask(*question);
}

std::optional<Etcd::Question> Etcd::next() {
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [this] { return is_stopped_ || is_reading_ || !proposals_.empty(); });
  if (is_stopped_) return {};
  if (!proposals_.empty()) {
    Question question = std::move(proposals_.front());
    proposals_.pop_front();
    return question;
  }
  is_reading_ = false;
  return Question{"/v3/kv/range", range_request(client_.options().key)};
}

void Etcd::ask(const Question& question) {
  const std::string problem = client_.ask(question.path, question.body, [this](std::string_view body) -> std::string {
    const Answer answer = read_answer(body);
    const auto* seen = std::get_if<replication::Registered>(&answer);
    if (seen == nullptr) return std::get<std::string>(answer);
    told_.on_registered(*seen);
    return {};
  });
  if (problem.empty()) return;
  {
    const std::lock_guard lock(mutex_);
    if (is_stopped_) return;
  }
  told_.on_problem(problem);
}

}  // namespace tote::cluster
