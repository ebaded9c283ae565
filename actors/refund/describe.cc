#include "actors/refund/refunds.h"

namespace tote {
namespace {

struct Describe {
  Fields& fields;

  void operator()(const Refunds::Enqueued& event) const {
    fields.text("refund", event.refund);
    fields.text("charge", event.charge);
    fields.integer("amount", event.amount.minor);
    fields.text("currency", event.currency.text());
  }
  void operator()(const Refunds::Succeeded& event) const { fields.text("refund", event.refund); }
  void operator()(const Refunds::Postponed& event) const { again(event.refund, event.retry_at, event.error); }
  void operator()(const Refunds::Unanswered& event) const { again(event.refund, event.retry_at, event.error); }
  void operator()(const Refunds::Failed& event) const {
    fields.text("refund", event.refund);
    fields.text("error", event.error);
  }
  void operator()(const Refunds::Due& event) const { fields.text("refund", event.refund); }
  void operator()(const Refunds::AllDue&) const {}
  void operator()(const Refunds::Requeued& event) const {
    fields.text("refund", event.refund);
    if (!event.reason.empty()) fields.text("reason", event.reason);
  }
  void operator()(const Refunds::Paused&) const {}
  void operator()(const Refunds::Resumed& event) const { fields.text("reason", event.reason); }

 private:
  void again(const std::string& refund, Time at, const std::string& error) const {
    fields.text("refund", refund);
    fields.time("retry_at", at);
    fields.text("error", error);
  }
};

}  // namespace

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

void Refunds::describe_event(const Event& event, Fields& fields) { std::visit(Describe{fields}, event); }

}  // namespace tote
