#include "adapters/postgres/row_cells.h"

#include <algorithm>
#include <stdexcept>

#include "adapters/events/utc_text.h"

namespace tote::postgres {

Fields& RowCells::add(std::string_view name, bool is_entry) {
  const SqlTable* table = tables_.find(name);
  if (table == nullptr || table->is_of_entries() != is_entry)
    throw std::logic_error("no kind has declared such a table: " + std::string(name));
  rows.push_back({table, Row(table->declared->columns.size()), 0, {}});
  return *this;
}

Fields& RowCells::row(std::string_view table) { return add(table, false); }

Fields& RowCells::entry(std::string_view table, std::size_t event, std::string_view name) {
  add(table, true);
  rows.back().event = event;
  rows.back().event_name = name;
  return *this;
}

Cell& RowCells::cell(std::string_view name, ColumnType type) {
  const auto columns = rows.back().table->declared->columns;
  const auto found = std::ranges::find(columns, name, &Column::name);
  if (found == columns.end() || found->type != type)
    throw std::logic_error("the table " + std::string(rows.back().table->name) +
                           " has no such column: " + std::string(name));
  return rows.back().cells[static_cast<std::size_t>(found - columns.begin())];
}

void RowCells::integer(std::string_view name, std::int64_t value) {
  if (json_cell_ != nullptr) return json_.integer(name, value);
  cell(name, ColumnType::integer) = std::to_string(value);
}

void RowCells::text(std::string_view name, std::string_view value) {
  if (json_cell_ != nullptr) return json_.text(name, value);
  cell(name, ColumnType::text) = std::string(value);
}

void RowCells::time(std::string_view name, Time value) {
  if (json_cell_ != nullptr) return json_.time(name, value);
  Cell& into = cell(name, ColumnType::time);
  if (value != Time::never() && value != Time{}) into = events::utc_text(value);
}

void RowCells::none(std::string_view name) {
  if (json_cell_ != nullptr) json_.none(name);
}

void RowCells::begin(std::string_view name) {
  if (json_cell_ == nullptr) json_cell_ = &cell(name, ColumnType::json);
  json_.begin(name);
}

void RowCells::begin_list(std::string_view name) {
  if (json_cell_ == nullptr) json_cell_ = &cell(name, ColumnType::json);
  json_.begin_list(name);
}

void RowCells::end() {
  json_.end();
  finish();
}

void RowCells::end_list() {
  json_.end_list();
  finish();
}

void RowCells::finish() {
  if (!json_.is_whole()) return;
  *json_cell_ = json_.take();
  json_cell_ = nullptr;
}

}  // namespace tote::postgres
