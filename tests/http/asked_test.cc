// Commands in bodies, by their members: what is read, what is refused and where, and what the document says of it.
#include "adapters/http/asked.h"

#include <doctest/doctest.h>

#include "actors/item/item.h"
#include "actors/wallet/wallet.h"

namespace tote::http {
namespace {

struct Gift {
  std::string giver{};
  Money amount{};
  std::int64_t times = 2;
  std::string note{};
  bool is_secret = false;
  Time until = Time::never();
  std::int64_t internal = 0;
  static constexpr void members(auto&& is) {
    is("giver", &Gift::giver, {.is_id = true}), is("amount", &Gift::amount);
    is("times", &Gift::times, {.may_lack = true, .min = 1, .max = 3});
    is("note", &Gift::note, {.may_lack = true, .max = 5}), is("is_secret", &Gift::is_secret, {.may_lack = true});
    is("until", &Gift::until, {.may_lack = true}), is("internal", &Gift::internal, {.is_told = false});
  }
};

// The pointer of what is refused; empty: nothing is.
std::string refused(const std::string& body, Gift& gift, Renamed renamed = {}) {
  JsonDocument document;
  REQUIRE(document.parse(body));
  JsonObject object(document);
  gift = members_of<Gift>(object, renamed);
  return object.finish() ? std::string() : document.error().pointer;
}

TEST_CASE("asked: every member is read, what may lack stays as the struct makes it") {
  Gift gift;
  CHECK(refused(R"({"giver": "ann", "amount": 7})", gift).empty());
  CHECK(gift.giver == "ann");
  CHECK(gift.amount == Money{7});
  CHECK(gift.times == 2);
  CHECK(gift.until == Time::never());
  CHECK(refused(R"({"giver": "ann", "amount": 7, "times": 3, "note": "hello", "is_secret": true,
                    "until": "1970-01-01T00:00:01Z"})",
                gift)
            .empty());
  CHECK(gift.times == 3);
  CHECK(gift.note == "hello");
  CHECK(gift.is_secret);
  CHECK(gift.until == Time{ns_per_s});
}

TEST_CASE("asked: what is refused is named by its pointer, the first member of the struct first") {
  Gift gift;
  CHECK(refused(R"({"amount": 7})", gift) == "/giver");
  CHECK(refused(R"({"amount": 0, "giver": "a b"})", gift) == "/giver");
  CHECK(refused(R"({"giver": "ann", "amount": 0})", gift) == "/amount");
  CHECK(refused(R"({"giver": "ann", "amount": 7, "times": 4})", gift) == "/times");
  CHECK(refused(R"({"giver": "ann", "amount": 7, "note": "longer"})", gift) == "/note");
  CHECK(refused(R"({"giver": "ann", "amount": 7, "internal": 1})", gift) == "/internal");
}

TEST_CASE("asked: a member that the body calls otherwise is read under that name, and first") {
  Gift gift;
  CHECK(refused(R"({"giver": "ann", "gift": 7})", gift, {"amount", "gift"}).empty());
  CHECK(gift.amount == Money{7});
  CHECK(refused(R"({"giver": "a b", "gift": 0})", gift, {"amount", "gift"}) == "/gift");
  CHECK(refused(R"({"giver": "ann", "amount": 7})", gift, {"amount", "gift"}) == "/gift");
}

TEST_CASE("asked: the schema says what is read") {
  CHECK(body_schema<Gift>() ==
        R"({"type":"object","additionalProperties":false,"required":["giver","amount"],"properties":{)"
        R"("giver":{"$ref":"#/components/schemas/Id"},"amount":{"$ref":"#/components/schemas/Amount"},)"
        R"("times":{"type":"integer","minimum":1,"maximum":3,"default":2},)"
        R"("note":{"type":"string","minLength":1,"maxLength":5},)"
        R"("is_secret":{"type":"boolean","default":false},"until":{"type":"string","format":"date-time"}}})");
  CHECK(body_schema<Wallet::Capture, &Wallet::Capture::hold>() ==
        R"({"type":"object","additionalProperties":false,)"
        R"("properties":{"amount":{"$ref":"#/components/schemas/Amount"}}})");
  CHECK(body_schema<Item::Commit, &Item::Commit::reservation>() ==
        R"({"type":"object","additionalProperties":false,"properties":{}})");
}

}  // namespace
}  // namespace tote::http
