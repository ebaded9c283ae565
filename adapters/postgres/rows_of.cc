#include "adapters/postgres/rows_of.h"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "adapters/events/utc_text.h"

namespace tote::postgres {
namespace {

Cell number(std::uint64_t value) { return std::to_string(value); }
Cell text_or_none(std::string_view text) { return text.empty() ? Cell{} : Cell(text); }

bool is_compared(const Table& table) { return table.rows == RowKind::differs; }

}  // namespace

void Collector::apply(Lsn lsn, const wal::Record& record) {
  std::vector<std::vector<ToldRow>> before;
  before.reserve(record.changes.size());
  for (const wal::Change& change : record.changes) before.push_back(told_before(record, change));
  if (const std::string problem = world_.apply(lsn, record); !problem.empty())
    throw std::runtime_error("record " + std::to_string(lsn.value) + ": " + problem);
  lsn_ = lsn;
  for (std::size_t i = 0; i < record.changes.size(); ++i) {
    const wal::Change& change = record.changes[i];
    for (ToldRow& row : told(record, change)) {
      const bool is_same = is_compared(*row.table->declared) && std::ranges::find(before[i], row) != before[i].end();
      if (!is_same) put(lsn, record, change, std::move(row));
    }
  }
}

// What the entity, as it is in the world, tells of the parts that this change is about.
std::vector<ToldRow> Collector::told(const wal::Record& record, const wal::Change& change) const {
  RowCells cells(tables_);
  const Kind* kind = find_kind(kinds_, change.kind);
  if (kind == nullptr || kind->tables().empty()) return {};
  if (const AnyEntity* entity = world_.find(record.tenant, change.kind, change.entity))
    entity->rows(change.entity, change.events, cells);
  return std::move(cells.rows);
}

// Only of kinds with rows that aren't written unless they differ.
std::vector<ToldRow> Collector::told_before(const wal::Record& record, const wal::Change& change) const {
  const Kind* kind = find_kind(kinds_, change.kind);
  const bool compares = kind != nullptr && std::ranges::any_of(kind->tables(), is_compared);
  return compares ? told(record, change) : std::vector<ToldRow>();
}

void Collector::put(Lsn lsn, const wal::Record& record, const wal::Change& change, ToldRow told) {
  Row row;
  row.reserve(told.table->columns.size());
  const auto add = [&row](Cell cell) { row.push_back(std::move(cell)); };
  const bool is_entry = told.table->is_of_entries();
  add(std::string(record.tenant));
  if (is_entry) {
    add(std::string(change.entity)), add(number(change.version.value)), add(number(told.event));
    add(std::move(told.event_name));
  }
  std::ranges::move(told.cells, std::back_inserter(row));
  if (is_entry)
    add(text_or_none(record.key)), add(events::utc_text(record.time)), add(text_or_none(record.actor));
  else
    add(number(change.version.value));
  add(number(lsn.value));
  rows_.put(*told.table, std::move(row));
}

Rows Collector::take() { return std::exchange(rows_, {}); }

}  // namespace tote::postgres
