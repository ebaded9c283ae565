#include <algorithm>
#include <variant>

#include "actors/payment_event/payment_events.h"
#include "engine/kernel/by_members.h"

namespace tote {
namespace {

using Entry = PaymentEvents::Entry;
using Status = PaymentEvents::Status;

// What an answer may be; alternatives are added at the end.
struct Counts {  // of all
  std::int64_t received = 0, failed = 0, closed = 0;
  static constexpr void members(auto&& is) {
    is("received", &Counts::received), is("failed", &Counts::failed), is("closed", &Counts::closed);
  }
};
struct Shown {
  std::string event{};
  Entry entry{};
  static constexpr void members(auto&& is) { is("event", &Shown::event), is("entry", &Shown::entry); }
};
struct Page {
  std::vector<Shown> events{};
  std::string next{};
  static constexpr void members(auto&& is) { is("events", &Page::events), is("next", &Page::next); }
};
struct NoEvent {};
using Answer = std::variant<Counts, Shown, Page, NoEvent>;

Answer one(const PaymentEvents::State& events, const std::string& id) {
  const Entry* entry = events.events.find(id);
  if (entry == nullptr) return NoEvent{};
  return Shown{id, *entry};
}

// Those from `at` on for which `id_of` gives an id, until there are `limit`.
template <class At, class IdOf>
Page page(const PaymentEvents::State& events, At at, const At& end, std::size_t limit, const IdOf& id_of) {
  Page out;
  for (; !(at == end); ++at) {
    const std::string* id = id_of(*at);
    if (id == nullptr) break;
    if (out.events.size() == limit) {
      out.next = out.events.back().event;
      break;
    }
    out.events.push_back({*id, events.events.at(*id)});
  }
  return out;
}

Page page(const PaymentEvents::State& events, const PaymentEvents::Question& question) {
  const std::size_t limit = std::clamp<std::size_t>(question.limit, 1, PaymentEvents::page_max);
  if (question.status < 0)
    return page(events, events.events.upper_bound(question.after), events.events.end(), limit,
                [](const auto& entry) { return &entry.first; });
  const auto status = static_cast<Status>(question.status);
  return page(events, events.by_status.upper_bound(std::pair(status, question.after)), events.by_status.end(), limit,
              [&](const auto& entry) { return entry.first.first == status ? &entry.first.second : nullptr; });
}

void describe_result(const Entry& entry, Fields& fields) {
  fields.begin("result");
  if (entry.outcome != PaymentOutcome::none) {
    const PaymentNotice& notice = entry.notice;
    fields.text("outcome", name_of(entry.outcome));
    if (entry.reason != Code::ok) fields.text("reason", name_of(entry.reason));
    if (!notice.match.empty()) fields.text("match", notice.match);
    if (!notice.player.empty()) fields.text("player", notice.player);
    if (!notice.order.empty()) fields.text("order", notice.order);
    if (!notice.payment.empty()) fields.text("payment", notice.payment);
    if (notice.amount.minor != 0) fields.integer("amount", notice.amount.minor);
    if (notice.amount.minor != 0 && notice.currency != Currency{}) fields.text("currency", notice.currency.text());
  }
  fields.end();
}

void describe(const Shown& shown, Fields& fields) {
  const Entry& entry = shown.entry;
  fields.text("id", shown.event);
  fields.text("type", entry.notice.type);
  fields.text("status", name_of(entry.status));
  fields.integer("attempts", entry.attempts);
  if (!entry.last_error.empty()) fields.text("last_error", entry.last_error);
  fields.time("created_at", entry.created_at);
  describe_result(entry, fields);
}

struct Describe {
  Fields& fields;

  bool operator()(const Counts& counts) const {
    fields.integer("received", counts.received);
    fields.integer("failed", counts.failed);
    fields.integer("closed", counts.closed);
    return true;
  }
  bool operator()(const Shown& shown) const {
    describe(shown, fields);
    return !name_of(shown.entry.status).empty();
  }
  bool operator()(const Page& shown) const {
    fields.begin_list("payment_events");
    for (const Shown& event : shown.events) {
      fields.begin({});
      describe(event, fields);
      fields.end();
    }
    fields.end_list();
    shown.next.empty() ? fields.none("next") : fields.text("next", shown.next);
    return true;
  }
  bool operator()(const NoEvent&) const { return true; }
};

const std::string& event_of(const PaymentEvents::Command& command) {
  return std::visit([](const auto& asked) -> const std::string& { return asked.event; }, command);
}

}  // namespace

std::string_view name_of(PaymentEvents::Status status) {
  static constexpr std::string_view names[] = {"received", "processed", "ignored", "failed"};
  return static_cast<std::size_t>(status) < std::size(names) ? names[static_cast<std::size_t>(status)] : "";
}

void PaymentEvents::answer(const State& events, const Command* command, std::string& out) {
  if (command != nullptr) return by_members::encode(one(events, event_of(*command)), out);
  const auto count = [](const auto& of) { return static_cast<std::int64_t>(of.size()); };
  const Counts counts{count(events.ready) + count(events.later), count(events.failed), count(events.closed)};
  by_members::encode(Answer(counts), out);
}

void PaymentEvents::answer(const State& events, const Question& question, std::string& out) {
  by_members::encode(question.event.empty() ? Answer(page(events, question)) : one(events, question.event), out);
}

bool PaymentEvents::describe_answer(std::string_view, std::string_view answer, Fields& fields) {
  Answer shown;
  return by_members::decode(answer, shown) && std::visit(Describe{fields}, shown);
}

bool PaymentEvents::is_of_nothing(std::string_view answer) {
  Answer shown;
  return by_members::decode(answer, shown) && std::holds_alternative<NoEvent>(shown);
}

}  // namespace tote
