#include "adapters/postgres/rows_of.h"

#include <algorithm>
#include <set>

#include "actors/item/item.h"
#include "actors/match/match.h"
#include "actors/order/order.h"
#include "actors/refund/refunds.h"
#include "actors/wallet/wallet.h"
#include "adapters/events/utc_text.h"

namespace tote::postgres {
namespace {

Cell number(std::int64_t value) { return std::to_string(value); }
Cell number(std::uint64_t value) { return std::to_string(value); }
Cell text_or_none(std::string_view text) { return text.empty() ? Cell{} : Cell(text); }

Cell time(Time at) { return at == Time::never() || at.ns == 0 ? Cell{} : Cell(events::utc_text(at)); }

template <class E>
const typename E::State* state_in(const AnyEntity& entity) {
  const auto* found = dynamic_cast<const EntityOf<E>*>(&entity);
  return found == nullptr ? nullptr : &found->state();
}

// A JSON text; labels have no control characters (kernel/labels.h).
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

// Which parts of an entity its events speak of: holds, reservations, players.
class Named final : public Fields {
 public:
  explicit Named(std::string_view wanted) : wanted_(wanted) {}
  void integer(std::string_view, std::int64_t) override {}
  void text(std::string_view name, std::string_view value) override {
    if (name == wanted_) found.emplace(value);
  }
  void time(std::string_view, Time) override {}
  void begin(std::string_view) override {}
  void end() override {}

  std::set<std::string> found;

 private:
  std::string_view wanted_;
};

template <class E>
std::set<std::string> named(std::string_view events, std::string_view field) {
  Named names(field);
  kind_of<E>()->describe_events(events, names);
  return std::move(names.found);
}

std::string_view name_of(Wallet::HoldStatus status) {
  static constexpr std::string_view names[] = {"open", "captured", "released", "expired"};
  return names[static_cast<std::size_t>(status)];
}
std::string_view name_of(Item::ReservationStatus status) {
  static constexpr std::string_view names[] = {"open", "committed", "released", "expired"};
  return names[static_cast<std::size_t>(status)];
}

// As jsonb shows it: the shorter names first.
Cell metadata_of(const Labels& labels) {
  if (labels.metadata.empty()) return {};
  auto sorted = labels.metadata;
  std::ranges::sort(sorted, [](const auto& one, const auto& other) {
    return std::pair(one.first.size(), one.first) < std::pair(other.first.size(), other.first);
  });
  std::string text = "{";
  for (const auto& [name, value] : sorted)
    text.append(text.size() > 1 ? ", " : "").append(quoted(name)).append(": ").append(quoted(value));
  return text + "}";
}

// Of one entity: who it is and what it shows.
struct Subject {
  const std::string& tenant;
  const std::string& id;
  const AnyEntity& entity;
  Rows& rows;

  Cell version() const { return number(entity.version.value); }
  Cell lsn() const { return number(entity.lsn.value); }

  void wallet(const Wallet::State& wallet) const {
    const std::int64_t available = wallet.balance.minor - wallet.held.minor + wallet.overdraft_limit.minor;
    rows.put(TableId::wallets,
             {tenant, id, std::string(wallet.currency.text()), number(wallet.balance.minor), number(wallet.held.minor),
              number(available), number(wallet.overdraft_limit.minor), version(), lsn()});
  }
  void hold(const std::string& hold, const Wallet::HoldState& state) const {
    rows.put(TableId::holds, {tenant, id, hold, number(state.amount.minor), number(state.captured.minor),
                              std::string(name_of(state.status)), time(state.expires_at), version(), lsn()});
  }
  void item(const Item::State& item) const {
    rows.put(TableId::items,
             {tenant, id, number(item.on_hand), number(item.reserved), number(item.available()), version(), lsn()});
  }
  void reservation(const std::string& reservation, const Item::Reservation& state) const {
    rows.put(TableId::reservations, {tenant, id, reservation, number(state.quantity),
                                     std::string(name_of(state.status)), time(state.expires_at), version(), lsn()});
  }
  void match(const Match::State& match) const {
    rows.put(TableId::matches,
             {tenant, id, number(match.seats), number(match.taken()), number(match.waiting.size()),
              number(match.price.minor), std::string(match.currency.text()), time(match.starts_at), version(), lsn()});
  }
  // A player who is nothing to the match any more has cancelled.
  void booking(const Match::State& match, const std::string& player) const {
    static constexpr std::string_view statuses[] = {"in", "pending", "cancelling"};
    Cell status = std::string("cancelled"), paid_by, reference, amount;
    LabelsPtr labels;
    if (const Match::Player* found = match.players.find(player)) {
      status = std::string(statuses[static_cast<std::size_t>(found->status)]);
      paid_by = tote::name_of(found->payment.method);
      labels = found->labels;
      if (found->is_in()) reference = text_or_none(found->payment.reference);
      if (found->is_in()) amount = number(found->payment.amount.minor);
    } else if (const WaitingList::Waiting* waiting = match.waiting.find(player)) {
      status = "waitlisted";
      paid_by = tote::name_of(waiting->payment.method);
      labels = waiting->labels;
    }
    rows.put(TableId::bookings,
             {tenant, id, player, status, paid_by, reference, amount, text_or_none(labels_of(labels).reference),
              metadata_of(labels_of(labels)), version(), lsn()});
  }
  void order(const Order::State& order) const {
    if (order.input == nullptr) return;
    const OrderPlan::Input& input = *order.input;
    std::string lines = "[";
    for (const OrderPlan::Line& line : input.lines)
      lines.append(lines.size() > 1 ? ", " : "")
          .append("{\"item\": \"")
          .append(line.item)
          .append("\", \"quantity\": ") += std::to_string(line.quantity) + "}";
    const Cell error = order.progress.code == Code::ok ? Cell{} : Cell(tote::name_of(order.progress.code));
    const Cell currency = input.currency == Currency{} ? Cell{} : Cell(input.currency.text());
    rows.put(TableId::orders, {tenant, id, std::string(order_status(order.progress)), text_or_none(input.wallet),
                               number(input.amount.minor), currency, lines + "]", error,
                               text_or_none(labels_of(input.labels).reference),
                               metadata_of(labels_of(input.labels)), version(), lsn()});
  }
  void refund(const std::string& refund, const Refunds::Refund& state) const {
    rows.put(TableId::refunds,
             {tenant, refund, state.charge, number(state.amount.minor), std::string(state.currency.text()),
              std::string(tote::name_of(state.status)), number(std::int64_t{state.attempts}),
              text_or_none(state.last_error), time(state.created_at), version(), lsn()});
  }
};

}  // namespace

void Collector::apply(Lsn lsn, const wal::Record& record) {
  std::vector<std::int64_t> balances;
  for (const wal::Change& change : record.changes) {
    const AnyEntity* before = world_.find(record.tenant, change.kind, change.entity);
    const auto* wallet = before == nullptr ? nullptr : state_in<Wallet>(*before);
    balances.push_back(wallet == nullptr ? 0 : wallet->balance.minor);
  }
  if (const std::string problem = world_.apply(lsn, record); !problem.empty())
    throw std::runtime_error("record " + std::to_string(lsn.value) + ": " + problem);
  lsn_ = lsn;
  for (std::size_t i = 0; i < record.changes.size(); ++i) {
    const wal::Change& change = record.changes[i];
    if (change.kind == Wallet::kind_id) collect_ledger(lsn, record, change, balances[i]);
    collect(record.tenant, change);
  }
}

// One row a movement of money, with the balance after it.
void Collector::collect_ledger(Lsn lsn, const wal::Record& record, const wal::Change& change, std::int64_t balance) {
  const auto* wallet = state_in<Wallet>(*world_.find(record.tenant, change.kind, change.entity));
  std::string_view rest = change.events, bytes;
  Wallet::Event event;
  for (std::int64_t entry = 0; next_event(rest, bytes); ++entry) {
    if (!Wallet::decode(bytes, event)) continue;
    std::int64_t amount = 0;
    std::string reference;
    if (const auto* credited = std::get_if<Wallet::Credited>(&event))
      amount = credited->amount.minor, reference = credited->reference;
    else if (const auto* debited = std::get_if<Wallet::Debited>(&event))
      amount = -debited->amount.minor, reference = debited->reference;
    else if (const auto* captured = std::get_if<Wallet::Captured>(&event))
      amount = -captured->amount.minor, reference = captured->hold;
    else
      continue;
    balance += amount;
    rows_.put(TableId::ledger, {std::string(record.tenant), std::string(change.entity), number(change.version.value),
                                number(entry), std::string(Wallet::name_of(event)), number(amount),
                                std::string(wallet->currency.text()), number(balance), text_or_none(reference),
                                text_or_none(record.key), time(record.time), number(lsn.value)});
  }
}

void Collector::collect(std::string_view tenant_name, const wal::Change& change) {
  const AnyEntity& entity = *world_.find(tenant_name, change.kind, change.entity);
  const std::string tenant(tenant_name), id(change.entity);
  const Subject subject{tenant, id, entity, rows_};
  if (const auto* wallet = state_in<Wallet>(entity)) {
    subject.wallet(*wallet);
    for (const std::string& hold : named<Wallet>(change.events, "hold"))
      if (const auto found = wallet->holds.find(hold); found != wallet->holds.end()) subject.hold(hold, found->second);
  } else if (const auto* item = state_in<Item>(entity)) {
    subject.item(*item);
    for (const std::string& one : named<Item>(change.events, "reservation"))
      if (const auto found = item->reservations.find(one); found != item->reservations.end())
        subject.reservation(one, found->second);
  } else if (const auto* match = state_in<Match>(entity)) {
    subject.match(*match);
    std::set<std::string> players = named<Match>(change.events, "player");
    for (const std::string& player : players) subject.booking(*match, player);
  } else if (const auto* order = state_in<Order>(entity)) {
    subject.order(*order);
  } else if (change.kind == Refunds::kind_id) {
    collect_refunds(tenant, entity);
  }
}

// The queue moves refunds that no event names: those whose row would differ are written.
void Collector::collect_refunds(const std::string& tenant, const AnyEntity& entity) {
  const auto* queue = state_in<Refunds>(entity);
  auto& seen = refunds_seen_[tenant];
  for (const auto& [id, refund] : queue->refunds) {
    auto [at, is_new] = seen.try_emplace(id);
    const int status = static_cast<int>(refund.status);
    if (!is_new && at->second.status == status && at->second.attempts == refund.attempts) continue;
    at->second = {status, refund.attempts};
    Subject{tenant, id, entity, rows_}.refund(id, refund);
  }
}

Rows Collector::take() { return std::exchange(rows_, {}); }

}  // namespace tote::postgres
