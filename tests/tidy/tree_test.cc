#include "tests/tidy/tree.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace tidy {
namespace {

namespace fs = std::filesystem;

TEST_CASE("a worktree's link to its repository is none of its files") {
  const fs::path root = fs::temp_directory_path() / ("tote-tidy-" + std::to_string(::getpid()));
  fs::create_directories(root / ".ci");
  std::ofstream(root / ".git") << "gitdir: elsewhere\n";
  std::ofstream(root / ".clang-tidy") << "Checks: none\n";
  std::ofstream(root / ".ci" / "run") << "true\n";
  const Tree tree = read_tree(root.string());
  fs::remove_all(root);
  REQUIRE(tree.size() == 2);
  CHECK(tree[0].path == ".ci/run");
  CHECK(tree[1].path == ".clang-tidy");
}

}  // namespace
}  // namespace tidy
