#include "adapters/cli/program.h"

#include <unistd.h>

#include <utility>
#include <vector>

#include "adapters/cli/command_line.h"

namespace tote {

struct Program::Parts {
  Kinds kinds;
  std::vector<cli::MoreCommand> commands;
};

Program::Program(Kinds kinds) : parts_(std::make_unique<Parts>(Parts{std::move(kinds), {}})) {}
Program::Program(Program&&) noexcept = default;
Program& Program::operator=(Program&&) noexcept = default;
Program::~Program() = default;

Program&& Program::with(std::string name, std::string meaning, Command command) && {
  parts_->commands.push_back({std::move(name), std::move(meaning), std::move(command)});
  return std::move(*this);
}

int Program::run(int argc, char** argv) const { return cli::run(argc, argv, environ, parts_->kinds, parts_->commands); }

Program program(Kinds kinds) { return Program(std::move(kinds)); }

}  // namespace tote
