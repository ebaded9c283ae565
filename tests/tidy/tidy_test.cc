// The rules against this tree. rules_test.cc shows that each of them can fail.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/places.h"
#include "tests/tidy/domain_words.h"
#include "tests/tidy/includes.h"
#include "tests/tidy/invariants.h"
#include "tests/tidy/rooms.h"
#include "tests/tidy/rules.h"
#include "tests/tidy/tree.h"

namespace tidy {
namespace {

const Tree& this_tree() {
  static const Tree tree = read_tree(::tests::source_directory());
  return tree;
}

void check_that_none(const Findings& findings) { CHECK_MESSAGE(findings.empty(), to_text(findings)); }

TEST_CASE("the tree is found") {
  REQUIRE(this_tree().size() > 20);
  CHECK(std::any_of(this_tree().begin(), this_tree().end(),
                    [](const File& file) { return file.path == "engine/tote.h"; }));
}

TEST_CASE("every room knows what it includes, and nothing else") { check_that_none(check_rooms(this_tree())); }
TEST_CASE("every room includes only what it may know") { check_that_none(check_includes(this_tree())); }
TEST_CASE("the room table of ARCHITECTURE.md is the tree") { check_that_none(check_room_table(this_tree())); }
TEST_CASE("no source file is too long") { check_that_none(check_length(this_tree())); }
TEST_CASE("headers say what they are") { check_that_none(check_headers(this_tree())); }
TEST_CASE("no floating point near money") { check_that_none(check_no_floating_point(this_tree())); }
TEST_CASE("no locks beside the hand-over between threads") { check_that_none(check_no_locks(this_tree())); }
TEST_CASE("folders have names that mean something") { check_that_none(check_folder_names(this_tree())); }
TEST_CASE("nothing was left behind") { check_that_none(check_left_behind(this_tree())); }
std::string_view text_of(std::string_view path) {
  const auto found =
      std::find_if(this_tree().begin(), this_tree().end(), [&](const File& file) { return file.path == path; });
  REQUIRE(found != this_tree().end());
  return found->text;
}

TEST_CASE("the example at the head of script.h is the one that a test runs") {
  const std::string_view test = text_of("tests/engine/script_example_test.cc");
  int lines = 0;
  for (std::string_view line : lines_of(text_of("engine/kernel/script.h"))) {
    if (!line.starts_with("//   ")) continue;
    line.remove_prefix(std::string_view("//   ").size());
    CHECK_MESSAGE(test.find(line) != std::string_view::npos, std::string(line));
    ++lines;
  }
  CHECK(lines == 4);
}
TEST_CASE("what docs/entities.md says to the world, a test says") {
  std::string_view document = text_of("docs/entities.md");
  constexpr std::string_view begin = "```c++\n";
  REQUIRE(document.find(begin) != document.npos);
  document.remove_prefix(document.find(begin) + begin.size());
  document = document.substr(0, document.find("```"));
  CHECK(text_of("tests/cli/own_kind_test.cc").find(document) != std::string_view::npos);
}
TEST_CASE("what an entity says is the entity's") { check_that_none(check_domain_words(this_tree())); }
TEST_CASE("the kernel knows no saga, seat or hold") { check_that_none(check_kernel_words(this_tree())); }
TEST_CASE("clones share what the compiler cache knows") { check_that_none(check_definitions(this_tree())); }
TEST_CASE("each invariant has code that holds it and tests that attack it") {
  check_that_none(check_invariants(this_tree()));
}
TEST_CASE("every test checks something") { check_that_none(check_tests_check(this_tree())); }

}  // namespace
}  // namespace tidy
