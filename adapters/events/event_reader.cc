#include "adapters/events/event_reader.h"

#include <algorithm>

#include "adapters/events/log_checks.h"

namespace tote::events {
namespace {

constexpr std::uint64_t records_max = 5'000;  // of one read: between them its caller sees whether it has been stopped

}  // namespace

bool EventReader::read(std::size_t events_max, std::vector<DomainEvent>& out) {
  const Lsn durable = log_.durable();
  if (position_.lsn >= durable) return false;
  check_not_trimmed(log_, "it", position_.lsn.next());
  const Lsn to{std::min(durable.value, position_.lsn.value + records_max)};
  const std::size_t before = out.size();
  Position position = position_;
  const wal::Damage damage = log_.read(position_.lsn.next(), to, [&](Lsn lsn, const wal::Record& record) {
    if (tenant_.empty() || record.tenant == tenant_) {
      const auto first = static_cast<std::ptrdiff_t>(out.size());
      append_events(log_.id(), kinds_, lsn, record, out, is_wanted_);
      const auto is_told = [told = position.events](const DomainEvent& event) { return event.ordinal < told; };
      out.erase(std::remove_if(out.begin() + first, out.end(), is_told), out.end());
    }
    position = {lsn, 0};
    return out.size() - before < events_max;
  });
  if (!damage.is_none()) out.erase(out.begin() + static_cast<std::ptrdiff_t>(before), out.end());
  must_be_sound(damage);
  position_ = position;
  return true;
}

}  // namespace tote::events
