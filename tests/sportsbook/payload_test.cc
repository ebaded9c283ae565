// What payloads say: amounts, ids, contents; and JSON that no double has touched.
#include "adapters/sportsbook/payload.h"

#include <doctest/doctest.h>

#include "adapters/sportsbook/amount.h"

namespace tests::sportsbook {
namespace {

using namespace tote;
using namespace tote::sportsbook;

const Currency eur = *currency_of("EUR"), jpy = *currency_of("JPY"), kwd = *currency_of("KWD");

std::optional<std::int64_t> minor(std::string_view text, Unit unit, Currency currency = eur) {
  const auto amount = read_amount(text, unit, currency);
  return amount ? std::optional(amount->minor) : std::nullopt;
}

int code_of(Action action, std::string_view payload, Unit unit = Unit::subunits) {
  tote::sportsbook::Options options;
  options.name = "acme";
  options.unit = unit;
  const auto json = Json::parse(payload);
  REQUIRE(json.has_value());
  const auto read = read_payload(action, *json, options);
  const auto* refused = std::get_if<Refused>(&read);
  return refused == nullptr ? 0 : refused->code;
}

bool is_same(std::string_view one, std::string_view other) {
  return content_of(Action::win, *Json::parse(one)) == content_of(Action::win, *Json::parse(other));
}

TEST_CASE("amounts are whole minor units in each unit, or they aren't amounts") {
  CHECK(minor("300", Unit::subunits) == 300);
  CHECK(minor("0", Unit::subunits) == 0);
  CHECK(minor("1000000000000000", Unit::subunits) == 1'000'000'000'000'000);
  for (const char* text : {"1000000000000001", "-1", "1.0", "1e3", "", "01", "+1", " 1", "99999999999999999999"})
    CHECK_FALSE(minor(text, Unit::subunits));
  CHECK(minor("150000", Unit::x100000) == 150);
  CHECK(minor("1000", Unit::x100000) == 1);
  CHECK_FALSE(minor("1500", Unit::x100000));
  CHECK(minor("100000", Unit::x100000, jpy) == 1);
  CHECK(minor("100", Unit::x100000, kwd) == 1);
  CHECK(minor("1.50", Unit::decimal) == 150);
  CHECK(minor("1.5", Unit::decimal) == 150);
  CHECK(minor("1.500", Unit::decimal) == 150);
  CHECK(minor("3", Unit::decimal) == 300);
  CHECK(minor("0.01", Unit::decimal) == 1);
  CHECK(minor("7", Unit::decimal, jpy) == 7);
  for (const char* text : {"1.505", ".5", "1.", "1,5", "1.5.0", "-1.00"}) CHECK_FALSE(minor(text, Unit::decimal));
  CHECK_FALSE(minor("7.5", Unit::decimal, jpy));
}

TEST_CASE("amounts are told in the unit in which they are asked") {
  CHECK(write_amount({-5}, Unit::subunits, eur) == "-5");
  CHECK(write_amount({150}, Unit::x100000, eur) == "150000");
  CHECK(write_amount({-1}, Unit::x100000, jpy) == "-100000");
  CHECK(write_amount({0}, Unit::decimal, eur) == "\"0.00\"");
  CHECK(write_amount({5}, Unit::decimal, eur) == "\"0.05\"");
  CHECK(write_amount({-1'234}, Unit::decimal, eur) == "\"-12.34\"");
  CHECK(write_amount({7}, Unit::decimal, jpy) == "\"7\"");
  CHECK(write_amount({7}, Unit::decimal, kwd) == "\"0.007\"");
}

TEST_CASE("contents are equal where payloads say the same, in any order, by numbers or texts") {
  CHECK(is_same(R"({"a":12,"b":["x",null]})", R"({ "b" : ["x", null], "a":"12" })"));
  CHECK_FALSE(is_same(R"({"a":12})", R"({"a":13})"));
  CHECK_FALSE(is_same(R"({"a":["1","2"]})", R"({"a":["12"]})"));
  CHECK_FALSE(is_same(R"({"a":{"b":1}})", R"({"a":1})"));
  const auto payload = *Json::parse(R"({"a":1})");
  CHECK(content_of(Action::win, payload) != content_of(Action::refund, payload));
}

TEST_CASE("ids are numbers of up to 19 digits, or 1 to 100 characters of ids") {
  const auto commit = [](const std::string& id) {
    return code_of(Action::commit, R"({"bet_transaction_id":)" + id + "}");
  };
  for (const std::string id : {"1", "9999999999999999999", "\"a.b_c:d-E\""}) CHECK(commit(id) == 0);
  CHECK(commit('"' + std::string(100, 'x') + '"') == 0);
  CHECK(commit('"' + std::string(101, 'x') + '"') == 2004);
  CHECK(commit("\"acme:" + std::string(100, 'x') + ":1\"") == 0);  // ours
  for (const std::string id : {"10000000000000000000", "-1", "1.0", "1e3", "true", "null", "\"\"", "\"a b\"", "[1]"})
    CHECK(commit(id) == 2004);
}

TEST_CASE("what is missing, of another type, or contradicts itself is 2004") {
  CHECK(code_of(Action::make, R"({"amount":5,"currency":"EUR","player_id":"p","transaction":{"id":1}})") == 0);
  CHECK(code_of(Action::make, R"({"amount":5,"currency":"EUR","player_id":7,"transaction":{"id":1},"new":[{}]})") == 0);
  CHECK(code_of(Action::make, R"({"amount":5,"currency":"EUR","player_id":"p","transaction":{"id":1,"amount":6}})") ==
        2004);
  CHECK(code_of(Action::make, R"({"amount":"5","currency":"EUR","player_id":"p","transaction":{"id":1}})") == 2004);
  CHECK(code_of(Action::make, R"({"amount":5,"player_id":"p","transaction":{"id":1}})") == 2004);
  CHECK(code_of(Action::make, R"({"amount":5,"currency":"EUR","transaction":{"id":1}})") == 2004);
  CHECK(code_of(Action::make, R"({"amount":5,"currency":"EUR","player_id":"p","transaction":[]})") == 2004);
  CHECK(code_of(Action::win, R"({"currency":"EUR","bet_transaction_id":1,"transaction":{"id":2}})") == 2004);
  CHECK(code_of(Action::win, R"({"amount":1,"currency":"XYZ","bet_transaction_id":1,"transaction":{"id":2}})") == 2002);
  CHECK(code_of(Action::lost, R"({"amount":1,"bet_transaction_id":1,"transaction":{"id":2}})") == 2004);
  CHECK(code_of(Action::lost, R"({"amount":0,"bet_transaction_id":1,"transaction":{"id":2}})") == 0);
  CHECK(code_of(Action::settlement, R"({"bet_transaction_id":1,"status":"half-won"})") == 0);
  CHECK(code_of(Action::settlement, R"({"bet_transaction_id":1,"status":"maybe"})") == 2004);
}

TEST_CASE("JSON is read strictly, and numbers stay the text that they are") {
  const auto value = Json::parse(R"( {"n":12345678901234567890.10, "t":"a\u00e9\ud83d\ude00\n", "l":[true,null]} )");
  REQUIRE(value.has_value());
  CHECK(value->find("n")->text == "12345678901234567890.10");
  CHECK(value->find("t")->text == "a\xc3\xa9\xf0\x9f\x98\x80\n");
  CHECK(value->find("l")->elements.size() == 2);
  for (const std::string text : {"",
                                 "{",
                                 "{}x",
                                 "[1,]",
                                 "{\"a\":1,\"a\":2}",
                                 "01",
                                 "1.",
                                 "-",
                                 ".5",
                                 "+1",
                                 "1e",
                                 "nul",
                                 "\"\\x\"",
                                 "\"\\ud800\"",
                                 "\"\x01\"",
                                 "\"\xff\"",
                                 "\"\xc0\x80\"",
                                 "'a'",
                                 "[1 2]",
                                 "{\"a\" 1}",
                                 "{1:2}",
                                 "\"\\u12\""})
    CHECK_FALSE(Json::parse(text));
  CHECK_FALSE(Json::parse(std::string(13, '[') + std::string(13, ']')));
  std::string many = "[0";
  for (std::size_t i = 0; i < Json::values_max; ++i) many += ",0";
  CHECK_FALSE(Json::parse(many + "]"));
}

}  // namespace
}  // namespace tests::sportsbook
