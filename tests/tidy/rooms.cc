#include "tests/tidy/rooms.h"

#include <algorithm>
#include <initializer_list>

#include "tests/tidy/include.h"

namespace tidy {
namespace {

// The layers, the first that fits counts. A room knows only rooms of these folders.
struct Layer {
  std::string_view folder;
  std::initializer_list<std::string_view> below;
};
const Layer layers[] = {
    {"engine/kernel", {}},
    {"wal", {"engine/kernel"}},
    {"replication", {"engine/kernel"}},
    {"engine", {"engine/kernel", "wal"}},
    {"actors", {"engine/kernel", "actors"}},
    {"adapters/server", {"engine"}},
    {"adapters/cli", {"engine", "wal", "actors", "adapters"}},  // the program: it alone knows every room
    // Those who read the log know of entities what these say of themselves (engine/kernel/entity.h).
    {"adapters/events", {"engine", "wal"}},
    {"adapters/postgres", {"engine", "wal", "adapters/events"}},
    {"adapters/nats", {"engine", "wal", "adapters/events"}},
    {"adapters/webhooks", {"engine", "wal", "adapters/events"}},
    {"adapters/cluster", {"engine", "wal", "replication"}},
    {"adapters", {"engine", "wal", "actors", "adapters/server", "adapters/events"}},
    // It signs as a provider does, and is a node as the program is.
    {"bench", {"engine", "wal", "actors", "adapters/sportsbook", "adapters/cluster"}},
};

// The words of "tote_room(a KNOWS b c USES d)", without the parentheses; empty when there is none.
std::vector<std::string_view> call_of(std::string_view text) {
  constexpr std::string_view call = "tote_room(";
  const std::size_t begin = text.starts_with(call) ? 0 : text.find("\n" + std::string(call));
  if (begin == std::string_view::npos) return {};
  text = text.substr(text.find('(', begin) + 1);
  text = text.substr(0, text.find(')'));
  std::vector<std::string_view> words;
  constexpr std::string_view blanks = " \t\r\n";
  for (std::size_t at = text.find_first_not_of(blanks); at != std::string_view::npos;) {
    const std::size_t end = std::min(text.find_first_of(blanks, at), text.size());
    words.push_back(text.substr(at, end - at));
    at = text.find_first_not_of(blanks, end);
  }
  return words;
}

std::string_view folder_of(std::string_view path) { return path.substr(0, path.rfind('/')); }

bool may_know(std::string_view folder, std::string_view other) {
  const auto* layer =
      std::find_if(std::begin(layers), std::end(layers), [&](const Layer& it) { return lies_in(folder, it.folder); });
  return layer != std::end(layers) &&
         std::any_of(layer->below.begin(), layer->below.end(), [&](std::string_view it) { return lies_in(other, it); });
}

}  // namespace

Rooms rooms_of(const Tree& tree) {
  Rooms rooms;
  for (const File& file : tree) {
    if (!file.path.ends_with("/CMakeLists.txt")) continue;
    const auto words = call_of(file.text);
    if (words.empty()) continue;
    Room& room = rooms[std::string(folder_of(file.path))];
    room.name = words.front();
    bool knows = false;
    for (const std::string_view word : words) {
      if (knows && word != "USES" && word != "SCHEMAS") room.knows.insert(std::string(word));
      if (word == "KNOWS" || word == "USES" || word == "SCHEMAS") knows = word == "KNOWS";
    }
  }
  return rooms;
}

Rooms::const_iterator room_of(std::string_view path, const Rooms& rooms) {
  while (path.find('/') != std::string_view::npos) {
    path = folder_of(path);
    if (const auto room = rooms.find(path); room != rooms.end()) return room;
  }
  return rooms.end();
}

Findings check_rooms(const Tree& tree) {
  const Rooms rooms = rooms_of(tree);
  std::map<std::string, std::set<std::string, std::less<>>, std::less<>> included;  // by folder: names of rooms
  for (const File& file : tree) {
    const auto room = room_of(file.path, rooms);
    if (!is_cpp(file.path) || room == rooms.end() || folder_of(file.path) != room->first) continue;
    each_include(file, [&](std::size_t, const Include& include) {
      const auto other = include.quoted ? room_of(include.header, rooms) : rooms.end();
      const bool is_generated = include.header.ends_with("_generated.h");
      if (other != rooms.end() && other != room && !is_generated) included[room->first].insert(other->second.name);
    });
  }
  Findings findings;
  std::map<std::string, std::string, std::less<>> folders;
  for (const auto& [folder, room] : rooms) folders[room.name] = folder;
  for (const auto& [folder, room] : rooms) {
    const std::string path = folder + "/CMakeLists.txt";
    for (const std::string& name : included[folder])
      if (!room.knows.contains(name)) findings.push_back({path, 0, "includes what it doesn't know: " + name});
    for (const std::string& name : room.knows) {
      if (!folders.contains(name))
        findings.push_back({path, 0, "knows no such room: " + name});
      else if (!may_know(folder, folders[name]))
        findings.push_back({path, 0, "may not know " + name});
      else if (!included[folder].contains(name))
        findings.push_back({path, 0, "knows what it doesn't include: " + name});
    }
  }
  return findings;
}

}  // namespace tidy
