// What nodes say to each other. Any of it may come late, twice, in another order or not at all; nothing in it is
// believed but what stays true however old it is. Values.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "replication/register.h"

namespace tote::replication {

// -- from an owner; `epoch` is its own

// Frames that follow each other, or none: then the owner only says that it is there, and how far it is.
struct Append {
  Epoch epoch{};
  std::vector<Frame> frames{};
  Mark end{};       // of the owner's log as it was when this was said
  Lsn committed{};  // on the disks of all who are in sync: may be applied
};
// What the owner finds of the marks that it was asked about.
struct Common {
  Epoch epoch{};
  // The newest of them that its log has. None, and the log begins after the oldest of them: where it begins, alone.
  std::optional<Mark> common{};
  std::optional<Mark>
      foreign{};  // the one of them after that, which it hasn't, and never will have; nothing: it has all
};
// "Have you promised nothing higher than my epoch?"
struct Confirm {
  Epoch epoch{};
  std::uint64_t turn = 0;
};

// "Own the log": all is on your disk, and until you do, or some time has passed, I add nothing to it.
struct Yield {
  Epoch epoch{};
  Registered known{};  // the register, as the owner knows it
};

// -- to an owner

// "I am here": from a node that hears nothing of the owner that the register names.
struct Hello {};
// All up to `end` is on my disk, and is as the log of this epoch's owner.
struct Held {
  Epoch epoch{};
  Mark end{};
};
// "Which of these, oldest first, does your log have?" At most Options::marks_max, and one more.
struct Ask {
  Epoch epoch{};
  std::vector<Mark> marks{};
};
struct Confirmed {
  Epoch epoch{};
  std::uint64_t turn = 0;
};
// The epoch that I was spoken to in is lower than this one, which I have promised.
struct Refused {
  Epoch promised{};
};

using Message = std::variant<Append, Common, Confirm, Hello, Held, Ask, Confirmed, Refused, Yield>;

}  // namespace tote::replication
