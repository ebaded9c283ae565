// What a node tells of its cluster, and what an operator may change of it.
#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "adapters/http/openapi.h"
#include "tests/http/client.h"
#include "tests/http/running_server.h"
#include "tests/http/schema.h"
#include "tests/http/tokens.h"

using namespace tests::http;
using tote::http::ClusterPort;
using tote::http::ClusterView;
namespace json = boost::json;

namespace {

// What was asked of the cluster; `refusal` is what it answers.
struct Scripted {
  std::string refusal;
  std::vector<std::string> asked;
  std::vector<std::thread> threads;

  ~Scripted() {
    for (auto& thread : threads) thread.join();
  }
  void answer(const std::string& what, ClusterPort::Done done) {
    asked.push_back(what);
    threads.emplace_back([done = std::move(done), problem = refusal] { done(problem); });
  }
  ClusterPort port() {
    return {[] {
              return ClusterView{"n1",
                                 "owner",
                                 3,
                                 "n1",
                                 {"n1", "n2"},
                                 {{"n1", "http://a:1", "owner", 17, 0},
                                  {"n2", "http://b:1", "away", {}, {}},
                                  {"n3", "http://c:1", "learner", 0, 17, true, 30, 99}},
                                 "n2 is silent"};
            },
            [this](const std::string& node, ClusterPort::Done done) { answer("transfer " + node, std::move(done)); },
            [this](const std::string& node, bool is_removed, ClusterPort::Done done) {
              answer((is_removed ? "remove " : "add ") + node, std::move(done));
            }};
  }
};

struct ClusterFixture {
  Scripted cluster;
  TempDirectory directory;
  RunningServer server;
  Client client{server.port()};

  explicit ClusterFixture(tote::http::ServerOptions options = {})
      : server(directory.path(), with(std::move(options))) {}
  tote::http::ServerOptions with(tote::http::ServerOptions options) {
    options.cluster = cluster.port();
    return options;
  }
};

}  // namespace

TEST_CASE("the nodes of a cluster are told as they are known") {
  ClusterFixture fixture;
  const auto response = fixture.client.get("/v1/cluster");
  CHECK(response.status == 200);
  CHECK(
      response.body ==
      R"({"node":"n1","state":"owner","epoch":3,"owner":"n1","isr":["n1","n2"],"nodes":[)"
      R"({"node":"n1","http":"http://a:1","state":"owner","lsn":17,"lag_records":0},)"
      R"({"node":"n2","http":"http://b:1","state":"away","lsn":null,"lag_records":null},)"
      R"({"node":"n3","http":"http://c:1","state":"learner","lsn":0,"lag_records":17,"filled_bytes":30,"fill_bytes":99}],"problem":"n2 is silent"})");
  const json::value document = json::parse(tote::http::openapi_document());
  CHECK(mismatch(document, document.at_pointer("/components/schemas/Cluster"), json::parse(response.body)) == "");
  const auto metrics = fixture.client.get("/metrics").body;
  for (const char* line : {"tote_cluster_is_owner 1\n", "tote_cluster_epoch 3\n", "tote_cluster_in_sync 2\n",
                           "tote_cluster_lag_records 0\n", "tote_cluster_filling 1\n"})
    CHECK_MESSAGE(metrics.find(line) != std::string::npos, line);
}

TEST_CASE("a node is handed the log, taken out and let in again") {
  ClusterFixture fixture;
  for (const char* what : {"transfer", "remove", "add"}) {
    const auto response = fixture.client.ask("POST", std::string("/v1/admin/cluster/") + what, R"({"node":"n2"})");
    CHECK(response.status == 200);
    CHECK(response.body == R"({"node":"n2"})");
  }
  CHECK(fixture.cluster.asked == std::vector<std::string>{"transfer n2", "remove n2", "add n2"});
}

TEST_CASE("what a cluster refuses is told in its words") {
  ClusterFixture fixture;
  fixture.cluster.refusal = "n2 isn't in sync";
  const auto response = fixture.client.ask("POST", "/v1/admin/cluster/transfer", R"({"node":"n2"})");
  CHECK(response.status == 409);
  const auto problem = json::parse(response.body);
  CHECK(problem.at("code").as_string() == "cluster_refused");
  CHECK(problem.at("detail").as_string() == "n2 isn't in sync");
}

TEST_CASE("only an operator of the whole server changes the cluster, every reader sees it") {
  using tote::http::Role;
  tote::http::ServerOptions options;
  options.tenants = {{"shop", {tests::secret_a_sha256}}};
  options.operators = {{tests::secret_c_sha256, Role::operator_, "cleo"},
                       {tests::secret_d_sha256, Role::reader, "dora"}};
  ClusterFixture fixture(options);
  for (const auto& token : {shop, dora}) {
    CHECK(fixture.client.get("/v1/cluster", {token}).status == 200);
    for (const char* what : {"transfer", "add", "remove"})
      CHECK(fixture.client.ask("POST", std::string("/v1/admin/cluster/") + what, R"({"node":"n2"})", {token}).status ==
            403);
    CHECK(fixture.cluster.asked.empty());
  }
  CHECK(fixture.client.ask("POST", "/v1/admin/cluster/transfer", R"({"node":"n2"})", {cleo}).status == 200);
  CHECK(fixture.cluster.asked.size() == 1);
}
