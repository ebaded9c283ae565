// `tote demo --tour`: the demo's lines, run one after the other against a server that is killed in the middle.
#pragma once

#include <functional>
#include <string>

namespace tote::cli {

using Told = std::function<void(const std::string& url)>;

// A server: `address` to listen on, or empty the first time, when it makes its log and takes a free port; `told` when
// it answers; until SIGTERM. It runs in child processes, which begin as this one is and have none of its threads: so
// there must be none, and never have been any of RocksDB's.
using Serve = std::function<void(const std::string& address, const Told& told)>;

// Exit code: ok when each answer was what its line says. On a terminal it waits for Enter between lines. Throws Failure
// when the server doesn't come up.
int take_tour(const std::string& files, const Serve& serve);

}  // namespace tote::cli
