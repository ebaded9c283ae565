#include "tests/cluster/machines.h"

#include <utility>

#include "actors/wallet/wallet.h"
#include "engine/kernel/kinds.h"
#include "tests/support/free_port.h"

namespace tote::cluster::test {

Machine::Machine(std::string node, const tests::EtcdServers& etcd, Kinds kinds)
    : node_(std::move(node)), etcd_(etcd.urls()), kinds_(std::move(kinds)), port_(tests::free_port()) {}

void Machine::start() {
  has_stopped_ = has_asked_ = false;
  refusal_.clear();
  MemberOptions options;
  options.name = "shop";
  options.node = node_;
  options.etcd = etcd_;
  options.listen = "127.0.0.1:" + std::to_string(port_);
  options.http = "http://" + node_ + ".example";
  options.min_in_sync = min_in_sync;
  options.create_after_ms = 1'000;
  REQUIRE(problem_of(options).empty());
  const auto refused = [this](const std::string& why) {
    const std::lock_guard lock(mutex_);
    refusal_ = why;
  };
  member_ = std::make_unique<Member>(
      options, Member::Told{[this](const std::string&) { has_stopped_ = true; }, refused, [](const std::string&) {}});
  opening_ = std::thread([this, refused] {
    Options of_engine;
    of_engine.directory = data_;
    of_engine.kinds = kinds_;
    of_engine.disk_free_bytes_min = 1 << 20;
    of_engine.open_log = [this](wal::LogOptions log) {
      auto opened = member_->open_log(std::move(log));
      has_asked_ = true;
      return opened;
    };
    if (change_options) change_options(of_engine);
    auto opened = Engine::open(std::move(of_engine));
    if (const auto* error = std::get_if<OpenError>(&opened)) return refused(error->detail);
    engine_ = std::move(std::get<std::unique_ptr<Engine>>(opened));
    is_open_ = true;
  });
}

void Machine::kill() {
  if (member_ == nullptr) return;
  // An engine that is being opened takes the log of its member; a refusal may be told before it asks for it.
  Machines::wait([this] { return has_asked_.load(); }, "past its beginning");
  member_.reset();
  opening_.join();
  is_open_ = false;
  if (engine_ != nullptr) engine_->close();  // who waits is told that nobody can say
  const std::unique_lock callers(calling_);
  engine_.reset();
}

std::optional<Outcome> Machine::call(Request request) {
  const std::shared_lock lock(calling_);
  if (!is_open_) return {};
  return engine_->call(std::move(request));
}

std::string Machine::refusal() const {
  const std::lock_guard lock(mutex_);
  return refusal_;
}

Machines::Machines(std::size_t count, std::size_t etcd_members) : etcd_(etcd_members) {
  const Kinds kinds{kind_of<Wallet>()};
  for (std::size_t i = 0; i < count; ++i)
    machines_.push_back(std::make_unique<Machine>("n" + std::to_string(i + 1), etcd_, kinds));
}

void Machines::wait(const std::function<bool()>& is_so, const char* what) {
  INFO(std::string(what));
  for (const auto ends_at = Clock::now() + std::chrono::seconds(40); !is_so();) {
    REQUIRE(Clock::now() < ends_at);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

void Machines::start_all() {
  for (const auto& machine : machines_) machine->start();
  wait_for_in_sync(machines_.size());
}

Machine* Machines::look_for_owner() {
  for (const auto& machine : machines_)
    if (machine->is_running() && machine->engine() != nullptr && !machine->has_stopped()) return machine.get();
  return nullptr;
}

Machine& Machines::owner() {
  wait([this] { return look_for_owner() != nullptr; }, "an owner");
  return *look_for_owner();
}

std::string Machines::refusals() const {
  std::string all;
  for (const auto& machine : machines_)
    all += machine->node() + (machine->has_stopped() ? " has stopped; " : ": ") + machine->refusal() + '\n';
  return all;
}

void Machines::wait_for_in_sync(std::size_t count) {
  INFO(refusals());
  wait(
      [&] {
        Machine* const owner = look_for_owner();
        return owner != nullptr && owner->status().isr.size() == count;
      },
      "in sync");
}

}  // namespace tote::cluster::test
