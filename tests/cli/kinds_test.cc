// The kinds that a program knows: Tote's own, and those of whoever links its parts.
#include "adapters/cli/kinds.h"

#include <doctest/doctest.h>

#include "actors/wallet/wallet.h"
#include "adapters/cli/errors.h"
#include "tests/engine/box.h"

using namespace tote;
using namespace tote::cli;

namespace {

struct Impostor : Box {
  static constexpr KindId kind_id = 2;
};
struct Namesake : Box {
  static constexpr std::string_view kind = "wallet";
};

}  // namespace

TEST_CASE("kinds: a program's own stand beside Tote's, and one of Tote's that is named again counts once") {
  CHECK(kinds_with({}).size() == kinds().size());
  const Kinds all = kinds_with({kind_of<Box>(), kind_of<Wallet>()});
  CHECK(all.size() == kinds().size() + 1);
  CHECK(find_kind(all, Box::kind_id) != nullptr);
  CHECK(address_of(all, Box::kind_id, "b1") == "box/b1");
}

TEST_CASE("kinds: those that can't be used together are refused before anything is opened") {
  CHECK_THROWS_AS(kinds_with({kind_of<Impostor>()}), UsageError);
  CHECK_THROWS_AS(kinds_with({kind_of<Namesake>()}), UsageError);
  CHECK_THROWS_AS(kinds_with({kind_of<Box>(), kind_of<Box>()}), UsageError);
  CHECK_THROWS_AS(kinds_with({nullptr}), UsageError);
}
