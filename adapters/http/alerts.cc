#include "adapters/http/alerts.h"

#include <algorithm>

#include "adapters/events/clean_text.h"
#include "adapters/http/json_writer.h"

namespace tote::http {
namespace {

// Of an entity there is one that lasts; what has happened is told apart by what it says.
std::string key_of(const Alert& alert) {
  std::string key;
  for (const std::string_view part : {alert.tenant, alert.kind, alert.entity, alert.topic})
    key.append(part).append(1, '\0');
  if (!alert.lasts) key.append(alert.text.substr(0, Alerts::text_bytes_max));
  return key;
}

struct Remedy {
  std::string_view says;  // how the text begins, or a part of it
  std::string_view what_to_do;
};

// The sentences of docs/operations.md, "Alerts"; a test compares them.
constexpr Remedy remedies[] = {
    {"internal error: ", "a defect, and nothing was executed: report the line"},
    {"the log is damaged", "`tote verify`; stop; restore a backup"},
    {"the disk is nearly full",
     "changes are 503 `log_full`, reads go on. Make room, or lower `retention.log_bytes`; sealing may use the last "
     "reserve"},
    {"the log can't be trimmed",
     "the reason stands behind it. `archive.command didn't take …`: run it by hand. `… has no room for a segment`: the "
     "archive's disk is full. Anything about reading the log: `tote verify`"},
    {"held up more of the log than", "its destination is away or slow: mend it before the archive's retention ends"},
    {"of this machine's clock", "set the clock; NTP"},
    {"stuck: ", "`POST /v1/sagas/{id}/retry` or `/skip`, with a reason"},
    {"card payments are paused",
     "put money onto the provider's account, then `POST /v1/payments/resume`, with a reason"},
    {"refunds have failed", "`GET /v1/refunds?status=failed`; retry"},
    {"payment events have failed", "`GET /v1/payment-events?status=failed`; retry"},
    {"couldn't be paid back", "open or thaw the players' wallets: it is tried again every 300 s"},
    {"no payment gateway is configured", "configure the `[gateway]` that made the charges, and start again"},
    {"snapshots don't keep up with the log",
     "see `tote_snapshot_behind_records`: the disk is slow, or nearly full; a start takes a second for a million of "
     "them"},
    {"no snapshots are made", "this kind's State must say its members (docs/entities.md)"},
    {"were read again are wrong",
     "mend the file that it names, `kill -HUP` again; until then what was read before holds"},
};

}  // namespace

std::string_view remedy_of(const Alerts::Entry& alert) {
  for (const Remedy& remedy : remedies)
    if (alert.text.find(remedy.says) != std::string::npos) return remedy.what_to_do;
  return "look at what it says, and at the entity's history";
}

bool Alerts::has_room(const std::string& tenant) const {
  const auto of = lasting_of_.find(tenant);
  return lasting_ < lasting_max && (of == lasting_of_.end() || of->second < lasting_of_a_tenant_max);
}

void Alerts::show(const Entry& entry) {
  shown_.emplace(entry.number, &entry);
  shown_of_[entry.tenant].emplace(entry.number, &entry);
}

void Alerts::hide(const Entry& entry) {
  shown_.erase(entry.number);
  const auto of = shown_of_.find(entry.tenant);
  of->second.erase(entry.number);
  if (of->second.empty()) shown_of_.erase(of);
}

// A new one, or one that comes again.
void Alerts::begin(const std::string& key, Kept& kept, bool lasts, std::string_view text, Time now) {
  Entry& entry = kept.entry;
  const bool is_new = entry.number == 0;
  if (!is_new) {
    past_.erase({entry.last.ns, key});
    if (kept.state != State::over) hide(entry);
    ++entry.times;
  }
  if (is_new || lasts) entry.since = now;
  entry.last = now;
  entry.text = text.substr(0, text_bytes_max);
  entry.lasts = lasts;
  entry.number = ++number_;
  kept.state = lasts ? State::lasts : State::happened;
  show(entry);
  if (lasts)
    ++lasting_, ++lasting_of_[entry.tenant];
  else
    leave_past(key, kept);
}

void Alerts::leave_past(const std::string& key, const Kept& kept) { past_.emplace(kept.entry.last.ns, key); }

void Alerts::tell(const Alert& alert, Time now) {
  const std::lock_guard lock(mutex_);
  forget(now);
  const std::string key = key_of(alert), tenant(alert.tenant);
  const auto known = kept_.find(key);
  if (known != kept_.end() && known->second.state == State::lasts) {  // it is told of one that lasts already
    ++known->second.entry.times;
    known->second.entry.last = now;
    known->second.entry.text = alert.text.substr(0, text_bytes_max);
    return;
  }
  if (alert.lasts && !has_room(tenant)) {
    ++left_out_, ++left_out_of_[tenant];
    return;
  }
  Kept& kept = kept_[key];
  kept.entry.tenant = tenant;
  kept.entry.kind = alert.kind;
  kept.entry.entity = alert.entity;
  begin(key, kept, alert.lasts, alert.text, now);
}

void Alerts::change(const Alert& alert, Time now) {
  const std::lock_guard lock(mutex_);
  const std::string key = key_of(alert), tenant(alert.tenant);
  const auto known = kept_.find(key);
  const bool is_kept = known != kept_.end() && known->second.state == State::lasts;
  if (is_kept && !alert.text.empty()) {
    known->second.entry.text = alert.text.substr(0, text_bytes_max);
  } else if (is_kept) {
    Kept& kept = known->second;
    hide(kept.entry);
    --lasting_;
    if (--lasting_of_[tenant] == 0) lasting_of_.erase(tenant);
    kept.state = State::over;
    kept.entry.last = now;
    leave_past(key, kept);
  } else if (const auto left_out = left_out_of_.find(tenant); alert.text.empty() && left_out != left_out_of_.end()) {
    --left_out_;
    if (--left_out->second == 0) left_out_of_.erase(left_out);
  }
  forget(now);
}

void Alerts::forget(Time now) {
  while (!past_.empty() && (past_.size() > past_max || past_.begin()->first < now.ns - past_kept_s * ns_per_s)) {
    const auto found = kept_.find(past_.begin()->second);
    if (found->second.state == State::happened) hide(found->second.entry);
    kept_.erase(found);
    past_.erase(past_.begin());
  }
}

Alerts::Page Alerts::page(const std::optional<std::string>& tenant, std::uint64_t before, std::size_t count_max,
                          Time now) {
  const std::lock_guard lock(mutex_);
  forget(now);
  static const Order none;
  const auto of = tenant ? shown_of_.find(*tenant) : shown_of_.end();
  const Order& order = !tenant ? shown_ : of == shown_of_.end() ? none : of->second;
  const auto left_out = tenant ? left_out_of_.find(*tenant) : left_out_of_.end();
  Page page;
  page.total = order.size() + (!tenant ? left_out_ : left_out == left_out_of_.end() ? 0 : left_out->second);
  auto at = order.lower_bound(before);
  for (; at != order.begin() && page.alerts.size() < count_max;) page.alerts.push_back(*(--at)->second);
  if (at != order.begin()) page.next = page.alerts.back().number;
  return page;
}

void append_alerts(std::string& out, const Alerts::Page& page) {
  out += "{\"alerts\":[";
  for (const Alerts::Entry& alert : page.alerts) {
    if (&alert != &page.alerts.front()) out += ',';
    append_unsigned(out += "{\"number\":", alert.number);
    if (!alert.tenant.empty()) append_string(out += ",\"tenant\":", alert.tenant);
    append_string(out += ",\"kind\":", alert.kind);
    if (!alert.entity.empty()) append_string(out += ",\"entity\":", alert.entity);
    append_string(out += ",\"text\":", events::clean_text(alert.text));  // it may be cut off within a character
    out += alert.lasts ? ",\"lasts\":true" : ",\"lasts\":false";
    append_time_member(out, "since", alert.since);
    append_time_member(out, "last", alert.last);
    append_unsigned(out += ",\"times\":", alert.times);
    append_string(out += ",\"what_to_do\":", remedy_of(alert));
    out += '}';
  }
  append_unsigned(out += "],\"total\":", page.total);
  out += ",\"next\":";
  page.next ? append_unsigned(out, *page.next) : static_cast<void>(out += "null");
  out += '}';
}

}  // namespace tote::http
