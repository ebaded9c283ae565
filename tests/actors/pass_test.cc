// Passes: put, read, revoked, and whom they let in.
#include "actors/pass/pass.h"

#include "tests/actors/given.h"
#include "tests/actors/order_words.h"

namespace tote {
namespace {

std::string described(const Pass::State& pass) {
  std::string bytes;
  Pass::answer(pass, nullptr, bytes);
  OrderText fields;
  CHECK(Pass::describe_answer("season", bytes, fields));
  return fields.out;
}

TEST_CASE("pass, open: anybody's for ever, or one player's up to a time") {
  auto anybodys = given<Pass>();
  anybodys.when(Pass::Open{}).as(Code::created).records(Pass::Opened{});
  CHECK(described(anybodys.state()) == "id=season;status=valid;");
  auto anns = given<Pass>();
  anns.when(Pass::Open{"ann", {5}}).as(Code::created).records(Pass::Opened{"ann", {5}});
  CHECK(described(anns.state()) == "id=season;player=ann;valid_until=5;status=valid;");
}

TEST_CASE("pass, open: a player or a time that is none") {
  for (const std::string& player : {std::string("a/b"), std::string("ä"), std::string(129, 'p')}) {
    given<Pass>().when(Pass::Open{player, {5}}).refused(Code::invalid_id);
    given<Pass>(Pass::Opened{}).when(Pass::Open{player, {5}}).refused(Code::invalid_id);
  }
  for (const std::int64_t ns : {std::int64_t{0}, std::int64_t{-1}, INT64_MIN})
    given<Pass>().when(Pass::Open{"ann", {ns}}).refused(Code::invalid_request);
}

TEST_CASE("pass, open: the same again is a yes, even revoked; another one is refused") {
  const Pass::Opened opened{"ann", {5}};
  given<Pass>(opened).when(Pass::Open{"ann", {5}}).as(Code::ok).records();
  given<Pass>(opened).when(Pass::Open{"bob", {5}}).refused(Code::already_exists);
  given<Pass>(opened).when(Pass::Open{"", {5}}).refused(Code::already_exists);
  given<Pass>(opened).when(Pass::Open{"ann", {6}}).refused(Code::already_exists);
  auto revoked = given<Pass>(opened, Pass::Revoked{});
  revoked.when(Pass::Open{"ann", {5}}).as(Code::ok).records();
  CHECK(!Pass::is_valid_for(revoked.state(), "ann", {1}));
}

TEST_CASE("pass, revoke: once and for all") {
  given<Pass>().when(Pass::Revoke{}).refused(Code::not_found);
  auto pass = given<Pass>(Pass::Opened{"ann", {5}});
  pass.when(Pass::Revoke{}).as(Code::ok).records(Pass::Revoked{});
  pass.when(Pass::Revoke{}).as(Code::ok).records();
  CHECK(described(pass.state()) == "id=season;player=ann;valid_until=5;status=revoked;");
}

TEST_CASE("pass: valid for its player, up to the last nanosecond before its end") {
  const auto anns = given<Pass>(Pass::Opened{"ann", {100}});
  CHECK(Pass::is_valid_for(anns.state(), "ann", {99}));
  CHECK(!Pass::is_valid_for(anns.state(), "ann", {100}));
  CHECK(!Pass::is_valid_for(anns.state(), "bob", {99}));
  CHECK(!Pass::is_valid_for(anns.state(), "", {99}));
  CHECK(!Pass::is_valid_for(anns.state(), "anna", {99}));
  const auto anybodys = given<Pass>(Pass::Opened{});
  CHECK(Pass::is_valid_for(anybodys.state(), "bob", {INT64_MAX - 1}));
  CHECK(!Pass::is_valid_for({}, "ann", {1}));
  CHECK(!Pass::is_valid_for(given<Pass>(Pass::Opened{}, Pass::Revoked{}).state(), "ann", {1}));
}

TEST_CASE("pass: time alone changes nothing") {
  CHECK(Pass::next_due(given<Pass>(Pass::Opened{"ann", {5}}).state()) == Time::never());
}

TEST_CASE("pass: what happened comes back from its bytes, and has a name") {
  for (const Pass::Event& event :
       {Pass::Event{Pass::Opened{}}, Pass::Event{Pass::Opened{"ann", {5}}}, Pass::Event{Pass::Revoked{}}}) {
    std::string bytes;
    Pass::encode(event, bytes);
    Pass::Event again;
    REQUIRE(Pass::decode(bytes, again));
    CHECK(bytes_of<Pass>(again) == bytes_of<Pass>(event));
    CHECK(!Pass::decode(bytes.substr(0, 4), again));
  }
  OrderText fields;
  Pass::describe_event(Pass::Opened{"ann", {5}}, fields);
  CHECK(fields.out == "player=ann;valid_until=5;");
  CHECK(Pass::name_of(Pass::Revoked{}) == "revoked");
}

TEST_CASE("pass: a log that doesn't fit isn't believed") {
  const auto pass = given<Pass>(Pass::Opened{});
  CHECK(!Pass::fits({}, Pass::Revoked{}));
  CHECK(!Pass::fits(pass.state(), Pass::Opened{}));
  CHECK(!Pass::fits(given<Pass>(Pass::Opened{}, Pass::Revoked{}).state(), Pass::Revoked{}));
  CHECK(!Pass::check({}));
}

TEST_CASE("pass: two commands that ask the same have the same digest, others haven't") {
  std::set<std::string> seen;
  for (const Pass::Command& command : {Pass::Command{Pass::Open{}},
                                       {Pass::Open{"ann"}},
                                       {Pass::Open{"ann", {5}}},
                                       {Pass::Open{"ann", {55}}},
                                       {Pass::Open{"ann5", {5}}},
                                       {Pass::Revoke{}}}) {
    std::string bytes;
    Pass::digest(command, bytes);
    CHECK(seen.insert(bytes).second);
  }
}

}  // namespace
}  // namespace tote
