// The box of a command: one owner, destroyed once, no way to take it for another type.
#include "engine/kernel/command.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace tote {
namespace {

struct Counted {
  std::shared_ptr<int> alive;
};

struct Other {
  int value = 0;
};

struct alignas(alignof(std::max_align_t)) Aligned {
  std::uint8_t first = 1;
};

struct Largest {
  std::uint8_t bytes[Command::bytes_max] = {};
};

struct Larger {
  std::uint8_t bytes[Command::bytes_max + 1] = {};
};

struct alignas(2 * alignof(std::max_align_t)) OverAligned {
  std::uint8_t first = 1;
};

// What the box asserts on construction, as a question: nothing else may enter.
template <class T>
constexpr bool fits = sizeof(T) <= Command::bytes_max && alignof(T) <= alignof(std::max_align_t);
static_assert(fits<Largest> && !fits<Larger> && fits<Aligned> && !fits<OverAligned>);

TEST_CASE("command: an empty box is a read") {
  const Command none{};
  CHECK_FALSE(static_cast<bool>(none));
  CHECK(none.get<Other>() == nullptr);
}

TEST_CASE("command: gives its value, and only as the type it is") {
  const Command command(Other{7});
  REQUIRE(command.get<Other>() != nullptr);
  CHECK(command.get<Other>()->value == 7);
  CHECK(command.get<Counted>() == nullptr);
  CHECK(command.get<int>() == nullptr);
}

TEST_CASE("command: destroys its value once") {
  const auto alive = std::make_shared<int>(1);
  {
    const Command command(Counted{alive});
    CHECK(alive.use_count() == 2);
  }
  CHECK(alive.use_count() == 1);
}

TEST_CASE("command: moving it leaves an empty box and one value") {
  const auto alive = std::make_shared<int>(1);
  Command from(Counted{alive});
  const Command to(std::move(from));
  CHECK_FALSE(static_cast<bool>(from));  // NOLINT(bugprone-use-after-move): that is the point
  CHECK(from.get<Counted>() == nullptr);
  REQUIRE(to.get<Counted>() != nullptr);
  CHECK(alive.use_count() == 2);
}

TEST_CASE("command: assigning destroys what was there") {
  const auto old = std::make_shared<int>(1);
  const auto fresh = std::make_shared<int>(2);
  Command command(Counted{old});
  command = Command(Counted{fresh});
  CHECK(old.use_count() == 1);
  CHECK(fresh.use_count() == 2);
  command = Command(Other{3});
  CHECK(fresh.use_count() == 1);
  CHECK(command.get<Other>()->value == 3);
}

TEST_CASE("command: assigning it to itself changes nothing") {
  const auto alive = std::make_shared<int>(1);
  Command command(Counted{alive});
  Command& same = command;
  command = std::move(same);
  CHECK(command.get<Counted>() != nullptr);
  CHECK(alive.use_count() == 2);
}

TEST_CASE("command: reset empties it, twice is as once") {
  const auto alive = std::make_shared<int>(1);
  Command command(Counted{alive});
  command.reset();
  command.reset();
  CHECK(alive.use_count() == 1);
  CHECK_FALSE(static_cast<bool>(command));
}

TEST_CASE("command: a short string survives being moved (its bytes lie in the box)") {
  Command from(std::string("short"));
  Command to(std::move(from));
  Command last;
  last = std::move(to);
  REQUIRE(last.get<std::string>() != nullptr);
  CHECK(*last.get<std::string>() == "short");
}

TEST_CASE("command: the strictest ordinary alignment and the largest size are kept") {
  const Command aligned(Aligned{9});
  CHECK(reinterpret_cast<std::uintptr_t>(aligned.get<Aligned>()) % alignof(Aligned) == 0);
  CHECK(aligned.get<Aligned>()->first == 9);
  Largest largest;
  largest.bytes[Command::bytes_max - 1] = 42;
  Command from(largest);
  const Command to(std::move(from));
  CHECK(to.get<Largest>()->bytes[Command::bytes_max - 1] == 42);
}

}  // namespace
}  // namespace tote
