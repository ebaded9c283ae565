// What is said to etcd and what it says, as texts.
#include "adapters/cluster/etcd_wire.h"

#include <doctest/doctest.h>

namespace tote::cluster {
namespace {

using replication::Registered;

TEST_CASE("a swap names the revision, what to put, and looks either way") {
  CHECK(range_request("tote/shop") == R"({"key":"dG90ZS9zaG9w"})");
  CHECK(swap_request("k", 7, "v") ==
        R"({"compare":[{"key":"aw==","target":"MOD","result":"EQUAL","mod_revision":"7"}],)"
        R"("success":[{"request_put":{"key":"aw==","value":"dg=="}},{"request_range":{"key":"aw=="}}],)"
        R"("failure":[{"request_range":{"key":"aw=="}}]})");
}

TEST_CASE("a register is read out of a look and out of a swap") {
  // "tote 1 epoch=3 owner=n1 isr=n1,n2"
  const std::string pair = R"({"kvs":[{"key":"aw==","create_revision":"2","mod_revision":"9","version":"3",)"
                           R"("value":"dG90ZSAxIGVwb2NoPTMgb3duZXI9bjEgaXNyPW4xLG4y"}],"count":"1"})";
  for (const std::string& body :
       {R"({"header":{"revision":"12"},)" + pair.substr(1),
        R"({"header":{"revision":"9"},"succeeded":true,"responses":[{"response_put":{}},{"response_range":)" + pair +
            "}]}",
        R"({"header":{"revision":"12"},"responses":[{"response_range":)" + pair + "}]}"}) {
    const Answer answer = read_answer(body);
    const auto* seen = std::get_if<Registered>(&answer);
    REQUIRE_MESSAGE(seen != nullptr, body);
    CHECK(seen->revision == 9);
    CHECK(seen->value == replication::Register{{3}, {"n1"}, {{"n1"}, {"n2"}}});
  }
}

TEST_CASE("a key that isn't there is a register that nobody has made") {
  for (const char* body : {R"({"header":{"revision":"1"}})", R"({"header":{},"responses":[{"response_range":{}}]})"}) {
    const Answer answer = read_answer(body);
    REQUIRE(std::get_if<Registered>(&answer) != nullptr);
    CHECK(std::get<Registered>(answer).revision == 0);
  }
}

TEST_CASE("what isn't an answer of etcd's with a register of tote's is said to be none") {
  for (const char* body :
       {"", "[]", "{}", "<html>", R"({"error":"etcdserver: request timed out","code":14})",
        R"({"header":{},"responses":[]})", R"({"header":{},"responses":[{"response_put":{}}]})",
        R"({"header":{},"more":true,"kvs":[{"key":"aw==","mod_revision":"9","value":"dg=="}]})",
        R"({"header":{},"kvs":[]})", R"({"header":{},"kvs":[{"value":"dg=="}]})",
        R"({"header":{},"kvs":[{"mod_revision":"0","value":"dg=="}]})",
        R"({"header":{},"kvs":[{"mod_revision":"9x","value":"dg=="}]})",
        R"({"header":{},"kvs":[{"mod_revision":"9","value":"dg=="}]})",
        R"({"header":{},"kvs":[{"mod_revision":"9","value":"dg"}]})", R"({"header":{},"kvs":[{"mod_revision":"9"}]})"})
    CHECK_MESSAGE(std::holds_alternative<std::string>(read_answer(body)), body);
}

TEST_CASE("a list of nodes that isn't whole is none") {
  const std::string pairs = R"("kvs":[{"key":"aw==","mod_revision":"9","value":"dg=="}])";
  CHECK(std::holds_alternative<std::vector<Pair>>(read_pairs("{\"header\":{}," + pairs + "}")));
  const Pairs cut = read_pairs("{\"header\":{},\"more\":true," + pairs + "}");
  REQUIRE(std::holds_alternative<std::string>(cut));
  CHECK(std::get<std::string>(cut).find("more than 64 names of nodes") != std::string::npos);
}

}  // namespace
}  // namespace tote::cluster
