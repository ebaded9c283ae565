#include "engine/books.h"

#include <algorithm>

#include "engine/context.h"
#include "engine/kernel/kind_of.h"
#include "engine/recorder.h"

namespace tote {

void LiveBooks::loaded(std::size_t tenant, const AnyEntity& entity, KindId kind) {
  if (kind == MoneyBooks::kind_id) {
    of(tenant).counted_to = entity.lsn;
    set(tenant, state_of<MoneyBooks>(entity).lines);
  } else {
    found(tenant, entity.take_moved());
  }
}

// What a row had before is counted among the balances, but not what it made: that is a record's.
void LiveBooks::replayed(Lsn lsn, const wal::Change& change, const Slot& slot, bool was_there) {
  const std::size_t tenant = slot.tenant.index;
  const AnyEntity& entity = *slot.entity;
  const bool is_new = lsn > of(tenant).counted_to;
  if (slot.kind->id() == MoneyBooks::kind_id) {
    if (!is_new) return;
    set(tenant, state_of<MoneyBooks>(entity).lines);
    of(tenant).has_changed = false;
  } else if (slot.is_counted && was_there) {
    if (const std::int64_t amount = is_new ? entity.moved_by(change.events) : 0; amount != 0)
      took(tenant, book_of(tenant, entity.holding().unit), amount);
  } else if (slot.is_counted) {
    is_new ? moved(tenant, entity.take_moved()) : found(tenant, entity.take_moved());
  }
}

std::optional<LiveBooks::Said> LiveBooks::oldest_said() const {
  std::optional<Said> oldest;
  for (const OfTenant& one : tenants_)
    if (one.has_changed && (!oldest || one.said.lsn < oldest->lsn)) oldest = one.said;
  return oldest;
}

std::ptrdiff_t LiveBooks::close() {
  for (OfTenant& one : tenants_)
    for (const auto& book : one.all) {
      if (book->issued - book->destroyed == book->balances) continue;
      if (one.is_counted) return &one - tenants_.data();
      book->issued = std::max(book->balances, Sum{0});
      book->destroyed = std::max(-book->balances, Sum{0});
      one.was_found = one.has_changed = true;
    }
  return -1;
}

void LiveBooks::set(std::size_t tenant, const std::vector<MoneyBooks::Line>& lines) {
  of(tenant).is_counted = true;
  for (const MoneyBooks::Line& line : lines) {
    Book& book = book_of(tenant, line.unit);
    book.issued = line.issued.sum();
    book.destroyed = line.destroyed.sum();
  }
}

std::vector<MoneyBooks::Line> LiveBooks::lines(std::size_t tenant) const {
  std::vector<MoneyBooks::Line> lines;
  if (tenant >= tenants_.size()) return lines;
  for (const auto& book : tenants_[tenant].all)
    lines.push_back({book->unit.data(), MoneyBooks::Wide::of(book->issued), MoneyBooks::Wide::of(book->destroyed),
                     MoneyBooks::Wide::of(book->balances), MoneyBooks::Wide::of(book->held)});
  std::ranges::sort(lines, {}, &MoneyBooks::Line::unit);
  return lines;
}

Slot* write_books(Context& context, std::size_t index) {
  const Kind* kind = context.kind(MoneyBooks::kind_id);
  LiveBooks& books = context.books();
  if (kind == nullptr || !books.take_changed(index)) return nullptr;
  const Tenant tenant{static_cast<std::uint32_t>(index)};
  Slot* slot = context.slots().find(tenant, kind->id(), MoneyBooks::id);
  if (slot == nullptr) slot = context.slots().insert(tenant, *kind, MoneyBooks::id);
  slot->is_unsaved = true;
  const MoneyBooks::Command count{MoneyBooks::Count{books.lines(index), books.take_found(index)}};
  record_by_itself(context, *slot, CommandRef::to(count));
  return slot;
}

}  // namespace tote
