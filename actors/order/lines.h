// actors/order/lines.h: an order's lines, one for each item: an item that is named twice is commanded once, which
// spares a copy of its state (Transaction::look) and makes the facts of a refusal those of the whole order.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "actors/order/input.h"
#include "engine/kernel/limits.h"

namespace tote {

// Of a quantity, or of what is paid.
inline bool is_amount(std::int64_t amount) { return amount >= 1 && amount <= limits::amount_max; }

struct MergedLine {
  std::string_view item;
  std::int64_t quantity = 0;  // the sum fits: lines_max * amount_max does
  std::size_t first = 0;      // the line that names it first
};

class MergedLines {
 public:
  const MergedLine* begin() const { return lines_.data(); }
  const MergedLine* end() const { return lines_.data() + size_; }

  void add(std::string_view item, std::int64_t quantity, std::size_t line) {
    for (std::size_t i = 0; i < size_; ++i) {
      if (lines_[i].item != item) continue;
      lines_[i].quantity += quantity;
      return;
    }
    lines_[size_++] = {item, quantity, line};
  }

 private:
  std::array<MergedLine, order_lines_max> lines_;
  std::size_t size_ = 0;
};

// Of an order whose lines are in bounds.
inline MergedLines merged(const std::vector<OrderLine>& of) {
  MergedLines lines;
  for (std::size_t i = 0; i < of.size(); ++i) lines.add(of[i].item, of[i].quantity, i);
  return lines;
}
inline MergedLines merged(const OrderInput& order) { return merged(order.lines); }

}  // namespace tote
