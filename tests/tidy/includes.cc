#include "tests/tidy/includes.h"

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <set>

namespace tidy {
namespace {

using Names = std::initializer_list<std::string_view>;

constexpr std::string_view own_folder = "<own>";

// The rooms, the first that fits counts. `knows`: folders of this repository whose headers it may include.
struct Room {
  std::string_view folder;
  Names knows;
  bool pure = false;  // no library but FlatBuffers, of the standard one only what has no clock, thread, file or chance
};
const Room rooms[] = {
    {"engine/kernel", {"engine/kernel"}, true},
    {"engine", {"engine", "wal"}},
    {"wal", {"engine/kernel", "wal"}},
    // Entities know nothing of each other; what combines them knows those it combines.
    {"actors/match",
     {"engine/kernel", "actors/codec", "actors/wallet", "actors/pass", "actors/payment", "actors/refund", "actors/saga",
      "actors/transaction", own_folder},
     true},
    {"actors/payment", {"engine/kernel", "actors/codec", "actors/wallet", own_folder}, true},
    {"actors/refund", {"engine/kernel", "actors/codec", "actors/wallet", "actors/payment", own_folder}, true},
    {"actors/saga", {"engine/kernel", "actors/codec", "actors/wallet", "actors/payment", own_folder}, true},
    {"actors/transaction", {"engine/kernel", "actors/codec", "actors/wallet", own_folder}, true},
    {"actors/order",
     {"engine/kernel", "actors/codec", "actors/wallet", "actors/item", "actors/payment", "actors/refund", "actors/saga",
      own_folder},
     true},
    {"actors", {"engine/kernel", "actors/codec", own_folder}, true},
    {"adapters/cli/main", {"adapters/cli", "bench"}},
    {"adapters/cli", {"engine", "wal", "actors", "adapters"}},  // the program: it alone knows every room
    {"adapters/postgres", {"engine", "wal", "actors", "adapters/events", own_folder}},
    {"adapters/nats", {"engine", "wal", "actors", "adapters/events", own_folder}},
    {"adapters/webhooks", {"engine", "wal", "actors", "adapters/events", own_folder}},
    {"adapters/http", {"engine", "wal", "actors", "adapters/server", "adapters/events", own_folder}},
    {"adapters/server", {"engine", own_folder}},
    {"adapters", {"engine", "wal", "actors", own_folder}},
    {"bench", {"engine", "wal", "actors", "adapters", "bench"}},
    {"tests/package/consumer", {"engine", "actors"}},
    {"tests", {"engine", "wal", "actors", "adapters", "bench", "tests"}},
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
    {"libcurl", {"curl/"}, {"adapters/webhooks", "tests"}},
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

bool lies_in_any(std::string_view path, const Names& patterns) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](std::string_view pattern) { return lies_in(path, pattern); });
}

struct Include {
  std::string_view header;
  bool quoted = false;
};

std::optional<Include> include_of(std::string_view line) {
  const auto skip_blanks = [&] { line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size())); };
  for (const std::string_view part : {"#", "include"}) {
    skip_blanks();
    if (!line.starts_with(part)) return std::nullopt;
    line.remove_prefix(part.size());
  }
  skip_blanks();
  if (line.empty() || (line[0] != '<' && line[0] != '"')) return std::nullopt;
  const bool quoted = line[0] == '"';
  const std::size_t end = line.find(quoted ? '"' : '>', 1);
  if (end == std::string_view::npos) return std::nullopt;
  return Include{line.substr(1, end - 1), quoted};
}

const Room* room_of(std::string_view path) {
  const auto* room =
      std::find_if(std::begin(rooms), std::end(rooms), [&](const Room& it) { return lies_in(path, it.folder); });
  return room == std::end(rooms) ? nullptr : room;
}

const Library* library_of(std::string_view header) {
  if (header.ends_with("_generated.h")) header = "flatbuffers/";
  const auto* library = std::find_if(std::begin(libraries), std::end(libraries), [&](const Library& it) {
    return std::any_of(it.headers.begin(), it.headers.end(),
                       [&](std::string_view begin) { return header.starts_with(begin); });
  });
  return library == std::end(libraries) ? nullptr : library;
}

bool is_pure(std::string_view path, std::string_view header) {
  const auto excepted = [&](const Exception& it) { return it.path == path && it.header == header; };
  return std::find(pure_headers.begin(), pure_headers.end(), header) != pure_headers.end() ||
         std::any_of(std::begin(pure_exceptions), std::end(pure_exceptions), excepted);
}

// What is wrong with including `header`; empty when nothing is.
std::string fault_of(std::string_view path, const Room& room, Include include,
                     const std::set<std::string_view>& paths) {
  const std::string header(include.header);
  const Library* library = library_of(header);
  const bool allowed =
      library == nullptr || (lies_in_any(path, library->places) && !(room.pure && library->name != "FlatBuffers"));
  if (!allowed) {
    return std::string(library->name) + " is not for this file: " + header;
  }
  if (include.quoted) {
    const std::string_view own = path.substr(0, path.find('/', path.find('/') + 1));  // actors/wallet, adapters/http
    const auto known = [&](std::string_view folder) { return lies_in(header, folder == own_folder ? own : folder); };
    if (std::none_of(room.knows.begin(), room.knows.end(), known))
      return std::string(room.folder) + " may not know " + header;
    if (library == nullptr && !paths.contains(header)) return "no such file, seen from the root: " + header;
  } else if (library == nullptr) {
    if (header.find_first_of("./") != std::string::npos) return "of a library that nobody named: <" + header + ">";
    if (room.pure && !is_pure(path, header)) return std::string(room.folder) + " is pure: no <" + header + ">";
  }
  return "";
}

}  // namespace

Findings check_includes(const Tree& tree) {
  Findings findings;
  std::set<std::string_view> paths;
  for (const File& file : tree) paths.insert(file.path);
  for (const File& file : tree) {
    if (!is_cpp(file.path)) continue;
    const Room* room = room_of(file.path);
    if (room == nullptr) {
      findings.push_back({file.path, 0, "lies in no room"});
      continue;
    }
    const std::string code = blanked(file.text, Blank::comments);
    std::size_t number = 0;
    for (const std::string_view line : lines_of(code)) {
      ++number;
      const auto include = include_of(line);
      if (!include) continue;
      std::string fault = fault_of(file.path, *room, *include, paths);
      if (!fault.empty()) findings.push_back({file.path, number, std::move(fault)});
    }
  }
  return findings;
}

}  // namespace tidy
