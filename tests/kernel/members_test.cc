// Bytes, digests and descriptions that follow from the members of a struct.
#include <doctest/doctest.h>

#include <map>
#include <variant>

#include "engine/kernel/by_members.h"

namespace tote {
namespace {

enum class Colour : std::uint8_t { red = 1, blue = 2 };
std::string_view name_of(Colour colour) { return colour == Colour::red ? "red" : "blue"; }

struct Line {
  std::string item{};
  std::int32_t quantity = 1;
  static constexpr void members(auto&& is) { is("item", &Line::item), is("quantity", &Line::quantity); }
};
struct Everything {
  bool is_new = false;
  std::int64_t number = 0;
  std::uint32_t small = 0;
  Colour colour = Colour::red;
  Money price{};
  Time at{};
  std::string text{};
  std::optional<std::string> note{};
  std::vector<Line> lines{};
  std::vector<std::int64_t> numbers{};
  Line best{};
  static constexpr void members(auto&& is) {
    is("is_new", &Everything::is_new), is("number", &Everything::number), is("small", &Everything::small);
    is("colour", &Everything::colour), is("price", &Everything::price), is("at", &Everything::at);
    is("text", &Everything::text), is("note", &Everything::note), is("lines", &Everything::lines);
    is("numbers", &Everything::numbers), is("best", &Everything::best);
  }
};
struct Nothing {};

Everything everything() {
  return {.is_new = true,
          .number = std::numeric_limits<std::int64_t>::min(),
          .small = std::numeric_limits<std::uint32_t>::max(),
          .colour = Colour::blue,
          .price = {-5},
          .at = {std::numeric_limits<std::int64_t>::max() - 1},
          .text = std::string("a\0b", 3),
          .note = "",
          .lines = {{"apple", 3}, {}},
          .numbers = {0, -1, 300},
          .best = {"pear", 7}};
}

// One line of names and values.
class Shown final : public Fields {
 public:
  void integer(std::string_view name, std::int64_t value) override { add(name, std::to_string(value)); }
  void text(std::string_view name, std::string_view value) override { add(name, "'" + std::string(value) + "'"); }
  void time(std::string_view name, Time value) override { add(name, "@" + std::to_string(value.ns)); }
  void none(std::string_view name) override { add(name, "-"); }
  void begin(std::string_view name) override { line.append(line.empty() ? "" : " ").append(name).append("("); }
  void end() override { line += ")"; }

  std::string line;

 private:
  void add(std::string_view name, const std::string& value) {
    if (!line.empty() && line.back() != '(') line += ' ';
    line.append(name).append("=").append(value);
  }
};

template <class T>
std::string bytes_of(const T& value) {
  std::string bytes;
  by_members::encode(value, bytes);
  return bytes;
}
template <class T>
std::string digest_of(const T& value) {
  std::string bytes;
  by_members::digest(value, bytes);
  return bytes;
}
template <class T>
std::string shown(const T& value) {
  Shown fields;
  by_members::describe(value, fields);
  return fields.line;
}

TEST_CASE("members: every type of field comes back from its bytes") {
  Everything again;
  REQUIRE(by_members::decode(bytes_of(everything()), again));
  CHECK(shown(again) == shown(everything()));
  CHECK(shown(again) ==
        "is_new=1 number=-9223372036854775808 small=4294967295 colour='blue' price=-5 at=@9223372036854775806 text='" +
            std::string("a\0b", 3) +
            "' note='' lines( (item='apple' quantity=3) (item='' quantity=1)) numbers( (value=0) (value=-1) "
            "(value=300)) best(item='pear' quantity=7)");
}

TEST_CASE("members: their bytes are what other versions of the program wrote") {
  CHECK(bytes_of(Line{"ab", -2}) == std::string("\x01\x02\x02"
                                                "ab\x03"));
  CHECK(bytes_of(Nothing{}) == std::string("\x01\0", 2));
  CHECK(bytes_of(std::variant<Nothing, Line>(Line{"", 64})) == std::string("\x01\x01\x02\0\x80\x01", 6));
}

TEST_CASE("members: bytes that are cut, or longer, or changed in their format, are refused") {
  const std::string bytes = bytes_of(everything());
  Everything again;
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CAPTURE(size);
    CHECK_FALSE(by_members::decode(std::string_view(bytes).substr(0, size), again));
  }
  CHECK_FALSE(by_members::decode(bytes + '\0', again));
  CHECK_FALSE(by_members::decode('\x02' + bytes.substr(1), again));
}

TEST_CASE("members: whatever the bytes, reading them ends, and takes no memory that they don't have") {
  Everything again;
  for (const char* text :
       {"\x01\x0b\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", "\x01\xff\xff\xff\xff\x0f", "\x01"}) {
    CHECK_FALSE(by_members::decode(text, again));
  }
  std::vector<std::int64_t> numbers;
  CHECK_FALSE(MemberReader("\xff\xff\xff\xff\xff\xff\x01").get(numbers));
  std::int32_t narrow = 0;
  CHECK_FALSE(MemberReader("\xff\xff\xff\xff\x7f").get(narrow));
  bool flag = false;
  CHECK_FALSE(MemberReader("\x04").get(flag));
}

TEST_CASE("members: bytes that were changed anywhere are refused, or are those of another value") {
  const std::string bytes = bytes_of(everything());
  Everything again, twice;
  std::size_t taken = 0;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string changed = bytes;
      changed[at] = static_cast<char>(byte);
      if (!by_members::decode(changed, again)) continue;
      ++taken;
      REQUIRE(by_members::decode(bytes_of(again), twice));
      REQUIRE(bytes_of(twice) == bytes_of(again));
      if (changed != bytes) REQUIRE(bytes_of(again) != bytes);
    }
  }
  CHECK(taken > bytes.size());
}

// Line, two versions of the program later.
struct GrownLine {
  std::string item{};
  std::int32_t quantity = 1;
  std::string unit = "piece";
  std::vector<Line> parts{};
  static constexpr void members(auto&& is) {
    is("item", &GrownLine::item), is("quantity", &GrownLine::quantity), is("unit", &GrownLine::unit);
    is("parts", &GrownLine::parts);
  }
};

TEST_CASE("members: what an older program wrote is read by a newer one, and not the other way round") {
  using Old = std::variant<Line>;
  using New = std::variant<GrownLine, Nothing>;
  New grown;
  REQUIRE(by_members::decode(bytes_of(Old(Line{"apple", 3})), grown));
  CHECK(shown(grown) == "item='apple' quantity=3 unit='piece' parts()");
  Old old;
  CHECK_FALSE(by_members::decode(bytes_of(grown), old));
  CHECK_FALSE(by_members::decode(bytes_of(New(Nothing{})), old));
}

TEST_CASE("members: a digest tells apart what differs, and stays when a field is added that nobody sets") {
  CHECK(digest_of(Line{"a", 1}) == digest_of(GrownLine{"a", 1}));
  CHECK(digest_of(Line{"", 7}) == digest_of(GrownLine{"", 7}));
  CHECK(digest_of(GrownLine{"a", 1, ""}) != digest_of(GrownLine{"a", 1}));
  CHECK(digest_of(Line{"a", 1}) != digest_of(Line{"a", 2}));
  CHECK(digest_of(std::variant<Line, GrownLine>(Line{})) != digest_of(std::variant<Line, GrownLine>(GrownLine{})));
  Everything one = everything(), other = everything();
  one.lines = {{"ab", 1}, {"c", 1}};
  other.lines = {{"a", 1}, {"bc", 1}};
  CHECK(digest_of(one) != digest_of(other));
}

TEST_CASE("members: an answer has what has a bound, and an older one what it had") {
  std::string answer;
  by_members::answer(Everything{.lines = {{"apple", 3}}, .best = {"pear", 7}}, answer);
  Shown fields;
  REQUIRE(by_members::describe_answer<Everything>(answer, fields));
  CHECK(fields.line ==
        "is_new=0 number=0 small=0 colour='red' price=0 at=@0 text='' note=- best(item='pear' quantity=7)");
  std::string older;
  by_members::answer(Line{"apple", 3}, older);
  Shown told;
  REQUIRE(by_members::describe_answer<GrownLine>(older, told));
  CHECK(told.line == "item='apple' quantity=3");
  CHECK_FALSE(by_members::describe_answer<Nothing>(older, told));
}

struct Ruled {
  std::string player{};
  Time until = Time::never();
  std::int64_t count = 3;
  std::string secret{};
  static constexpr void members(auto&& is) {
    is("player", &Ruled::player), is("until", &Ruled::until, {.may_lack = true});
    is("count", &Ruled::count, {.may_lack = true}), is("secret", &Ruled::secret, {.is_told = false});
  }
};

TEST_CASE("members: what may lack is told where it differs from what the struct makes, what isn't for others never") {
  CHECK(shown(Ruled{"", Time::never(), 3, "s"}) == "player=''");
  CHECK(shown(Ruled{"p", {5}, 0, "s"}) == "player='p' until=@5 count=0");
}

struct Forgetful {
  std::int64_t told = 0;
  bool forgotten = false;
  static constexpr void members(auto&& is) { is("told", &Forgetful::told); }
};
struct Twice {
  std::int64_t one = 0, other = 0;
  static constexpr void members(auto&& is) { is("one", &Twice::one), is("other", &Twice::one); }
};
struct Named {
  std::int64_t one = 0, other = 0;
  static constexpr void members(auto&& is) { is("one", &Named::one), is("one", &Named::other); }
};
struct Pointing {
  const char* text = nullptr;
  static constexpr void members(auto&& is) { is("text", &Pointing::text); }
};
struct Undeclared {
  std::int64_t number = 0;
};

TEST_CASE("members: what would be lost, or would be an address, isn't taken") {
  CHECK(names_every_field<Everything>());
  CHECK_FALSE(names_every_field<Forgetful>());
  CHECK_FALSE(names_every_field<Twice>());
  CHECK_FALSE(names_every_field<Named>());
  CHECK(is_field<Everything>());
  CHECK_FALSE((is_field<Everything, false>()));
  CHECK_FALSE(is_field<Pointing>());
  CHECK_FALSE(is_field<std::vector<std::optional<Pointing>>>());
  CHECK_FALSE(is_field<Undeclared>());
  CHECK_FALSE(is_field<std::string_view>());
  CHECK_FALSE(is_field<std::uint64_t>());
  CHECK_FALSE(is_field<std::int64_t*>());
  CHECK_FALSE(is_field<std::map<std::string, std::int64_t>>());
  CHECK(is_stored<std::map<std::string, std::vector<std::uint64_t>>>());
  CHECK_FALSE(is_stored<std::map<std::string, const char*>>());
  CHECK_FALSE(is_stored<std::map<std::string, double>>());
}

}  // namespace
}  // namespace tote
