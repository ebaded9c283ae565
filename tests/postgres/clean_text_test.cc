// Text as JSON and PostgreSQL take it.
#include "adapters/events/clean_text.h"

#include <doctest/doctest.h>

using tote::events::clean_text;

TEST_CASE("text that is fine stays as it is") {
  for (const std::string text : {"", "alice", "Grüße", "\xe2\x82\xac", "\xf0\x9f\x8e\xab", "a\nb"})
    CHECK(clean_text(text) == text);
}

TEST_CASE("what isn't UTF-8, and NUL, becomes U+FFFD") {
  const std::string mark = "\xef\xbf\xbd";
  CHECK(clean_text(std::string("a\0b", 3)) == "a" + mark + "b");
  CHECK(clean_text("Gr\xc3") == "Gr" + mark);  // cut in the middle
  CHECK(clean_text("\xe2\x82x") == mark + mark + "x");
  CHECK(clean_text("\xff\x80") == mark + mark);
  CHECK(clean_text("\xc0\xaf") == mark + mark);                        // overlong
  CHECK(clean_text("\xed\xa0\x80") == mark + mark + mark);             // a surrogate
  CHECK(clean_text("\xf4\x90\x80\x80") == mark + mark + mark + mark);  // beyond U+10FFFF
}
