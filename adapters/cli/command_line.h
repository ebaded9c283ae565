// The program: `tote serve`, `tote verify` … from argv to an exit code.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "engine/kernel/any_entity.h"

namespace tote::cli {

// A subcommand that isn't the program's own.
struct MoreCommand {
  std::string name, meaning;
  std::function<int(std::span<const std::string>)> run;  // the words behind its name, --help too; gives the exit code
};

// Never throws.
int run(int argc, char** argv, char** environment, const Kinds& more_kinds, const std::vector<MoreCommand>& more);

}  // namespace tote::cli
