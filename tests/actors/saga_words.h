// The words that tests of sagas share: a saga with a step of every sort, and what is seen of it.
//
//   take  inside: 10 from wallet "a"; undone inside: 10 to wallet "back", which may not be there
//   ask   outside, for 10 s, four attempts; undone outside
//   give  inside: 10 from wallet "b"; nothing undoes it
//   last  outside, two attempts, for ever; nothing undoes it
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "actors/saga/saga.h"
#include "actors/wallet/wallet.h"
#include "tests/actors/saga_world.h"

namespace tote {

struct ProbePlan {
  static constexpr KindId kind_id = 1'900;
  static constexpr std::string_view kind = "probe";
  struct Input {
    std::string word;
  };
  static std::span<const saga::Step> steps(const Input& input);
  static void encode(const Input& input, std::string& out) { out += "probe " + input.word; }
  static bool decode(std::string_view bytes, Input& input);
  static void describe(const Input& input, Fields& fields) { fields.text("word", input.word); }
};
using Probe = saga::Saga<ProbePlan>;

// What the probe sends outside.
struct ProbeQuestion {
  std::string step;
  std::string key;
};

class StartProbe final : public Script {
 public:
  explicit StartProbe(std::string id) : id_(std::move(id)) {}
  void entities(std::vector<EntityRef>& out) const override { out.push_back({Probe::kind_id, id_}); }
  Verdict run(Transaction& on) const override {
    return saga::start<Probe>(on, id_, std::make_shared<ProbePlan::Input>(ProbePlan::Input{"w"})).verdict;
  }
  void answer(Transaction&, std::string&) const override {}
  void digest(std::string&) const override {}

 private:
  std::string id_;
};

inline saga::Reply reply_done(std::string text = {}) { return {saga::Reply::Answer::done, Code::ok, std::move(text)}; }
inline saga::Reply reply_refused() { return {saga::Reply::Answer::refused, Code::payment_declined, "no money"}; }
inline saga::Reply reply_lost() { return {saga::Reply::Answer::unreachable, Code::ok, "timed out"}; }

// "saga running: take completed, ask pending 1, …": attempts are told when there were some, errors in brackets.
std::string text_of(std::string_view kind, std::span<const saga::Step> table, const saga::Progress& progress);

// A world with the wallets "a" and "b", 100 each, and one probe.
class ProbeWorld {
 public:
  ProbeWorld();

  Verdict start() { return world.run(StartProbe("p")); }
  Verdict report(std::string_view effect, const saga::Reply& reply) {
    return world.report(effect, CommandRef::to(reply));
  }
  // Whether the probe waits for it or not.
  Verdict report_late(std::string_view effect, const saga::Reply& reply) {
    return world.report(Probe::kind_id, "p", effect, CommandRef::to(reply));
  }
  Verdict operate(saga::Remedy remedy, std::string reason = "because") {
    return world.run(*saga::operate_script<Probe>("p", remedy, std::move(reason)));
  }
  void open(std::string_view wallet, std::int64_t balance);
  std::int64_t balance(std::string_view wallet) { return world.state<Wallet>(wallet).balance.minor; }
  const saga::Progress& progress() { return world.state<Probe>("p").progress; }
  saga::Status status() { return progress().status; }
  std::string text() { return text_of("probe", ProbePlan::steps({}), progress()); }
  // The effect ids that are waited for, with a space between.
  std::string waits_for();

  SagaWorld world;
};

}  // namespace tote
