#include "tests/tidy/includes.h"

#include <algorithm>
#include <set>

#include "tests/tidy/include.h"
#include "tests/tidy/rooms.h"

namespace tidy {
namespace {

// No library but FlatBuffers, of the standard one only what has no clock, thread, file or chance.
const Names pure_rooms = {"engine/kernel", "actors", "replication"};

// Code in no room, or with a narrower view than its room: what it may include of this repository. The first that fits
// counts.
struct View {
  std::string_view folder;
  Names knows;
};
const View views[] = {
    {"adapters/cli/main", {"adapters/cli", "bench"}},
    // Of the program only the list of kinds, the demo and the import know entities.
    {"adapters/cli/kinds.cc", {"engine", "wal", "actors", "adapters"}},
    {"adapters/cli/demo.cc", {"engine", "wal", "actors", "adapters"}},
    {"adapters/cli/wallets_file.h", {"engine", "wal", "actors", "adapters"}},
    {"adapters/cli", {"engine", "wal", "adapters"}},
    {"tests/package/consumer", {"engine", "actors"}},
    {"tests", {"engine", "wal", "actors", "adapters", "replication", "bench", "tests"}},
};

// Outside libraries by their headers, the first that fits counts, and the only places that may include them.
struct Library {
  std::string_view name;
  Names headers;  // how the include begins
  Names places;
};
const Library libraries[] = {
    {"CAF", {"caf/"}, {"engine", "bench", "tests"}},
    {"RocksDB", {"rocksdb/"}, {"wal", "tests/wal", "tests/crash", "tests/fuzz", "tests/powercut"}},
    {"FlatBuffers",
     {"flatbuffers/"},
     {"wal", "actors/codec", "actors/*/codec.cc", "actors/match/codec.h", "actors/match/answer.cc", "tests/wal"}},
    {"xxHash", {"xxhash.h"}, {"wal", "engine", "adapters", "tests"}},
    {"zstd", {"zstd.h"}, {"wal"}},
    {"LZ4", {"lz4.h", "lz4frame.h", "lz4hc.h"}, {"wal", "adapters/http", "tests/wal"}},
    {"spdlog", {"spdlog/"}, {"engine", "adapters", "bench", "tests"}},
    {"fmt", {"fmt/"}, {"engine", "adapters", "bench", "tests"}},
    {"Boost containers",
     {"boost/unordered/", "boost/container/", "boost/intrusive/", "boost/heap/"},
     {"engine", "adapters", "bench", "tests"}},
    {"Boost", {"boost/"}, {"adapters", "bench", "tests"}},
    {"OpenSSL", {"openssl/"}, {"adapters", "bench", "tests"}},
    {"Prometheus", {"prometheus/"}, {"adapters", "bench", "tests"}},
    {"toml++", {"toml++/"}, {"adapters", "bench", "tests"}},
    {"CLI11", {"CLI/"}, {"adapters/cli", "bench"}},
    {"PostgreSQL", {"libpq-fe.h", "postgresql/"}, {"adapters/postgres", "bench", "tests"}},
    {"NATS", {"nats/"}, {"adapters/nats", "tests"}},
    {"libcurl", {"curl/"}, {"adapters/webhooks", "adapters/payments", "adapters/cli", "adapters/cluster", "tests"}},
    {"zlib", {"zlib.h"}, {"adapters/console", "tests"}},
    {"doctest", {"doctest/"}, {"tests"}},
    {"RapidCheck", {"rapidcheck.h", "rapidcheck/"}, {"tests"}},
    {"the system",
     {"sys/",     "netinet/", "arpa/",   "net/",     "linux/",  "unistd.h", "fcntl.h",
      "malloc.h", "stdlib.h", "time.h",  "dirent.h", "poll.h",  "pwd.h",    "pthread.h",
      "sched.h",  "signal.h", "spawn.h", "dlfcn.h",  "netdb.h", "termios.h"},
     {"wal", "engine", "adapters", "bench", "tests"}},
};

// The standard headers of a pure room.
const Names pure_headers = {"algorithm",        "array",    "bit",         "bitset",    "cassert",
                            "charconv",         "climits",  "compare",     "concepts",  "cstddef",
                            "cstdint",          "cstdlib",  "cstring",     "deque",     "functional",
                            "initializer_list", "iterator", "limits",      "list",      "map",
                            "memory",           "new",      "numeric",     "optional",  "queue",
                            "ranges",           "set",      "span",        "stdexcept", "string",
                            "string_view",      "tuple",    "type_traits", "typeinfo",  "unordered_map",
                            "unordered_set",    "utility",  "variant",     "vector"};
// What reaches outside of a pure room all the same, for a reason.
struct Exception {
  std::string_view path, header;
};
const Exception pure_exceptions[] = {
    {"engine/kernel/invariant.h", "cstdio"},  // the last words before the process stops
};

const View* view_of(std::string_view path) {
  const auto* view =
      std::find_if(std::begin(views), std::end(views), [&](const View& it) { return lies_in(path, it.folder); });
  return view == std::end(views) ? nullptr : view;
}

const Library* library_of(std::string_view header) {
  if (header.ends_with("_generated.h")) header = "flatbuffers/";
  const auto* library = std::find_if(std::begin(libraries), std::end(libraries), [&](const Library& it) {
    return std::any_of(it.headers.begin(), it.headers.end(),
                       [&](std::string_view begin) { return header.starts_with(begin); });
  });
  return library == std::end(libraries) ? nullptr : library;
}

// Of a pure room.
bool may_include(std::string_view path, std::string_view header) {
  const auto excepted = [&](const Exception& it) { return it.path == path && it.header == header; };
  return std::find(pure_headers.begin(), pure_headers.end(), header) != pure_headers.end() ||
         std::any_of(std::begin(pure_exceptions), std::end(pure_exceptions), excepted);
}

// A file, and what counts for it.
struct Reader {
  const File& file;
  const Rooms& rooms;
  const std::set<std::string_view>& paths;

  bool is_pure() const { return lies_in_any(file.path, pure_rooms); }
  // Which of the rooms check_rooms says; but what is generated belongs to one room alone.
  bool knows(std::string_view header) const {
    if (const View* view = view_of(file.path)) return lies_in_any(header, view->knows);
    const auto room = room_of(header, rooms);
    return room != rooms.end() && (!header.ends_with("_generated.h") || room == room_of(file.path, rooms));
  }
};

// What is wrong with the include; empty when nothing is.
std::string fault_of(const Reader& reader, Include include) {
  const std::string header(include.header);
  const Library* library = library_of(header);
  const bool allowed = library == nullptr || (lies_in_any(reader.file.path, library->places) &&
                                              !(reader.is_pure() && library->name != "FlatBuffers"));
  if (!allowed) return std::string(library->name) + " is not for this file: " + header;
  if (include.quoted) {
    if (!reader.knows(header)) return "may not know " + header;
    if (library == nullptr && !reader.paths.contains(header)) return "no such file, seen from the root: " + header;
  } else if (library == nullptr) {
    if (header.find_first_of("./") != std::string::npos) return "of a library that nobody named: <" + header + ">";
    if (reader.is_pure() && !may_include(reader.file.path, header)) return "a pure room: no <" + header + ">";
  }
  return "";
}

}  // namespace

Findings check_includes(const Tree& tree) {
  Findings findings;
  const Rooms rooms = rooms_of(tree);
  std::set<std::string_view> paths;
  for (const File& file : tree) paths.insert(file.path);
  for (const File& file : tree) {
    if (!is_cpp(file.path)) continue;
    if (view_of(file.path) == nullptr && room_of(file.path, rooms) == rooms.end()) {
      findings.push_back({file.path, 0, "lies in no room"});
      continue;
    }
    const Reader reader{file, rooms, paths};
    each_include(file, [&](std::size_t number, const Include& include) {
      if (std::string fault = fault_of(reader, include); !fault.empty())
        findings.push_back({file.path, number, std::move(fault)});
    });
  }
  return findings;
}

}  // namespace tidy
