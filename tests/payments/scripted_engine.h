// An engine that takes nothing but reports, and answers each with what the test says.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/payment/gateway.h"
#include "engine/tote.h"
#include "tests/support/made_up_log.h"

namespace tests::payments {

struct Reported {
  std::string entity, effect;
  tote::payment::Result result;
};

class ScriptedEngine final : public tote::Engine {
 public:
  // What the next reports are answered; when there is none left: ok.
  void answer(std::vector<tote::Code> codes) {
    const std::lock_guard lock(mutex_);
    codes_.assign(codes.begin(), codes.end());
  }
  // The reports so far, once there are so many of them.
  std::vector<Reported> reports(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(15), [&] { return reports_.size() >= count; });
    return reports_;
  }

  void report(const tote::EffectCall& call, tote::Command result, Callback done) override {
    tote::Outcome outcome;
    {
      const std::lock_guard lock(mutex_);
      const auto* said = result.get<tote::payment::Result>();
      reports_.push_back({call.entity, call.effect, said == nullptr ? tote::payment::Result{} : *said});
      if (!codes_.empty()) {
        outcome.code = codes_.front();
        codes_.pop_front();
      }
    }
    done(outcome);
    changed_.notify_all();
  }

  std::optional<tote::Tenant> tenant(std::string_view) override { return {}; }
  void submit(tote::Request, Callback) override {}
  void submit(tote::Request, tote::Sink&, std::uint64_t) override {}
  void submit(std::vector<tote::Request>, BatchCallback) override {}
  tote::Outcome call(tote::Request) override { return {}; }
  void history(tote::Tenant, tote::KindId, std::string, tote::Version, std::size_t, HistoryCallback) override {}
  void hottest(std::optional<tote::Tenant>, std::size_t, HotCallback) override {}
  bool back_up() override { return false; }
  tote::BackupStatus backup() const override { return {}; }
  void ids(tote::Tenant, tote::IdsAsk, IdsCallback) override {}
  void limit_entities(tote::Tenant, std::uint64_t) override {}
  const tote::wal::LogReader& log() const override { return log_; }
  void cancel(tote::Sink&, std::uint64_t) override {}
  void find_outcome(tote::Tenant, std::string, tote::Sink&, std::uint64_t) override {}
  void close() override {}
  void poll() override {}
  std::int64_t next_due_ms() override { return 0; }
  tote::Figures figures() const override { return {}; }
  void visit(const Visit&) const override {}

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  const MadeUpLog log_{0};
  std::deque<tote::Code> codes_;
  std::vector<Reported> reports_;
};

}  // namespace tests::payments
