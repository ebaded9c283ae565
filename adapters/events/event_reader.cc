#include "adapters/events/event_reader.h"

#include <algorithm>
#include <stdexcept>

namespace tote::events {
namespace {

constexpr std::uint64_t records_max = 5'000;  // of one read: between them its caller sees whether it has been stopped

}  // namespace

bool EventReader::read(std::size_t events_max, std::vector<DomainEvent>& out) {
  const Lsn durable = log_.durable();
  if (position_.lsn >= durable) return false;
  const Lsn to{std::min(durable.value, position_.lsn.value + records_max)};
  const std::size_t before = out.size();
  const bool is_sound = log_.read(position_.lsn.next(), to, [&](Lsn lsn, const wal::Record& record) {
    if (tenant_.empty() || record.tenant == tenant_) {
      const std::size_t told = out.size();
      append_events(log_.id, kinds_, lsn, record, out);
      const std::size_t known = std::min<std::size_t>(position_.events, out.size() - told);
      out.erase(out.begin() + static_cast<std::ptrdiff_t>(told),
                out.begin() + static_cast<std::ptrdiff_t>(told + known));
    }
    position_ = {lsn, 0};
    return out.size() - before < events_max;
  });
  if (!is_sound) throw std::runtime_error("the log can't be read");
  return true;
}

}  // namespace tote::events
