// The rooms as CMake declares them: `tote_room(name KNOWS … )` in a folder's CMakeLists.txt is the one place that says
// what a room may know. These rules hold it against the tree.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "tests/tidy/tree.h"

namespace tidy {

struct Room {
  std::string name;
  std::set<std::string, std::less<>> knows;  // names of rooms
};
using Rooms = std::map<std::string, Room, std::less<>>;  // by folder

Rooms rooms_of(const Tree& tree);

// The room that a file lies in, the innermost; end() when in none.
Rooms::const_iterator room_of(std::string_view path, const Rooms& rooms);

// DESIGN §1: what rooms know runs one way, from the adapters to the kernel; and a room says that it knows another one
// exactly when a file of it includes one of that.
Findings check_rooms(const Tree& tree);

}  // namespace tidy
