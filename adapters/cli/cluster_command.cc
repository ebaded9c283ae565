// `tote cluster`: asks any node of a cluster over HTTP.
#include <boost/json.hpp>
#include <cstdio>
#include <string>

#include "adapters/cli/commands.h"
#include "adapters/cli/errors.h"
#include "adapters/cli/server_client.h"
#include "adapters/cli/watching.h"

namespace tote::cli {
namespace {

namespace json = boost::json;

std::string checked(ServerAnswer answer, const ClusterArguments& arguments) {
  if (answer.status == 200) return std::move(answer.body);
  if (answer.status == 0) throw Failure(arguments.url + ": " + answer.problem);
  throw Failure(arguments.url + " answers " + std::to_string(answer.status) + detail_text(answer.body));
}

std::string number_text(const json::value& value) {
  return value.is_null() ? "-" : std::to_string(value.to_number<std::uint64_t>());
}

// Without anything that steers a terminal.
std::string text_in(const json::object& from, std::string_view name) {
  std::string text(from.at(name).as_string());
  for (char& c : text)
    if (c < ' ' || c == '\x7f') c = '?';
  return text;
}

// "filling 37%", of a learner that is filled.
std::string state_text(const json::object& node) {
  if (!node.contains("fill_bytes")) return text_in(node, "state");
  const std::string text = "filling";
  const auto all = node.at("fill_bytes").to_number<std::uint64_t>();
  const auto filled = node.at("filled_bytes").to_number<std::uint64_t>();
  return all == 0 ? text : text + " " + std::to_string(filled / (all / 100 + 1)) + "%";
}

void change(const ClusterArguments& arguments, const std::string& what, const std::string& done) {
  ServerClient server(arguments.url, token_of(arguments.token_file));
  checked(server.post("/v1/admin/cluster/" + what, json::serialize(json::object{{"node", arguments.node}})), arguments);
  std::printf("%s: %s\n", arguments.node.c_str(), done.c_str());
}

std::string text_of_cluster(const json::object& cluster) {
  const std::string owner = text_in(cluster, "owner");
  std::string text = "epoch " + number_text(cluster.at("epoch")) + ", " +
                     (owner.empty() ? "nobody owns the log" : "owner " + owner) + ", as " + text_in(cluster, "node") +
                     " knows it\n";
  const auto line = [&](const std::string& node, const std::string& state, const std::string& lsn,
                        const std::string& lag, const std::string& http) {
    char cells[512];
    std::snprintf(cells, sizeof cells, "%-16s %-11s %12s %10s  %s\n", node.c_str(), state.c_str(), lsn.c_str(),
                  lag.c_str(), http.c_str());
    text += cells;
  };
  line("NODE", "STATE", "LSN", "BEHIND", "HTTP");
  for (const json::value& each : cluster.at("nodes").as_array()) {
    const json::object& node = each.as_object();
    line(text_in(node, "node"), state_text(node), number_text(node.at("lsn")), number_text(node.at("lag_records")),
         text_in(node, "http"));
  }
  if (cluster.contains("problem")) text += "problem: " + text_in(cluster, "problem") + '\n';
  return text;
}

}  // namespace

std::string cluster_text(const std::string& body) {
  try {
    return text_of_cluster(json::parse(body).as_object());
  } catch (const std::exception&) {
    throw Failure("the server's answer isn't that of this version");
  }
}

int print_cluster(const ClusterArguments& arguments) {
  ServerClient server(arguments.url, token_of(arguments.token_file));
  std::fputs(cluster_text(checked(server.get("/v1/cluster"), arguments)).c_str(), stdout);
  return exit_ok;
}

int transfer_log(const ClusterArguments& arguments) {
  change(arguments, "transfer", "the log was handed over to it");
  return exit_ok;
}

int add_node(const ClusterArguments& arguments) {
  change(arguments, "add", "it may be a node again, once it is started");
  return exit_ok;
}

int remove_node(const ClusterArguments& arguments) {
  change(arguments, "remove", "it is no node any more");
  return exit_ok;
}

}  // namespace tote::cli
