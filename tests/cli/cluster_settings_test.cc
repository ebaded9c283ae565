// [cluster]: a table that is there as a whole, or not at all.
#include <doctest/doctest.h>

#include "adapters/cli/cluster.h"
#include "adapters/cli/commands.h"
#include "adapters/cli/errors.h"
#include "adapters/cli/settings.h"
#include "tests/cli/program.h"

using namespace tote::cli;
using namespace tote::cli::test;

namespace {

const std::string whole =
    "[cluster]\nnode = \"n1\"\netcd = [\"http://10.0.0.1:2379\", \"http://10.0.0.2:2379\"]\n"
    "http = \"http://10.0.0.1:8080\"\n";

Settings settings_of(const std::string& text) {
  const TempDirectory directory;
  return resolve({.config = directory.write("tote.toml", text), .flags = {}, .environment = {}}).settings;
}

// Without the directory of the file.
std::string problem_in(const std::string& text) {
  try {
    settings_of(text);
  } catch (const UsageError& error) {
    const std::string said = error.what();
    const auto at = said.find("tote.toml");
    return at == std::string::npos ? said : said.substr(at);
  }
  return {};
}

}  // namespace

TEST_CASE("a cluster's table is understood, and one machine has none") {
  CHECK_FALSE(is_clustered(settings_of("")));
  const Settings settings = settings_of(whole + "min_in_sync = 1\nadvertise = \"127.0.0.1:9\"\n");
  CHECK(is_clustered(settings));
  const auto options = member_options(settings);
  CHECK(options.name == "tote");
  CHECK(options.node == "n1");
  CHECK(options.etcd == std::vector<std::string>{"http://10.0.0.1:2379", "http://10.0.0.2:2379"});
  CHECK(options.listen == "127.0.0.1:7080");
  CHECK(options.advertise == "127.0.0.1:9");
  CHECK(options.http == "http://10.0.0.1:8080");
  CHECK(options.min_in_sync == 1);
}

TEST_CASE("a cluster's settings are flags and variables, too") {
  const Inputs inputs{.config = {},
                      .flags = {{"--cluster-node", "n2"}, {"--cluster-etcd", "http://a:1,http://b:2"}},
                      .environment = {{"TOTE_CLUSTER_HTTP", "http://n2:8080"}, {"TOTE_CLUSTER_NODE", "n9"}}};
  const auto options = member_options(resolve(inputs).settings);
  CHECK(options.node == "n2");
  CHECK(options.etcd == std::vector<std::string>{"http://a:1", "http://b:2"});
  CHECK(options.http == "http://n2:8080");
}

TEST_CASE("what is wrong with a cluster's table is named") {
  CHECK(problem_in("[cluster]\nmin_in_sync = 3\n") ==
        "tote.toml:2: cluster.node: is needed with cluster.min_in_sync: this machine's name in the cluster");
  CHECK(contains(problem_in("[cluster]\nnode = \"n 1\"\n"), "tote.toml:2: cluster.node: must be 1 to 128 characters"));
  CHECK(contains(problem_in("[cluster]\nnode = \"n1\"\n"), "tote.toml:2: cluster.etcd: is needed"));
  CHECK(contains(problem_in("[cluster]\netcd = \"http://a:1\"\n"),
                 "tote.toml:2: cluster.etcd: must be a list of strings"));
  CHECK(contains(problem_in("[cluster]\netcd = [\"a:1\"]\n"), "tote.toml:2: cluster.etcd: must be a list of http://"));
  CHECK(contains(problem_in("[cluster]\nnode = \"n1\"\netcd = [\"http://a:1\"]\n"),
                 "tote.toml:3: cluster.http: is needed"));
  CHECK(contains(problem_in(whole + "min_in_sync = 17\n"), "tote.toml:5: cluster.min_in_sync: must be 1 to 16"));
  CHECK(contains(problem_in("[cluster]\nhttp = \"n1:8080\"\n"), "tote.toml:2: cluster.http: must be http://HOST:PORT"));
  CHECK(contains(problem_in(whole + "listen = \"n1.example:7080\"\n"),
                 "cluster.listen: must be ADDRESS:PORT in numbers"));
  CHECK(contains(problem_in(whole + "quorum = 2\n"),
                 "tote.toml:5: cluster.quorum: unknown key; [cluster] knows name, node"));
}

TEST_CASE("nodes on several machines need certificates, all three files of them") {
  CHECK(contains(problem_in(whole + "listen = \"10.0.0.1:7080\"\n"),
                 "cluster.tls_certificate: with tls_key and tls_ca is needed where other machines connect"));
  CHECK(contains(problem_in(whole + "advertise = \"10.0.0.1:7080\"\n"), "cluster.tls_certificate: with tls_key"));
  const std::string most = whole + "listen = \"10.0.0.1:7080\"\ntls_certificate = \"c\"\ntls_key = \"k\"\n";
  CHECK(contains(problem_in(most), "cluster.tls_ca: is needed"));
  CHECK(problem_in(most + "tls_ca = \"a\"\n").empty());
}

TEST_CASE("the nodes of a cluster are printed as a table") {
  CHECK(cluster_text(R"({"node":"n1","state":"owner","epoch":3,"owner":"n1","isr":["n1"],"nodes":[)"
                     R"({"node":"n1","http":"http://a:1","state":"owner","lsn":17,"lag_records":0},)"
                     R"({"node":"n2","http":"http://b:1","state":"away","lsn":null,"lag_records":null},)"
                     R"({"node":"n3","http":"http://c:1","state":"learner","lsn":0,"lag_records":17,)"
                     R"("filled_bytes":30,"fill_bytes":99},)"
                     R"({"node":"n4","http":"http://d:1","state":"learner","lsn":0,"lag_records":17,)"
                     R"("filled_bytes":0,"fill_bytes":0}],"problem":"x"})") ==
        "epoch 3, owner n1, as n1 knows it\n"
        "NODE             STATE                LSN     BEHIND  HTTP\n"
        "n1               owner                 17          0  http://a:1\n"
        "n2               away                   -          -  http://b:1\n"
        "n3               filling 30%            0         17  http://c:1\n"
        "n4               filling                0         17  http://d:1\n"
        "problem: x\n");
  CHECK_THROWS_AS(cluster_text("{}"), Failure);
}
