// The engine of a node of a cluster as its doors see it. While another node owns the log the engine turns on the thread
// that opens it (Options::on_standing_by): what doors ask goes there, and comes back by the host's loop, so that doors
// know one thread only. Once this node owns the log they ask it as ever.
//
// Threads: what is the engine's own says so; the rest is the loop's, or any where Engine says any.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <utility>
#include <vector>

#include "engine/shared_log.h"
#include "engine/tote.h"

namespace tote::cli {

class NodeEngine final : public Engine {
 public:
  // `post`: runs something on the loop, and writes what was answered by it. From any thread.
  explicit NodeEngine(std::function<void(std::function<void()>)> post);
  ~NodeEngine() override;

  // -- on the engine's thread
  // It stands by from now on.
  void stand_by(Engine& engine);
  // It will never own the log: whoever asks is refused. Waits for who reads its log.
  void end();

  // From now on the host turns the engine. On the loop thread.
  void own() { is_owner_.store(true); }

  std::optional<Tenant> tenant(std::string_view name) override;
  void submit(Request request, Callback done) override;
  void submit(Request request, Sink& sink, std::uint64_t tag) override;
  void submit(std::vector<Request> requests, BatchCallback done) override;
  void cancel(Sink& sink, std::uint64_t tag) override;
  Outcome call(Request request) override;
  void history(Tenant tenant, KindId kind, std::string id, Version after, std::size_t limit,
               HistoryCallback done) override;
  void hottest(std::optional<Tenant> tenant, std::size_t count_max, HotCallback done) override;
  void ids(Tenant tenant, IdsAsk ask, IdsCallback done) override;
  void limit_entities(Tenant tenant, std::uint64_t max) override;
  const wal::LogReader& log() const override { return log_; }
  void find_outcome(Tenant tenant, std::string key, Sink& sink, std::uint64_t tag) override;
  void report(const EffectCall& call, Command result, Callback done) override;
  bool back_up() override;
  BackupStatus backup() const override;
  Figures figures() const override;
  // Those are the host's, of the engine itself.
  void close() override {}
  void poll() override {}
  std::int64_t next_due_ms() override { return 1'000; }
  void visit(const Visit&) const override {}

 private:
  struct Asked;

  template <class Work>
  bool ask(const Work& work) const;
  Asked& keep(Sink& sink, std::uint64_t tag);
  void answer(std::uint64_t number, Outcome& outcome);

  const std::function<void(std::function<void()>)> post_;
  mutable std::shared_mutex mutex_;  // held by those who ask
  Engine* engine_ = nullptr;
  std::atomic<bool> is_owner_{false};
  SharedLog log_{[](const wal::Damage&) {}};  // the engine's own is told of it

  std::mutex asked_mutex_;
  std::uint64_t asked_ever_ = 0;
  std::map<std::uint64_t, std::unique_ptr<Asked>> asked_;  // while it stood by, by number
};

}  // namespace tote::cli
