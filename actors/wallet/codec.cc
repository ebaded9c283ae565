#include <cstring>

#include "actors/codec/flat.h"
#include "actors/wallet/wallet.h"
#include "actors/wallet/wallet_generated.h"

namespace tote {
namespace {

using flat::append;
using flat::builder;
using flat::FlatBufferBuilder;
using flat::Offset;
using flat::optional_string;
using flat::String;
using flat::verified;
using flat::view;

struct Encode {
  FlatBufferBuilder& to;

  void operator()(const Wallet::Opened& event) const {
    finish(wallet::fbs::EventType::opened, event.overdraft_limit, event.currency.text());
  }
  void operator()(const Wallet::Credited& event) const {
    finish(wallet::fbs::EventType::credited, event.amount, {}, {}, {}, event.reference);
  }
  void operator()(const Wallet::Debited& event) const {
    finish(wallet::fbs::EventType::debited, event.amount, {}, {}, {}, event.reference);
  }
  void operator()(const Wallet::Held& event) const {
    finish(wallet::fbs::EventType::held, event.amount, {}, event.hold, event.expires_at);
  }
  void operator()(const Wallet::Captured& event) const {
    finish(wallet::fbs::EventType::captured, event.amount, {}, event.hold);
  }
  void operator()(const Wallet::Released& event) const { finish(wallet::fbs::EventType::released, {}, {}, event.hold); }
  void operator()(const Wallet::Expired& event) const { finish(wallet::fbs::EventType::expired, {}, {}, event.hold); }

 private:
  void finish(wallet::fbs::EventType type, Money amount, std::string_view currency, std::string_view hold = {},
              Time expires_at = {}, std::string_view reference = {}) const {
    const auto currency_at = optional_string(to, currency);
    const auto hold_at = optional_string(to, hold);
    const auto reference_at = optional_string(to, reference);
    to.Finish(wallet::fbs::CreateEvent(to, type, amount.minor, currency_at, hold_at, expires_at.ns, reference_at));
  }
};

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

struct Digest {
  std::string& out;

  void operator()(const Wallet::Open& command) const {
    text(command.currency.text()), number(command.overdraft_limit.minor);
  }
  void operator()(const Wallet::Credit& command) const { number(command.amount.minor), text(command.reference); }
  void operator()(const Wallet::Debit& command) const { number(command.amount.minor), text(command.reference); }
  void operator()(const Wallet::Hold& command) const {
    text(command.hold), number(command.amount.minor), number(command.expires_in_s);
  }
  void operator()(const Wallet::Capture& command) const { text(command.hold), number(command.amount.minor); }
  void operator()(const Wallet::Release& command) const { text(command.hold); }

 private:
  void number(std::int64_t value) const { out.append(reinterpret_cast<const char*>(&value), sizeof value); }
  void text(std::string_view value) const {
    number(static_cast<std::int64_t>(value.size()));
    out.append(value);
  }
};

}  // namespace

void Wallet::encode(const Event& event, std::string& out) {
  auto& to = builder<Wallet>();
  std::visit(Encode{to}, event);
  append(to, out);
}

bool Wallet::decode(std::string_view bytes, Event& event) {
  const auto* from = verified<wallet::fbs::Event>(bytes);
  if (from == nullptr) return false;
  const Money amount{from->amount()};
  const std::string hold(view(from->hold()));
  switch (from->type()) {
    case wallet::fbs::EventType::opened: {
      const auto currency = currency_of(view(from->currency()));
      if (!currency) return false;
      event = Opened{*currency, amount};
      return true;
    }
    case wallet::fbs::EventType::credited: event = Credited{amount, std::string(view(from->reference()))}; return true;
    case wallet::fbs::EventType::debited: event = Debited{amount, std::string(view(from->reference()))}; return true;
    case wallet::fbs::EventType::held: event = Held{hold, amount, {from->expires_at_ns()}}; return true;
    case wallet::fbs::EventType::captured: event = Captured{hold, amount}; return true;
    case wallet::fbs::EventType::released: event = Released{hold}; return true;
    case wallet::fbs::EventType::expired: event = Expired{hold}; return true;
    case wallet::fbs::EventType::none: return false;
  }
  return false;
}

void Wallet::answer(const State& wallet, const Command* command, std::string& out) {
  auto& to = builder<Wallet>();
  const std::string_view id = command == nullptr ? std::string_view{} : std::visit(HoldOf{}, *command);
  const auto found = id.empty() ? wallet.holds.end() : wallet.holds.find(id);
  const HoldState hold = found == wallet.holds.end() ? HoldState{} : found->second;
  const auto currency_at = to.CreateString(wallet.currency.letters, sizeof wallet.currency.letters);
  const auto hold_at = found == wallet.holds.end() ? Offset<String>{} : to.CreateString(found->first);
  to.Finish(wallet::fbs::CreateAnswer(to, currency_at, wallet.balance.minor, wallet.held.minor,
                                      wallet.overdraft_limit.minor, hold_at, hold.amount.minor, hold.captured.minor,
                                      hold.expires_at.ns, static_cast<std::uint8_t>(hold.status)));
  append(to, out);
}

bool Wallet::describe_answer(std::string_view id, std::string_view answer, Fields& fields) {
  static constexpr std::string_view statuses[] = {"open", "captured", "released", "expired"};
  const auto* from = verified<wallet::fbs::Answer>(answer);
  if (from == nullptr || from->hold_status() >= std::size(statuses)) return false;
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

void Wallet::digest(const Command& command, std::string& out) {
  out.push_back(static_cast<char>(command.index()));
  std::visit(Digest{out}, command);
}

}  // namespace tote
