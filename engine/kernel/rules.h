// What the type of a field doesn't say, behind its name in members() (members.h). What isn't said is as here.
#pragma once

#include <cstdint>
#include <string_view>

namespace tote {

struct Rules {
  std::string_view on_disk{};  // what its kind's .fbs calls it, where that isn't its name
  bool may_lack = false;       // as the struct makes it, it isn't there: not told, and who asks may leave it out
  bool is_told = true;         // to history, events, logs; a command: clients may say it
  bool is_later = false;       // of a command: older programs made digests without it, which stay as they were

  // -- of a command, what a request may say
  bool is_id = false;             // of a text: 1 to 128 characters of ids
  std::int64_t min = 0, max = 0;  // of a number or a sum; of a text its bytes, at most. 0, 0: whatever its type does
};

}  // namespace tote
