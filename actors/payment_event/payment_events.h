// actors/payment_event/payment_events.h: what a tenant's payment provider has said, event by event.
//
//   received -> processed | ignored       acted upon from the log, in the order of arrival (act.h), once
//      │  ^
//      v  └── tried again with back-off, or by an operator
//    failed                                for an operator
//
// An event is here, durable, before it has any effect, and its effect is in the record that says `processed`: a crash
// between the two leaves it `received`, and it is acted upon at the next start. The same event again changes nothing.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "actors/payment_event/notice.h"
#include "engine/kernel/kind_of.h"
#include "engine/kernel/ordered_map.h"

namespace tote {

struct PaymentEvents {
  static constexpr KindId kind_id = 12;
  static constexpr std::string_view kind = "payment_events";
  static constexpr bool is_one_of_tenant = true;
  static constexpr std::string_view id = "payment_events";  // the one entity of a tenant

  static constexpr std::size_t open_max = 100'000;  // received or failed; beyond: overloaded
  // Processed and ignored ones that are remembered: providers repeat an event for three days. Which payments were
  // decided is known for ever (outside_payment.h).
  static constexpr std::size_t closed_max = 100'000;
  static constexpr std::uint32_t attempts_max = 20;  // about a quarter of an hour; then it has failed
  static constexpr std::size_t page_max = 1'000;
  static constexpr std::size_t text_bytes_max = 256;  // an error, an operator's reason

  // On disk by number: add, never renumber.
  enum class Status : std::uint8_t { received = 0, processed = 1, ignored = 2, failed = 3 };

  struct Entry {
    std::int64_t number = 0;  // in the order of arrival; of a closed one in that of their closing
    Status status = Status::received;
    PaymentNotice notice{};
    std::uint32_t attempts = 0;
    std::string last_error{};
    PaymentOutcome outcome = PaymentOutcome::none;
    Code reason = Code::ok;  // of a refund
    Time created_at{};
    Time retry_at = Time::never();

    static constexpr void members(auto&& is) {
      is("number", &Entry::number);
      is("status", &Entry::status);
      is("notice", &Entry::notice);
      is("attempts", &Entry::attempts);
      is("last_error", &Entry::last_error);
      is("outcome", &Entry::outcome);
      is("reason", &Entry::reason);
      is("created_at", &Entry::created_at);
      is("retry_at", &Entry::retry_at);
    }
  };

  // A copy costs nothing, whatever is in it (ordered_map.h).
  struct State {
    OrderedMap<std::string, Entry> events{};
    OrderedSet<std::pair<Status, std::string>> by_status{};
    OrderedMap<std::int64_t, std::string> ready{};     // received, to be acted upon
    OrderedSet<std::pair<Time, std::string>> later{};  // received, tried again then
    OrderedMap<std::int64_t, std::string> closed{};    // processed and ignored, the oldest first
    OrderedSet<std::string> failed{};
    std::int64_t count = 0, closed_count = 0;  // ever

    static constexpr void members(auto&& is) {
      is("events", &State::events);
      is("by_status", &State::by_status);
      is("ready", &State::ready);
      is("later", &State::later);
      is("closed", &State::closed);
      is("failed", &State::failed);
      is("count", &State::count);
      is("closed_count", &State::closed_count);
    }
  };

  // Commands: what is asked. Receive comes from a door, Retry from an operator, the others from act.cc.
  struct Receive {  // known already: yes, and nothing changes
    std::string event{};
    PaymentNotice notice{};
    static constexpr void members(auto&& is) {
      is("event", &Receive::event);
      is("notice", &Receive::notice);
    }
  };
  struct Settle {
    std::string event{};
    PaymentOutcome outcome = PaymentOutcome::none;
    Code reason = Code::ok;
    static constexpr void members(auto&& is) {
      is("event", &Settle::event);
      is("outcome", &Settle::outcome);
      is("reason", &Settle::reason, {.may_lack = true});
    }
  };
  struct Postpone {  // it can't be acted upon now; too often: it has failed
    std::string event{};
    std::string error{};
    bool is_final = false;  // it never can be
    static constexpr void members(auto&& is) {
      is("event", &Postpone::event);
      is("error", &Postpone::error);
      is("is_final", &Postpone::is_final);
    }
  };
  struct Retry {  // not_failed
    std::string event{};
    std::string reason{};
    static constexpr void members(auto&& is) {
      is("event", &Retry::event);
      is("reason", &Retry::reason, {.may_lack = true});
    }
  };
  using Command = std::variant<Receive, Settle, Postpone, Retry>;

  // Events: what happened.
  struct Received {
    std::string event{};
    PaymentNotice notice{};
    Time at{};
    static constexpr void members(auto&& is) {
      is("event", &Received::event);
      is("notice", &Received::notice);
      is("at", &Received::at);
    }
  };
  using Settled = Settle;
  struct Postponed {
    std::string event{};
    std::string error{};
    Time retry_at{};
    static constexpr void members(auto&& is) {
      is("event", &Postponed::event);
      is("error", &Postponed::error);
      is("retry_at", &Postponed::retry_at);
    }
  };
  struct Failed {
    std::string event{};
    std::string error{};
    static constexpr void members(auto&& is) {
      is("event", &Failed::event);
      is("error", &Failed::error);
    }
  };
  struct Due {
    std::string event{};
    static constexpr void members(auto&& is) { is("event", &Due::event); }
  };
  using Requeued = Retry;
  using Event = std::variant<Received, Settled, Postponed, Failed, Due, Requeued>;

  static constexpr std::string_view event_names[] = {"received", "settled", "postponed", "failed", "due", "requeued"};

  static Decision<Event> decide(const State& events, const Command& command, Time now);
  static void apply(State& events, const Event& event);
  static bool check(const State& events);
  static bool fits(const State& events, const Event& event);

  static Time next_due(const State& events);
  static Event due(const State& events);

  // -- acting on its own (engine/kernel/effect.h): the oldest that is ready is acted upon (act.cc)
  static ScriptPtr follow_up(const State& events, std::string_view);
  static std::string alert(const State& events);

  // What is asked besides: one event, or a page of those with a status, in the order of their ids.
  struct Question {
    std::string event{};  // not empty: this one
    std::string after{};
    std::size_t limit = 100;   // 1 to page_max
    std::int64_t status = -1;  // -1: any
  };

  // Bytes and names (codec.cc). The answer to a command is its event.
  static void answer(const State& events, const Command* command, std::string& out);
  static void answer(const State& events, const Question& question, std::string& out);
  static bool describe_answer(std::string_view, std::string_view answer, Fields& fields);
  static bool is_of_nothing(std::string_view answer);  // the event that was asked for isn't known

  // What it says to the world (says.cc).
  static constexpr std::string_view told_names[] = {
      "payment_event.received", "payment_event.settled", "", "payment_event.failed", "", ""};
  static std::span<const Table> tables();
  static void rows(std::string_view, const State& events, std::span<const Event> changes, RowWriter& out);
};

std::string_view name_of(PaymentEvents::Status status);

// An operator's: addressed to PaymentEvents::kind_id, PaymentEvents::id. not_found, not_failed.
Command retry_payment_event(std::string event, std::string reason);

}  // namespace tote
