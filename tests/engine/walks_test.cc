// Lists that are walked (engine/walks.h): a page of what an earlier look found is as complete as one of a look.
#include "engine/walks.h"

#include "engine/kernel/kinds.h"
#include "tests/engine/harness.h"

namespace tote {
namespace {

constexpr KindId walked_kind = Wallet::kind_id;

IdsAsk behind(const std::string& after, std::size_t limit = 2, const std::string& prefix = "") {
  return {.kind = walked_kind, .after = after, .prefix = prefix, .limit = limit};
}

using Ids = std::vector<std::string>;

// "b" to "g", found behind "a".
Walks six(bool is_last) {
  Walks walks;
  walks.keep(walks.begin({}, behind("a"), 0), {"b", "c", "d", "e", "f", "g"}, is_last);
  return walks;
}

TEST_CASE("walks: pages behind the one that was looked for need no look, and the last one says so") {
  Walks walks = six(true);
  const auto middle = walks.page({}, behind("c"), {7}, 0);
  REQUIRE(middle);
  CHECK(middle->ids == Ids{"d", "e"});
  CHECK_FALSE(middle->is_last);
  CHECK(middle->as_of == Lsn{7});
  const auto last = walks.page({}, behind("e"), {7}, 0);
  REQUIRE(last);
  CHECK(last->ids == Ids{"f", "g"});
  CHECK(last->is_last);
  CHECK(walks.page({}, behind("g"), {7}, 0)->ids.empty());
}

TEST_CASE("walks: where the look has found no more there may be others, so a page that isn't full needs another one") {
  Walks walks = six(false);
  CHECK(walks.page({}, behind("d"), {}, 0)->ids == Ids{"e", "f"});
  CHECK_FALSE(walks.page({}, behind("e"), {}, 0));
  CHECK_FALSE(walks.page({}, behind("A"), {}, 0));  // before where it began
}

TEST_CASE("walks: another tenant's, another kind's, another prefix's, and what needs somebody, aren't in it") {
  Walks walks = six(true);
  CHECK_FALSE(walks.page({1}, behind("b"), {}, 0));
  CHECK_FALSE(walks.page({}, behind("b", 2, "b"), {}, 0));
  IdsAsk of_another_kind = behind("b"), alerted = behind("b");
  of_another_kind.kind = walked_kind + 1;
  alerted.only_alerted = true;
  CHECK_FALSE(walks.page({}, of_another_kind, {}, 0));
  CHECK_FALSE(walks.page({}, alerted, {}, 0));
}

TEST_CASE("walks: who was made since is on its page once that is durable, and only once") {
  Walks walks;
  const auto number = walks.begin({}, behind("a"), 0);
  walks.made({}, walked_kind, "cc", {5});  // while the look goes on, which meets it, too
  walks.made({}, walked_kind, "a", {5});
  walks.made({}, walked_kind + 1, "ce", {5});
  walks.made({1}, walked_kind, "ce", {5});
  walks.keep(number, {"b", "c", "cc", "d", "e"}, true);
  walks.made({}, walked_kind, "cd", {6});
  walks.made({}, walked_kind, "z", {8});
  CHECK(walks.page({}, behind("b", 3), {5}, 0)->ids == Ids{"c", "cc", "d"});
  CHECK(walks.page({}, behind("b", 3), {6}, 0)->ids == Ids{"c", "cc", "cd"});
  CHECK(walks.page({}, behind("cd", 3), {7}, 0)->ids == Ids{"d", "e"});
  const auto whole = walks.page({}, behind("cd", 3), {8}, 0);
  CHECK(whole->ids == Ids{"d", "e", "z"});
  CHECK(whole->is_last);
}

TEST_CASE("walks: who was made behind what the look has found is of the next look") {
  Walks walks = six(false);
  walks.made({}, walked_kind, "ff", {1});
  walks.made({}, walked_kind, "h", {1});
  CHECK(walks.page({}, behind("d"), {1}, 0)->ids == Ids{"e", "f"});
  CHECK_FALSE(walks.page({}, behind("e"), {1}, 0));
}

TEST_CASE("walks: with more newcomers than are noted, and after a while, the next page costs a look") {
  Walks walks = six(true);
  for (std::size_t i = 0; i < Walks::newcomers_max; ++i) walks.made({}, walked_kind, "c" + std::to_string(i), {1});
  CHECK(walks.page({}, behind("b"), {1}, 0));
  walks.made({}, walked_kind, "d1", {1});
  CHECK_FALSE(walks.page({}, behind("b"), {1}, 0));

  walks = six(true);
  CHECK(walks.page({}, behind("b"), {1}, Walks::unused_max_ns));
  CHECK_FALSE(walks.page({}, behind("b"), {1}, 2 * Walks::unused_max_ns + 1));
}

TEST_CASE("walks: the one that wasn't used for longest goes, never one that is looked for; then there is no room") {
  Walks walks = six(true);
  std::vector<Walks::Number> looking;
  for (std::size_t i = 0; i < Walks::walks_max; ++i) looking.push_back(walks.begin({}, behind("x"), 1));
  CHECK_FALSE(walks.page({}, behind("b"), {}, 1));
  CHECK(walks.begin({}, behind("x"), 1) == 0);
  walks.drop(looking.front());
  CHECK(walks.begin({}, behind("x"), 1) != 0);
}

}  // namespace
}  // namespace tote
