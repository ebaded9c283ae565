// The part of the door that tells of a cluster, and changes it.
#include <algorithm>

#include "adapters/http/cluster_port.h"
#include "adapters/http/door.h"
#include "adapters/http/json_writer.h"
#include "adapters/server/forwarder.h"

namespace tote::http {
namespace {

void append_known(std::string& out, const std::optional<std::uint64_t>& number) {
  if (number)
    append_unsigned(out, *number);
  else
    out += "null";
}

std::uint64_t lag_of(const ClusterView& view) {
  const auto self = std::ranges::find(view.nodes, view.node, &ClusterView::Node::node);
  return self == view.nodes.end() ? 0 : self->lag_records.value_or(0);
}

}  // namespace

void append_cluster(std::string& out, const ClusterView& view) {
  append_string(out += "{\"node\":", view.node);
  append_string(out += ",\"state\":", view.state);
  append_unsigned(out += ",\"epoch\":", view.epoch);
  append_string(out += ",\"owner\":", view.owner);
  out += ",\"isr\":[";
  for (const std::string& node : view.isr) {
    if (&node != &view.isr.front()) out += ',';
    append_string(out, node);
  }
  out += "],\"nodes\":[";
  for (const ClusterView::Node& node : view.nodes) {
    if (&node != &view.nodes.front()) out += ',';
    append_string(out += "{\"node\":", node.node);
    append_string(out += ",\"http\":", node.http);
    append_string(out += ",\"state\":", node.state);
    append_known(out += ",\"lsn\":", node.lsn);
    append_known(out += ",\"lag_records\":", node.lag_records);
    if (node.is_filling) {
      append_unsigned(out += ",\"filled_bytes\":", node.filled_bytes);
      append_unsigned(out += ",\"fill_bytes\":", node.fill_bytes);
    }
    out += '}';
  }
  out += ']';
  if (!view.problem.empty()) append_string(out += ",\"problem\":", view.problem);
  out += '}';
}

bool Door::is_of_this_node(std::string_view target) const {
  const std::string_view path = split_target(target).path;
  for (const Method method : {Method::get, Method::post})
    if (const Route* route = match_route(method, path).route; route != nullptr && route->serving->is_of_this_node)
      return true;
  return false;
}

void Door::forward(std::shared_ptr<server::Forwarder> forwarder) { forwarder_ = std::move(forwarder); }

bool Door::can_forward() const { return forwarder_ != nullptr && forwarder_->can_reach(); }

// False: there is none, and that was said.
bool Door::has_cluster(Asked& asked) {
  if (!options_.cluster)
    refuse(asked.ticket, Problem(problem::not_found, "This server is no node of a cluster."), asked.out);
  return options_.cluster.has_value();
}

bool Door::serve_cluster(Asked& asked) {
  if (!has_cluster(asked)) return true;
  std::string text;
  append_cluster(text, options_.cluster->view());
  return show(asked, text);
}

ClusterPort::Done Door::cluster_change(Asked& asked) const {
  return [post = state_->post, node = asked.decoded.argument, &sink = asked.sink,
          tag = asked.tag](const std::string& problem) {
    post([node, problem, &sink, tag] {
      Outcome outcome;
      outcome.code = problem.empty() ? Code::ok : Code::invalid_request;
      outcome.answer = problem;
      if (problem.empty()) append_string(outcome.answer = "{\"node\":", node), outcome.answer += '}';
      sink.done(tag, outcome);
    });
  };
}

bool Door::serve_transfer(Asked& asked) {
  if (!may_change_cluster(asked)) return true;
  options_.cluster->transfer(asked.decoded.argument, cluster_change(asked));
  return false;
}

bool Door::serve_add_node(Asked& asked) {
  if (!may_change_cluster(asked)) return true;
  options_.cluster->set_removed(asked.decoded.argument, false, cluster_change(asked));
  return false;
}

bool Door::serve_remove_node(Asked& asked) {
  if (!may_change_cluster(asked)) return true;
  options_.cluster->set_removed(asked.decoded.argument, true, cluster_change(asked));
  return false;
}

void Door::tell_cluster(MetricsView& view) const {
  if (forwarder_ != nullptr) view.forwarding = forwarder_->counts();
  if (!options_.cluster) return;
  const ClusterView cluster = options_.cluster->view();
  const auto filling = std::ranges::count(cluster.nodes, true, &ClusterView::Node::is_filling);
  view.cluster = ClusterFigures{cluster.state == "owner", cluster.epoch, cluster.isr.size(), lag_of(cluster),
                                static_cast<std::uint64_t>(filling)};
}

}  // namespace tote::http
