#include <algorithm>
#include <vector>

#include "actors/codec/by_table.h"
#include "actors/codec/digest.h"
#include "actors/wallet/wallet.h"
#include "actors/wallet/wallet_generated.h"
#include "engine/kernel/by_members.h"

namespace tote {
namespace {

using flat::append;
using flat::builder;
using flat::Offset;
using flat::String;
using flat::verified;
using flat::view;

// The hold that a command was about, for its answer; empty when it was about the wallet alone.
struct HoldOf {
  std::string_view operator()(const Wallet::Hold& command) const { return command.hold; }
  std::string_view operator()(const Wallet::Capture& command) const { return command.hold; }
  std::string_view operator()(const Wallet::Release& command) const { return command.hold; }
  template <class Other>
  std::string_view operator()(const Other&) const {
    return {};
  }
};

}  // namespace

void Wallet::encode(const Event& event, std::string& out) {
  flat::encode<wallet::fbs::Event>(event, builder<Wallet>(), out);
}

bool Wallet::decode(std::string_view bytes, Event& event) {
  const auto* from = verified<wallet::fbs::Event>(bytes);
  return from != nullptr && flat::decode(*from, event);
}

void Wallet::digest(const Command& command, std::string& out) { tote::digest(command, out); }

std::string_view Wallet::name_of(const Event& event) {
  static constexpr std::string_view names[] = {"opened",   "credited",  "debited",      "held",
                                               "captured", "released",  "expired",      "status_set",
                                               "reversed", "debt_paid", "overdraft_set"};
  static_assert(std::size(names) == std::variant_size_v<Event>);
  return names[event.index()];
}

void Wallet::describe_event(const Event& event, Fields& fields) { by_members::describe(event, fields); }

void Wallet::answer(const State& wallet, const Command* command, std::string& out) {
  auto& to = builder<Wallet>();
  const std::string_view id = command == nullptr ? std::string_view{} : std::visit(HoldOf{}, *command);
  const auto found = id.empty() ? wallet.holds.end() : wallet.holds.find(id);
  const HoldState hold = found == wallet.holds.end() ? HoldState{} : found->second;
  const auto currency_at = to.CreateString(wallet.currency.letters, sizeof wallet.currency.letters);
  const auto hold_at = found == wallet.holds.end() ? Offset<String>{} : to.CreateString(found->first);
  const auto reason_at = flat::optional_string(to, wallet.reason);
  to.Finish(wallet::fbs::CreateAnswer(to, currency_at, wallet.balance.minor, wallet.held.minor,
                                      wallet.overdraft_limit.minor, hold_at, hold.amount.minor, hold.captured.minor,
                                      hold.expires_at.ns, static_cast<std::uint8_t>(hold.status),
                                      static_cast<std::uint8_t>(wallet.status), reason_at, wallet.debt.minor));
  append(to, out);
}

std::string_view name_of(Wallet::HoldStatus status) {
  static constexpr std::string_view names[] = {"open", "captured", "released", "expired"};
  return static_cast<std::size_t>(status) < std::size(names) ? names[static_cast<std::size_t>(status)] : "";
}

void Wallet::answer(const State& wallet, const Question& question, std::string& out) {
  auto& to = builder<Wallet>();
  const std::size_t limit = std::clamp<std::size_t>(question.limit, 1, holds_page_max);
  std::vector<Offset<wallet::fbs::HoldRow>> rows;
  std::string_view last;
  auto at = wallet.holds.upper_bound(question.after);
  for (; at != wallet.holds.end() && rows.size() < limit; ++at) {
    const HoldState& hold = at->second;
    if (question.status && hold.status != *question.status) continue;
    last = at->first;
    const auto id = to.CreateString(last.data(), last.size());
    rows.push_back(wallet::fbs::CreateHoldRow(to, id, hold.amount.minor, hold.captured.minor, hold.expires_at.ns,
                                              static_cast<std::uint8_t>(hold.status)));
  }
  const auto holds = to.CreateVector(rows);
  const auto next = flat::optional_string(to, at == wallet.holds.end() ? std::string_view{} : last);
  wallet::fbs::AnswerBuilder page(to);
  page.add_holds(holds);
  page.add_is_page(true);
  if (!next.IsNull()) page.add_next(next);
  to.Finish(page.Finish());
  append(to, out);
}

namespace {

bool describe_page(const wallet::fbs::Answer& from, Fields& fields) {
  if (from.holds() == nullptr) return false;
  fields.begin_list("holds");
  for (const auto* hold : *from.holds()) {
    const std::string_view status = name_of(static_cast<Wallet::HoldStatus>(hold->status()));
    if (status.empty()) return false;
    fields.begin({});
    fields.text("id", view(hold->hold()));
    fields.integer("amount", hold->amount());
    fields.time("expires_at", {hold->expires_at_ns()});
    fields.text("status", status);
    if (hold->captured() != 0) fields.integer("captured", hold->captured());
    fields.end();
  }
  fields.end_list();
  if (from.next() == nullptr)
    fields.none("next");
  else
    fields.text("next", view(from.next()));
  return true;
}

}  // namespace

bool Wallet::describe_answer(std::string_view id, std::string_view answer, Fields& fields) {
  static constexpr std::string_view statuses[] = {"open", "captured", "released", "expired"};
  const auto* from = verified<wallet::fbs::Answer>(answer, holds_page_max + 1);
  if (from == nullptr || from->hold_status() >= std::size(statuses)) return false;
  if (from->is_page()) return describe_page(*from, fields);
  const auto status = static_cast<Status>(from->status());
  if (tote::name_of(status).empty()) return false;
  std::int64_t available = 0;  // of bytes that no wallet of ours wrote it may be beyond 64 bits
  if (__builtin_add_overflow(from->balance(), from->overdraft_limit(), &available) ||
      __builtin_sub_overflow(available, from->held(), &available))
    return false;
  fields.text("id", id);
  fields.text("currency", view(from->currency()));
  fields.integer("balance", from->balance());
  fields.integer("held", from->held());
  fields.integer("available", available);
  if (from->overdraft_limit() != 0) fields.integer("overdraft_limit", from->overdraft_limit());
  if (status != Status::unset) fields.text("status", tote::name_of(status));
  if (from->reason() != nullptr) fields.text("reason", view(from->reason()));
  if (from->debt() != 0) fields.integer("debt", from->debt());
  if (from->hold() == nullptr) return true;
  fields.begin("hold");
  fields.text("id", view(from->hold()));
  fields.integer("amount", from->hold_amount());
  fields.time("expires_at", {from->hold_expires_at_ns()});
  fields.text("status", statuses[from->hold_status()]);
  if (from->hold_captured() != 0) fields.integer("captured", from->hold_captured());
  fields.end();
  return true;
}

}  // namespace tote
