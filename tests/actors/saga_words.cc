#include "tests/actors/saga_words.h"

namespace tote {
namespace {

Verdict debit_wallet(Transaction& on, std::string_view wallet) {
  return run<Wallet>(on, wallet, Wallet::Debit{{10}}).verdict();
}
Verdict take(Transaction& on, const saga::Context&) { return debit_wallet(on, "a"); }
Verdict take_back(Transaction& on, const saga::Context&) {
  return run<Wallet>(on, "back", Wallet::Credit{{10}}).verdict();
}
Verdict give(Transaction& on, const saga::Context&) { return debit_wallet(on, "b"); }
Command ask(const saga::Context& of) { return Command(ProbeQuestion{std::string(of.step), saga::key_of(of)}); }
Command unask(const saga::Context& of) {
  return Command(ProbeQuestion{"undo " + std::string(of.step), saga::key_of(of)});
}

}  // namespace

std::span<const saga::Step> ProbePlan::steps(const Input&) {
  static constexpr saga::Step table[] = {
      {"take", saga::inside(take), saga::inside(take_back)},
      {"ask", saga::outside(ask), saga::outside(unask), {.attempts_max = 4}, 10},
      {"give", saga::inside(give)},
      {"last", saga::outside(ask), saga::nothing(), {.attempts_max = 2}},
  };
  return table;
}

bool ProbePlan::decode(std::string_view bytes, Input& input) {
  if (!bytes.starts_with("probe ")) return false;
  input.word = bytes.substr(6);
  return true;
}

std::string text_of(std::string_view kind, std::span<const saga::Step> table, const saga::Progress& progress) {
  std::string text(kind);
  text.append(" ").append(saga::name_of(progress.status));
  for (std::size_t i = 0; i < progress.steps_count; ++i) {
    const saga::StepState& step = progress.steps[i];
    text.append(i == 0 ? ": " : ", ").append(table[i].name).append(" ").append(saga::name_of(step.status));
    if (step.attempts + step.undo_attempts > 0) text.append(" ").append(std::to_string(step.attempts));
    if (step.undo_attempts > 0) text.append("+").append(std::to_string(step.undo_attempts));
    if (!progress.error(i).empty()) text.append(" [").append(progress.error(i)).append("]");
  }
  return text;
}

ProbeWorld::ProbeWorld() : world({kind_of<Wallet>(), kind_of<Probe>()}) {
  open("a", 100);
  open("b", 100);
}

void ProbeWorld::open(std::string_view wallet, std::int64_t balance) {
  REQUIRE(!world.command<Wallet>(wallet, Wallet::Open{*currency_of("EUR")}).refused());
  if (balance != 0) REQUIRE(!world.command<Wallet>(wallet, Wallet::Credit{{balance}}).refused());
}

std::string ProbeWorld::waits_for() {
  std::string text;
  for (const SagaCall& call : world.calls()) text.append(text.empty() ? "" : " ").append(call.effect);
  return text;
}

}  // namespace tote
