// actors/refund/refunds.h: a tenant's refund queue. Money goes back to cards through it, however long that takes.
//
//   queued -> sent -> succeeded | failed (for an operator)
//               └──> pending_funds: the provider's account is empty; tried again with back-off, and at once when money
//                    has come in. Three at once pause the tenant's card payments until an operator resumes them.
//
// The same charge is never paid back twice: it is queued once, and the provider's idempotency key stays the same until
// the provider has said a definite no.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "actors/payment/gateway.h"
#include "engine/kernel/kind_of.h"

namespace tote {

struct Refunds {
  static constexpr KindId kind_id = 7;
  static constexpr std::string_view kind = "refunds";
  static constexpr bool is_one_of_tenant = true;
  static constexpr std::string_view id = "refunds";  // the one entity of a tenant

  static constexpr std::size_t open_max = 100'000;   // beyond: overloaded
  static constexpr std::size_t closed_max = 10'000;  // succeeded ones that are remembered: by then a retry is no retry
  static constexpr std::size_t sent_max = 8;         // calls at a time
  static constexpr std::size_t pausing_count = 3;    // refunds that lack funds
  static constexpr std::size_t shown_max = 1'000;    // in an answer
  static constexpr std::size_t text_bytes_max = 1'000;
  static constexpr std::size_t provider_id_bytes_max = 128;  // longer ones aren't remembered

  enum class Status : std::uint8_t { queued = 0, sent = 1, pending_funds = 2, succeeded = 3, failed = 4 };
  struct Refund {
    std::uint64_t number = 0;  // in the order of their coming
    std::string charge;
    Money amount{};
    Currency currency{};
    Status status = Status::queued;
    std::uint32_t attempts = 0;
    std::uint32_t epoch = 1;   // of the provider's idempotency key
    bool lacks_funds = false;  // until it succeeds or fails
    std::string last_error{};
    Time created_at{};
    Time retry_at = Time::never();
    bool is_part = false;      // of the charge: there may be others
    bool has_bounced = false;  // it had succeeded, and the money came back
    // By which the provider knows it, while it has succeeded, and the last that came back; empty: nobody has said.
    std::string provider_id{}, bounced_id{};

    static constexpr void members(auto&& is) {
      is("number", &Refund::number);
      is("charge", &Refund::charge);
      is("amount", &Refund::amount);
      is("currency", &Refund::currency);
      is("status", &Refund::status);
      is("attempts", &Refund::attempts);
      is("epoch", &Refund::epoch);
      is("lacks_funds", &Refund::lacks_funds);
      is("last_error", &Refund::last_error);
      is("created_at", &Refund::created_at);
      is("retry_at", &Refund::retry_at);
      is("is_part", &Refund::is_part);
      is("has_bounced", &Refund::has_bounced);
      is("provider_id", &Refund::provider_id), is("bounced_id", &Refund::bounced_id);
    }
  };

  struct State {
    std::map<std::string, Refund, std::less<>> refunds{};
    std::map<std::string, std::string, std::less<>> by_charge{};  // a part: by charge_name()
    std::map<std::uint64_t, std::string> by_number{};
    std::set<std::uint64_t> open{};                    // those that haven't succeeded
    std::set<std::uint64_t> ready{};                   // queued, may be sent
    std::set<std::uint64_t> sent{};                    // a call is out
    std::set<std::pair<Time, std::uint64_t>> later{};  // tried again then
    std::set<std::uint64_t> waiting{};                 // of these: those that lack funds …
    std::set<std::uint64_t> awake{};  // … and those of them that money has come for: they go out, too
    std::set<std::uint64_t> failed{};
    std::map<std::uint64_t, std::uint64_t> closed{};  // succeeded, in the order of their success
    std::uint64_t closed_count = 0;                   // ever
    std::size_t lacking_funds = 0;
    std::uint64_t count = 0;  // ever
    bool paused = false;

    static constexpr void members(auto&& is) {
      is("refunds", &State::refunds);
      is("by_charge", &State::by_charge);
      is("by_number", &State::by_number);
      is("open", &State::open);
      is("ready", &State::ready);
      is("sent", &State::sent);
      is("later", &State::later);
      is("waiting", &State::waiting);
      is("awake", &State::awake);
      is("failed", &State::failed);
      is("closed", &State::closed);
      is("closed_count", &State::closed_count);
      is("lacking_funds", &State::lacking_funds);
      is("count", &State::count);
      is("paused", &State::paused);
    }
  };

  // Commands: what is asked.
  struct Enqueue {  // the same charge again: yes, and nothing changes
    std::string refund;
    std::string charge;
    Money amount;
    Currency currency;
    bool is_part = false;  // of the charge: each is queued once by its own id
  };
  struct Reported {
    std::string effect;
    payment::Result result;
  };
  struct FundsArrived {};
  struct Retry {  // a failed one, or one that waits for funds, at once; the reason may be empty
    std::string refund;
    std::string reason{};
  };
  struct Resume {
    std::string reason;
  };
  // What the provider says by itself of the money of a charge.
  enum class News : std::uint8_t {
    returned,  // it is back, whoever gave it back
    bounced,   // it was on its way back and didn't arrive
    disputed,  // the customer's bank decides now: a refund that isn't on its way is an operator's
  };
  struct Heard {         // of a charge that isn't queued, or nothing new: yes, and nothing changes
    std::string charge;  // or what a part of one is found by: charge_name()
    News news = News::returned;
    std::string text{};
    std::string provider_id{};  // of the refund, where the provider names it
  };
  using Command = std::variant<Enqueue, Reported, FundsArrived, Retry, Resume, Heard>;

  // Events: what happened. On disk by refund.fbs: add at the end, never edit.
  struct Enqueued {
    std::string refund;
    std::string charge;
    Money amount;
    Currency currency;
    Time at;
    bool is_part = false;
    static constexpr void members(auto&& is) {
      is("refund", &Enqueued::refund);
      is("charge", &Enqueued::charge);
      is("amount", &Enqueued::amount);
      is("currency", &Enqueued::currency);
      is("at", &Enqueued::at, {.is_told = false});
      is("is_part", &Enqueued::is_part, {.is_told = false});
    }
  };
  struct Succeeded {
    std::string refund;
    std::string provider_id{};
    static constexpr void members(auto&& is) {
      is("refund", &Succeeded::refund);
      is("provider_id", &Succeeded::provider_id, {.may_lack = true, .is_told = false});
    }
  };
  struct Postponed {  // the account is empty
    std::string refund;
    Time retry_at;
    std::string error;
    static constexpr void members(auto&& is) {
      is("refund", &Postponed::refund);
      is("retry_at", &Postponed::retry_at, {.on_disk = "at"});
      is("error", &Postponed::error, {.on_disk = "text"});
    }
  };
  struct Unanswered {
    std::string refund;
    Time retry_at;
    std::string error;
    static constexpr void members(auto&& is) {
      is("refund", &Unanswered::refund);
      is("retry_at", &Unanswered::retry_at, {.on_disk = "at"});
      is("error", &Unanswered::error, {.on_disk = "text"});
    }
  };
  struct Failed {
    std::string refund;
    std::string error;
    std::string provider_id{};  // of what has come back
    static constexpr void members(auto&& is) {
      is("refund", &Failed::refund);
      is("error", &Failed::error, {.on_disk = "text"});
      is("provider_id", &Failed::provider_id, {.may_lack = true, .is_told = false});
    }
  };
  struct Due {
    std::string refund;
    static constexpr void members(auto&& is) { is("refund", &Due::refund); }
  };
  struct AllDue {};  // money has come in
  struct Requeued {
    std::string refund;
    std::string reason{};
    static constexpr void members(auto&& is) {
      is("refund", &Requeued::refund);
      is("reason", &Requeued::reason, {.on_disk = "text", .may_lack = true});
    }
  };
  struct Paused {};
  struct Resumed {
    std::string reason;
    static constexpr void members(auto&& is) { is("reason", &Resumed::reason, {.on_disk = "text"}); }
  };
  using Event =
      std::variant<Enqueued, Succeeded, Postponed, Unanswered, Failed, Due, AllDue, Requeued, Paused, Resumed>;

  // What a refund is found by: its charge, or that and its own id.
  static std::string charge_name(const std::string& charge, const std::string& refund, bool is_part) {
    return is_part ? charge + '\n' + refund : charge;
  }
  static bool is_paused(const State& queue) { return queue.paused; }
  static bool may_be_retried(const Refund& refund) {
    return refund.status == Status::failed || refund.status == Status::pending_funds;
  }
  static bool has_pending_funds(const State& queue) { return queue.lacking_funds > 0; }

  static Decision<Event> decide(const State& queue, const Command& command, Time now);
  static void apply(State& queue, const Event& event);
  static bool check(const State& queue);
  static bool fits(const State& queue, const Event& event);

  static Time next_due(const State& queue);
  static Event due(const State& queue);

  // -- acting on its own (engine/kernel/effect.h)
  static ScriptPtr follow_up(const State&, std::string_view) { return nullptr; }
  static void effects(const State& queue, std::string_view id, Effects& out);
  static std::string alert(const State& queue);
  static ScriptPtr report(std::string_view id, std::string_view effect, CommandRef result);

  // Bytes (codec.cc). The answer to Retry is that refund, to Resume the queue without its refunds.
  static void encode(const Event& event, std::string& out);
  static bool decode(std::string_view bytes, Event& event);
  static void answer(const State& queue, const Command* command, std::string& out);
  static void digest(const Command& command, std::string& out);

  // Names for the edges (codec.cc).
  static std::string_view name_of(const Event& event);
  static void describe_event(const Event& event, Fields& fields);
  static bool describe_answer(std::string_view id, std::string_view answer, Fields& fields);
  // Only those with this status ("pending_funds"); empty: all.
  static bool describe_refunds(std::string_view answer, std::string_view status, Fields& fields);

  // What it says to the world (says.cc): a row of each refund, none of the queue.
  static constexpr std::string_view told_names[] = {
      "refund.enqueued", "refund.succeeded", "refund.pending_funds", "", "refund.failed", "", "",
      "refund.requeued", "payments.paused",  "payments.resumed"};
  static std::span<const Table> tables();
  static void rows(std::string_view id, const State& queue, std::span<const Event> events, RowWriter& out);
};

std::string_view name_of(Refunds::Status status);

// "p-<payment>": the refund of a payment that was made outside, whoever asks for it.
std::string refund_id_of_payment(std::string_view payment);

// Scripts for operators; addressed to Refunds::kind_id, Refunds::id. Retry: refund_not_failed unless it has failed or
// waits for funds. Resume: those that wait for funds are tried again at once.
Command retry_refund(std::string refund, std::string reason = {});
Command resume_payments(std::string reason);

}  // namespace tote
