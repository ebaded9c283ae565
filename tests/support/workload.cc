#include "tests/support/workload.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace tests {
namespace {

using Kind = Operation::Kind;

constexpr std::uint64_t holds_remembered = 60;  // how far back captures and releases reach

}  // namespace

std::uint64_t pick(Random& random, std::uint64_t below) { return random() % below; }
bool chance(Random& random, unsigned percent) { return pick(random, 100) < percent; }

std::uint64_t choose_seed() {
  const char* given = std::getenv("TOTE_SEED");
  const std::uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  std::printf("TOTE_SEED=%llu\n", static_cast<unsigned long long>(seed));
  std::fflush(stdout);
  return seed;
}

std::vector<std::string> World::wallets() const {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < hot_wallets; ++i) all.push_back(hot(i));
  for (std::size_t i = 0; i < cold_wallets; ++i) all.push_back(cold(i));
  return all;
}

void World::publish(const Operation& operation) {
  const std::lock_guard lock(mutex_);
  if (published_.size() < published_max)
    published_.push_back(operation);
  else
    published_[published_next_] = operation;
  published_next_ = (published_next_ + 1) % published_max;
}

// Mostly the newest, which is still on its way.
bool World::take_published(Random& random, Operation& operation) const {
  const std::lock_guard lock(mutex_);
  if (published_.empty()) return false;
  const std::size_t newest = (published_next_ + published_max - 1) % published_max;
  operation =
      published_[chance(random, 70) ? std::min(newest, published_.size() - 1) : pick(random, published_.size())];
  return true;
}

Kind Workload::kind() {
  const auto dice = pick(random_, 100);
  if (dice < 24) return Kind::credit;
  if (dice < 52) return Kind::debit;
  if (dice < 67) return Kind::hold;
  if (dice < 77) return Kind::capture;
  if (dice < 86) return Kind::release;
  if (dice < 89) return Kind::open;
  return Kind::read;
}

// Nearly unique: should the answer be lost, the balance afterwards tells whether it happened.
std::int64_t Workload::amount_without_key() { return 500 + static_cast<std::int64_t>(world_.next_amount++ * 7 % 4001); }

Operation Workload::make(Kind kind) {
  Operation made{.kind = kind};
  const bool keyed = kind != Kind::read && !chance(random_, 12);
  if (keyed) made.key = "key-" + std::to_string(world_.next_key++);
  made.wallet = chance(random_, 80) ? world_.hot(pick(random_, World::hot_wallets))
                                    : world_.cold(pick(random_, World::cold_wallets));
  made.amount = keyed ? 1 + static_cast<std::int64_t>(pick(random_, 1500)) : amount_without_key();
  if (kind == Kind::credit && keyed) made.amount *= 2;
  if (kind == Kind::open) {
    made.overdraft_limit = made.wallet == world_.hot(1) ? 5000 : 0;
    if (chance(random_, 5)) made.currency = "USD";
  } else if (kind == Kind::hold || kind == Kind::capture || kind == Kind::release) {
    const bool is_new = kind == Kind::hold && !chance(random_, 3);
    const auto newest = world_.next_hold.load();
    const auto number = is_new ? world_.next_hold++ : newest - std::min(newest, pick(random_, holds_remembered));
    made.hold = "h" + std::to_string(number);
    made.wallet = world_.hot(number);
    made.expires_in_s = keyed && number % 6 == 0 ? 1 : 900;
    if (kind == Kind::capture)
      made.amount = chance(random_, 40) ? 0 : 1 + static_cast<std::int64_t>(pick(random_, 900));
  }
  return made;
}

Operation Workload::next() {
  Operation made = make(kind());
  if (made.kind == Kind::read) {
    if (chance(random_, 20)) made.min_lsn = world_.newest_lsn;
  } else {
    if (chance(random_, 5)) made.if_match = std::max<std::uint64_t>(versions_[made.wallet], 1);
    if (chance(random_, 1)) made.deadline_ms = 1;
  }
  return made;
}

void Workload::saw(const Event& event) {
  if (event.version != 0) versions_[event.operation.wallet] = event.version;
  auto newest = world_.newest_lsn.load();
  while (newest < event.lsn && !world_.newest_lsn.compare_exchange_weak(newest, event.lsn)) {
  }
}

}  // namespace tests
