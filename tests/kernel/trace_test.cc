// W3C Trace Context, level 1: what a header may be, and that one that isn't sound is as if it hadn't come.
#include "engine/kernel/trace.h"

#include <doctest/doctest.h>

using tote::read_traceparent, tote::Trace, tote::traceparent_of;

namespace {
constexpr const char* sound = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
}  // namespace

TEST_CASE("a sound traceparent is read, and told as it came") {
  const auto trace = read_traceparent(sound);
  REQUIRE(trace);
  CHECK(trace->id_high == 0x0af7651916cd43ddU);
  CHECK(trace->id_low == 0x8448eb211c80319cU);
  CHECK(trace->span == 0xb7ad6b7169203331U);
  CHECK(trace->is_sampled());
  CHECK(traceparent_of(*trace) == sound);
  CHECK_FALSE(read_traceparent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00")->is_sampled());
  CHECK(tote::hex_of(std::uint64_t{0x0a}) == "000000000000000a");
}

TEST_CASE("a later version may say more, of which nothing is known") {
  const auto trace = read_traceparent("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-ff-what-else");
  REQUIRE(trace);
  CHECK(traceparent_of(*trace) == sound);
  CHECK_FALSE(read_traceparent("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01.x"));
}

TEST_CASE("what isn't sound is none") {
  for (const char* text : {"", "00", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
                           "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0",
                           "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-",
                           "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-011",
                           "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                           "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                           "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                           "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
                           "00-0af7651916cd43dd8448eb211c80319g-b7ad6b7169203331-01",
                           "00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                           "00- af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                           "0x-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"})
    CHECK_FALSE_MESSAGE(read_traceparent(text), text);
}
