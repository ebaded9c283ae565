#include "engine/kernel/bounded.h"

#include <doctest/doctest.h>

using tote::bounded;

TEST_CASE("somebody else's words are kept as far as there is room, and never half a character of them") {
  CHECK(bounded("declined", 8) == "declined");
  CHECK(bounded("declined", 7) == "decline");
  CHECK(bounded("caf\xC3\xA9", 5) == "caf\xC3\xA9");
  CHECK(bounded("caf\xC3\xA9", 4) == "caf");
  CHECK(bounded("\xE2\x82\xAC", 2).empty());
  CHECK(bounded("\xF0\x9F\x8E\xAB!", 4) == "\xF0\x9F\x8E\xAB");
}

TEST_CASE("words with a NUL, which no database takes, are kept without it") {
  CHECK(bounded(std::string("a\0b", 3), 10) == "a b");
}
