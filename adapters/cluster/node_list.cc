#include "adapters/cluster/node_list.h"

#include <pthread.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <utility>

namespace tote::cluster {
namespace {

namespace json = boost::json;

constexpr std::size_t entry_bytes_max = 4 << 10;

std::string text_of(const json::object& entry, std::string_view name) {
  const json::value* value = entry.if_contains({name.data(), name.size()});
  const json::string* text = value == nullptr ? nullptr : value->if_string();
  return text == nullptr ? std::string() : std::string(text->data(), text->size());
}

std::string entry_of(const std::string& advertise, const std::string& http, const std::string& disk) {
  return json::serialize(json::object{{"advertise", advertise}, {"http", http}, {"disk", disk}, {"fills", 1}});
}

// What can't be read says nothing of where the node is.
ListedNode listed(std::string_view name, const Pair& pair) {
  ListedNode node{{std::string(name)}, {}, {}, {}, false, false, pair.revision};
  boost::system::error_code error;
  const json::value entry =
      pair.value.size() > entry_bytes_max ? json::value() : json::parse({pair.value.data(), pair.value.size()}, error);
  if (error || !entry.is_object()) return node;
  const json::value* removed = entry.get_object().if_contains("removed");
  node.is_removed = removed != nullptr && removed->is_bool() && removed->get_bool();
  node.fills = entry.get_object().contains("fills");
  node.advertise = text_of(entry.get_object(), "advertise");
  node.http = text_of(entry.get_object(), "http");
  node.disk = text_of(entry.get_object(), "disk");
  return node;
}

}  // namespace

NodeList::NodeList(const EtcdOptions& etcd, std::string prefix, replication::NodeId self, Told told)
    : client_(etcd), prefix_(std::move(prefix)), self_(std::move(self)), told_(std::move(told)) {
  thread_ = std::thread([this] { run(); });
}

NodeList::~NodeList() {
  {
    const std::lock_guard lock(mutex_);
    is_stopped_ = true;
  }
  client_.stop();
  wake_.notify_one();
  thread_.join();
}

void NodeList::say(const std::string& advertise, const std::string& http, const std::string& disk) {
  {
    const std::lock_guard lock(mutex_);
    said_ = entry_of(advertise, http, disk);
  }
  wake_.notify_one();
}

void NodeList::set_removed(const std::string& node, bool is_removed, Done done) {
  {
    const std::lock_guard lock(mutex_);
    if (!is_stopped_ && changes_.size() < changes_max) {
      changes_.push_back({node, is_removed, std::move(done)});
      wake_.notify_one();
      return;
    }
  }
  done("too much is being asked for");
}

void NodeList::run() {
  pthread_setname_np(pthread_self(), "tote-nodes");
  for (std::unique_lock lock(mutex_); !is_stopped_;) {
    std::deque<Change> changes = std::exchange(changes_, {});
    const std::string said = said_;
    lock.unlock();
    for (const Change& each : changes) each.done(change(each));
    look();
    lock.lock();
    if (is_stopped_ || !changes_.empty() || said != said_) continue;
    wake_.wait_for(lock, std::chrono::milliseconds(looked_every_ms));
  }
}

void NodeList::look() {
  std::vector<ListedNode> nodes;
  if (const std::string problem = list(nodes); !problem.empty()) return told_.on_problem(problem);
  told_.on_nodes(nodes);
  std::string said;
  {
    const std::lock_guard lock(mutex_);
    said = said_;
  }
  const auto self = std::ranges::find(nodes, self_, &ListedNode::node);
  if (said.empty() || (self != nodes.end() && self->is_removed)) return;
  const bool is_there = self != nodes.end() && self->fills && entry_of(self->advertise, self->http, self->disk) == said;
  if (is_there) return;
  if (const std::string problem = put(self_.text, self == nodes.end() ? 0 : self->revision, said); !problem.empty())
    told_.on_problem(problem);
}

std::string NodeList::list(std::vector<ListedNode>& nodes) {
  return client_.ask("/v3/kv/range", list_request(prefix_), [&](std::string_view body) -> std::string {
    Pairs pairs = read_pairs(body);
    if (auto* problem = std::get_if<std::string>(&pairs)) return *problem;
    nodes.clear();
    for (const Pair& pair : std::get<std::vector<Pair>>(pairs)) {
      const std::string_view name = std::string_view(pair.key).substr(std::min(prefix_.size(), pair.key.size()));
      if (replication::is_node_id(name)) nodes.push_back(listed(name, pair));
    }
    std::ranges::sort(nodes, {}, &ListedNode::node);
    return {};
  });
}

// If its revision is still that; the next look says what came of it.
std::string NodeList::put(const std::string& node, std::int64_t expected, const std::string& value) {
  return client_.ask("/v3/kv/txn", swap_request(prefix_ + node, expected, value), [](std::string_view body) {
    const Pairs pairs = read_pairs(body);
    const auto* problem = std::get_if<std::string>(&pairs);
    return problem == nullptr ? std::string() : *problem;
  });
}

std::string NodeList::change(const Change& change) {
  if (!replication::is_node_id(change.node)) return "that is no name of a node";
  constexpr int tries = 3;
  std::string problem;
  for (int i = 0; i < tries; ++i) {
    std::vector<ListedNode> nodes;
    if (problem = list(nodes); !problem.empty()) return problem;
    const auto found = std::ranges::find(nodes, change.node, [](const ListedNode& each) { return each.node.text; });
    const bool is_removed = found != nodes.end() && found->is_removed;
    if (is_removed == change.is_removed) return {};
    const std::int64_t revision = found == nodes.end() ? 0 : found->revision;
    problem = put(change.node, revision, change.is_removed ? R"({"removed":true})" : entry_of("", "", ""));
    if (!problem.empty()) return problem;
  }
  return "etcd says something else again and again";
}

}  // namespace tote::cluster
