#include "engine/kernel/hex.h"

#include <doctest/doctest.h>

using namespace tote;

TEST_CASE("bytes are written in hexadecimal digits, and read from digits of either case") {
  const auto bytes = bytes_of_hex<3>("00aFf9");
  REQUIRE(bytes.has_value());
  CHECK(hex_of(*bytes) == "00aff9");
}

TEST_CASE("what is too short, too long or no digit is no bytes") {
  for (const char* hex : {"", "00aff", "00aff90", "00aff9aa", "00afg9", "00af 9"}) CHECK(!bytes_of_hex<3>(hex));
}
