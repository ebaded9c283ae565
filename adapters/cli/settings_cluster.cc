// [cluster] of tote.toml: what one row alone can't say is wrong with it.
#include <algorithm>

#include "adapters/cli/cluster.h"
#include "adapters/http/access.h"

namespace tote::cli {
namespace {

constexpr std::string_view list_separator = ",";

std::vector<std::string> list_of(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::string_view part = text.substr(0, text.find(list_separator));
    if (!part.empty()) parts.emplace_back(part);
    text.remove_prefix(std::min(text.size(), part.size() + 1));
  }
  return parts;
}

// Numbers, since nothing is looked up where nodes connect.
std::string problem_of_address(const std::string& text, std::string_view key) {
  const auto endpoint = endpoint_of(text);
  const bool is_number = endpoint && endpoint->host.find_first_not_of("0123456789abcdefABCDEF.:") == std::string::npos;
  return is_number ? ""
                   : "cluster." + std::string(key) +
                         ": must be ADDRESS:PORT in numbers, such as 10.0.0.1:7080, not \"" + text + "\"";
}

bool is_local(const std::string& address) {
  const auto endpoint = endpoint_of(address);
  return endpoint && http::is_loopback(endpoint->host);
}

std::string problem_of_tls(const Settings& settings) {
  const bool has_any = !settings.cluster_tls_certificate.empty() || !settings.cluster_tls_key.empty() ||
                       !settings.cluster_tls_ca.empty();
  if (settings.cluster_tls_certificate.empty() && has_any)
    return "cluster.tls_certificate: is needed with tls_key and tls_ca";
  if (settings.cluster_tls_key.empty() && has_any) return "cluster.tls_key: is needed with tls_certificate and tls_ca";
  if (settings.cluster_tls_ca.empty() && has_any) return "cluster.tls_ca: is needed with tls_certificate and tls_key";
  if (has_any || (is_local(settings.cluster_listen) &&
                  (settings.cluster_advertise.empty() || is_local(settings.cluster_advertise))))
    return {};
  return "cluster.tls_certificate: with tls_key and tls_ca is needed where other machines connect: what nodes tell "
         "each "
         "other is all that the log has";
}

}  // namespace

bool is_clustered(const Settings& settings) { return !settings.cluster_node.empty(); }

std::string problem_of_cluster(const Settings& settings) {
  if (!is_clustered(settings)) {
    const Settings none;
    for (const Setting& setting : setting_table())
      if (setting.table == "cluster" && value_of(setting, settings) != value_of(setting, none))
        return "cluster.node: is needed with " + name_of(setting) + ": this machine's name in the cluster";
    return {};
  }
  if (auto problem = problem_of_address(settings.cluster_listen, "listen"); !problem.empty()) return problem;
  if (!settings.cluster_advertise.empty())
    if (auto problem = problem_of_address(settings.cluster_advertise, "advertise"); !problem.empty()) return problem;
  if (settings.cluster_etcd.empty()) return "cluster.etcd: is needed: the URLs of all members of etcd";
  if (settings.cluster_http.empty())
    return "cluster.http: is needed: where other nodes reach this one's HTTP, such as http://10.0.0.1:8080";
  if (auto problem = problem_of_tls(settings); !problem.empty()) return problem;
  const std::string problem = cluster::problem_of(member_options(settings));
  return problem.empty() ? problem : "cluster." + problem;
}

cluster::MemberOptions member_options(const Settings& settings) {
  cluster::MemberOptions options;
  options.name = settings.cluster_name;
  options.node = settings.cluster_node;
  options.etcd = list_of(settings.cluster_etcd);
  options.listen = settings.cluster_listen;
  options.advertise = settings.cluster_advertise;
  options.http = settings.cluster_http;
  options.min_in_sync = static_cast<std::size_t>(settings.cluster_min_in_sync);
  options.tls_certificate = options.etcd_certificate = settings.cluster_tls_certificate;
  options.tls_key = options.etcd_key = settings.cluster_tls_key;
  options.tls_ca = options.etcd_ca = settings.cluster_tls_ca;
  return options;
}

}  // namespace tote::cli
