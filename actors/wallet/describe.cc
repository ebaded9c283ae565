#include "actors/wallet/wallet.h"

namespace tote {
namespace {

void reference(std::string_view text, Fields& fields) {
  if (!text.empty()) fields.text("reference", text);
}

struct Describe {
  Fields& fields;

  void operator()(const Wallet::Opened& event) const {
    fields.text("currency", event.currency.text());
    if (event.overdraft_limit.minor != 0) fields.integer("overdraft_limit", event.overdraft_limit.minor);
  }
  void operator()(const Wallet::Credited& event) const {
    fields.integer("amount", event.amount.minor);
    reference(event.reference, fields);
  }
  void operator()(const Wallet::Debited& event) const {
    fields.integer("amount", event.amount.minor);
    reference(event.reference, fields);
  }
  void operator()(const Wallet::Held& event) const {
    fields.text("hold", event.hold);
    fields.integer("amount", event.amount.minor);
    fields.time("expires_at", event.expires_at);
  }
  void operator()(const Wallet::Captured& event) const {
    fields.text("hold", event.hold);
    fields.integer("amount", event.amount.minor);
  }
  void operator()(const Wallet::Released& event) const { fields.text("hold", event.hold); }
  void operator()(const Wallet::Expired& event) const { fields.text("hold", event.hold); }
};

}  // namespace

std::string_view Wallet::name_of(const Event& event) {
  static constexpr std::string_view names[] = {"opened",   "credited", "debited", "held",
                                               "captured", "released", "expired"};
  static_assert(std::size(names) == std::variant_size_v<Event>);
  return names[event.index()];
}

void Wallet::describe_event(const Event& event, Fields& fields) { std::visit(Describe{fields}, event); }

}  // namespace tote
