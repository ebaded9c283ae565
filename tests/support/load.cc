#include "tests/support/load.h"

#include <iterator>
#include <limits>

#include "tests/support/session.h"

namespace tests {
namespace {

constexpr std::uint64_t given_up = std::numeric_limits<std::uint64_t>::max() / 2;  // added to the count, it ends waits

// One client's habits.
class Client {
 public:
  Client(World& world, std::uint16_t port, std::uint64_t seed, History& history)
      : world_(world), random_(seed), workload_(world, random_), history_(history), session_(port, history) {}

  bool connect() { return session_.connect(); }

  // False: the connection is gone.
  bool act() {
    const std::size_t first = history_.size();
    const bool fine = act_somehow();
    for (std::size_t i = first; i < history_.size(); ++i) learn(history_[i]);
    return fine;
  }

 private:
  bool act_somehow() {
    const auto dice = pick(random_, 100);
    if (!lost_.empty() && dice < 30) return ask_again();
    if (dice < 36) return retry();
    if (dice < 43) return join();
    if (dice < 48) return pipeline();
    if (dice < 50) return abandon();
    if (dice < 51 && !recent_.empty()) return session_.look_up(recent_[pick(random_, recent_.size())].key);
    return session_.ask(fresh());
  }

  Operation fresh() {
    Operation made = workload_.next();
    if (!made.key.empty() && chance(random_, 25)) world_.publish(made);
    return made;
  }

  // One whose answer was lost: what did it come to?
  bool ask_again() {
    const Operation lost = lost_.back();
    if (chance(random_, 30)) return session_.look_up(lost.key);
    lost_.pop_back();
    return session_.ask(lost);
  }

  bool retry() {
    if (recent_.empty()) return session_.ask(fresh());
    const Operation& old = recent_[pick(random_, recent_.size())];
    return session_.ask(chance(random_, 80) ? old : altered(old));
  }

  // What another client is sending right now.
  bool join() {
    Operation same;
    if (!world_.take_published(random_, same)) return session_.ask(fresh());
    return session_.ask(chance(random_, 85) ? same : altered(same));
  }

  bool pipeline() {
    std::vector<Operation> all;
    for (auto count = 2 + pick(random_, 7); count > 0; --count) {
      all.push_back(fresh());
      if (!all.back().key.empty() && chance(random_, 10)) all.push_back(all.back());
    }
    return session_.ask(all);
  }

  bool abandon() {
    Operation made = fresh();
    if (made.kind == Operation::Kind::read) return session_.ask(made);
    if (!made.key.empty()) lost_.push_back(made);
    const bool whole = chance(random_, 80);
    session_.abandon(made, whole ? std::string::npos : pick(random_, 200));
    return session_.connect();
  }

  void learn(const Event& event) {
    workload_.saw(event);
    if (event.kind != Event::Kind::request || event.operation.key.empty() || !is_final(event.status)) return;
    if (recent_.size() < recent_max)
      recent_.push_back(event.operation);
    else
      recent_[recent_next_++ % recent_max] = event.operation;
  }

  static constexpr std::size_t recent_max = 200;

  World& world_;
  Random random_;
  Workload workload_;
  History& history_;
  Session session_;
  std::vector<Operation> lost_;    // with keys, sent without waiting
  std::vector<Operation> recent_;  // with keys, answered
  std::size_t recent_next_ = 0;
};

}  // namespace

Load::Load(World& world, const LoadOptions& options) : world_(world), port_(options.port), histories_(options.clients) {
  Random random(options.seed);
  for (auto& history : histories_) threads_.emplace_back([this, seed = random(), &history] { run(seed, history); });
}

void Load::run(std::uint64_t seed, History& history) {
  Client client(world_, port_, seed, history);
  bool connected = client.connect();
  while (connected && !stop_) {
    const std::size_t before = history.size();
    if (!client.act()) {
      ++lost_;
      connected = client.connect();
    }
    answers_ += history.size() - before;
    answers_.notify_all();
  }
  if (stop_) return;
  answers_ += given_up / histories_.size();
  answers_.notify_all();
}

void Load::wait_for(std::uint64_t answers) const {
  for (auto count = answers_.load(); count < answers; count = answers_.load()) answers_.wait(count);
}

History Load::finish() {
  stop_ = true;
  for (auto& thread : threads_) thread.join();
  threads_.clear();
  History all;
  for (auto& history : histories_) {
    all.insert(all.end(), std::make_move_iterator(history.begin()), std::make_move_iterator(history.end()));
    history.clear();
  }
  return all;
}

}  // namespace tests
