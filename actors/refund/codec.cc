#include <algorithm>
#include <functional>

#include "actors/codec/by_table.h"
#include "actors/refund/refund_generated.h"
#include "actors/refund/refunds.h"
#include "engine/kernel/by_members.h"

namespace tote {
namespace {

using flat::append;
using flat::builder;
using flat::FlatBufferBuilder;
using flat::Offset;
using flat::optional_string;
using flat::text_of;
using flat::verified;

constexpr flatbuffers::uoffset_t tables_max = Refunds::shown_max + 32;

Offset<refund::fbs::Refund> encoded(FlatBufferBuilder& to, const std::string& id, const Refunds::Refund& one) {
  const auto id_at = to.CreateString(id);
  const auto currency = optional_string(to, one.currency.text());
  const auto error = optional_string(to, one.last_error);
  return refund::fbs::CreateRefund(to, id_at, one.amount.minor, currency, static_cast<std::uint8_t>(one.status),
                                   one.attempts, error, one.created_at.ns);
}

void describe(const refund::fbs::Refund& one, Fields& fields) {
  fields.text("id", text_of(one.id()));
  fields.integer("amount", one.amount());
  fields.text("currency", text_of(one.currency()));
  fields.text("status", name_of(static_cast<Refunds::Status>(one.status())));
  fields.integer("attempts", one.attempts());
  if (one.last_error() != nullptr) fields.text("last_error", text_of(one.last_error()));
  fields.time("created_at", {one.created_at_ns()});
}

// Newest first. Where there are too many, those that somebody must still look at come before those that succeeded.
// However long the queue is, at most twice as many are looked at as are shown.
std::vector<std::uint64_t> shown_numbers(const Refunds::State& queue) {
  std::vector<std::uint64_t> numbers;
  for (auto at = queue.open.rbegin(); at != queue.open.rend() && numbers.size() < Refunds::shown_max; ++at)
    numbers.push_back(*at);
  for (auto at = queue.by_number.rbegin(); at != queue.by_number.rend() && numbers.size() < Refunds::shown_max; ++at)
    if (!queue.open.contains(at->first)) numbers.push_back(at->first);
  std::ranges::sort(numbers, std::greater<>());
  return numbers;
}

}  // namespace

void Refunds::encode(const Event& event, std::string& out) {
  flat::encode<refund::fbs::Event>(event, builder<Refunds>(), out);
}

bool Refunds::decode(std::string_view bytes, Event& event) {
  const auto* from = verified<refund::fbs::Event>(bytes);
  return from != nullptr && flat::decode(*from, event);
}

std::string_view name_of(Refunds::Status status) {
  static constexpr std::string_view names[] = {"queued", "sent", "pending_funds", "succeeded", "failed"};
  return static_cast<std::size_t>(status) < std::size(names) ? names[static_cast<std::size_t>(status)] : "";
}

std::string_view Refunds::name_of(const Event& event) {
  static constexpr std::string_view names[] = {"enqueued", "succeeded", "pending_funds", "unanswered", "failed",
                                               "due",      "all_due",   "requeued",      "paused",     "resumed"};
  static_assert(std::size(names) == std::variant_size_v<Event>);
  return names[event.index()];
}

void Refunds::describe_event(const Event& event, Fields& fields) { by_members::describe(event, fields); }

void Refunds::answer(const State& queue, const Command* command, std::string& out) {
  auto& to = builder<Refunds>();
  std::vector<Offset<refund::fbs::Refund>> shown;
  const auto* retry = command == nullptr ? nullptr : std::get_if<Retry>(command);
  if (retry != nullptr) {
    const auto found = queue.refunds.find(retry->refund);
    if (found != queue.refunds.end()) shown.push_back(encoded(to, found->first, found->second));
  } else if (command == nullptr) {
    for (const std::uint64_t number : shown_numbers(queue)) {
      const std::string& id = queue.by_number.at(number);
      shown.push_back(encoded(to, id, queue.refunds.at(id)));
    }
  }
  to.Finish(refund::fbs::CreateAnswer(to, to.CreateVector(shown), queue.paused, retry != nullptr));
  append(to, out);
}

bool Refunds::describe_answer(std::string_view, std::string_view answer, Fields& fields) {
  return describe_refunds(answer, {}, fields);
}

bool Refunds::describe_refunds(std::string_view answer, std::string_view status, Fields& fields) {
  const auto* from = verified<refund::fbs::Answer>(answer, tables_max);
  if (from == nullptr || from->refunds() == nullptr) return false;
  for (const auto* one : *from->refunds())
    if (tote::name_of(static_cast<Status>(one->status())).empty()) return false;
  if (from->is_one()) {
    for (const auto* one : *from->refunds()) describe(*one, fields);
    return true;
  }
  fields.text("card_payments", from->paused() ? "paused" : "running");
  fields.begin_list("refunds");
  for (const auto* one : *from->refunds()) {
    if (!status.empty() && tote::name_of(static_cast<Status>(one->status())) != status) continue;
    fields.begin({});
    describe(*one, fields);
    fields.end();
  }
  fields.end_list();
  return true;
}

void Refunds::digest(const Command& command, std::string& out) {
  out.push_back(static_cast<char>(command.index()));
  if (const auto* enqueue = std::get_if<Enqueue>(&command))
    out.append(enqueue->refund).append(1, '\0').append(enqueue->charge).append(std::to_string(enqueue->amount.minor));
  else if (const auto* reported = std::get_if<Reported>(&command))
    out.append(reported->effect).append(1, '\0').append(payment::name_of(reported->result.status));
  else if (const auto* retry = std::get_if<Retry>(&command))
    out.append(retry->refund).append(retry->reason.empty() ? "" : std::string(1, '\0') + retry->reason);
  else if (const auto* resume = std::get_if<Resume>(&command))
    out.append(resume->reason);
  else if (const auto* heard = std::get_if<Heard>(&command))
    out.append(heard->charge)
        .append(1, '\0')
        .append(std::to_string(static_cast<int>(heard->news)))
        .append(heard->provider_id.empty() ? "" : '\0' + heard->provider_id);
}

}  // namespace tote
