// What an entity has of something that is counted over all of them: money, by currency (engine/books.h). A kind says
//
//   static Holding holding(const State&);        of what exists
//   static std::int64_t moved(const Event&);     what an event does to `amount`
#pragma once

#include <cstdint>
#include <string_view>

namespace tote {

struct Holding {
  std::string_view unit{};  // at most three characters; empty: it has nothing yet
  std::int64_t amount = 0;
  std::int64_t held = 0;  // of the amount
};

}  // namespace tote
