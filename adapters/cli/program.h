// The program `tote` with your own kinds: serve, log, verify, replay, explain, projection … know them beside Tote's
// own.
//
//   int main(int argc, char** argv) { return tote::program({tote::kind_of<Auction>()}).run(argc, argv); }
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>

#include "engine/kernel/kind_of.h"

namespace tote {

class Program {
 public:
  // Given the words behind the subcommand's name; its exit code.
  using Command = std::function<int(std::span<const std::string> words)>;

  explicit Program(Kinds kinds);
  Program(Program&&) noexcept;
  Program& operator=(Program&&) noexcept;
  ~Program();

  // One more subcommand. Every word behind its name is its own to understand, --help too.
  Program&& with(std::string name, std::string meaning, Command command) &&;
  // From the words of the command line and the environment (TOTE_*) to an exit code: 0 done, 1 failed or damaged, 2
  // asked wrongly, 3 a log with kinds that aren't known. Never throws. `serve` takes SIGTERM and SIGINT: once in a
  // process.
  int run(int argc, char** argv) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

// Tote's own kinds and these, numbered from 1000 on (engine/kernel/kinds.h).
Program program(Kinds kinds = {});

}  // namespace tote
