#include "adapters/cli/clustering.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <limits>

#include "adapters/cli/cluster.h"
#include "adapters/cli/errors.h"

namespace tote::cli {
namespace {

std::shared_ptr<const server::TlsContext> forwarding_tls(const Settings& settings) {
  auto read = Clustering::read_tls(settings);
  if (const auto* problem = std::get_if<std::string>(&read)) throw UsageError("cluster." + *problem);
  return std::get<std::shared_ptr<const server::TlsContext>>(std::move(read));
}

const char* name_of_state(cluster::MemberStatus::State state) {
  using State = cluster::MemberStatus::State;
  switch (state) {
    case State::starting: return "starting";
    case State::standing_by: return "standing_by";
    case State::taking_over: return "taking_over";
    case State::owner: return "owner";
    case State::stopped: return "stopped";
  }
  return "";
}

}  // namespace

http::ClusterView view_of(const cluster::MemberStatus& status) {
  http::ClusterView view;
  view.node = status.node;
  view.state = name_of_state(status.state);
  view.epoch = status.epoch;
  view.owner = status.owner;
  view.isr = status.isr;
  view.problem = status.problem;
  for (const cluster::NodeStatus& node : status.nodes) {
    auto& told = view.nodes.emplace_back();
    told.node = node.node;
    told.http = node.http;
    told.state = cluster::name_of(node.state);
    if (node.lsn) told.lsn = node.lsn->value;
    told.lag_records = node.lag_records;
    told.is_filling = node.state == cluster::NodeStatus::State::filling;
    told.filled_bytes = node.filled_bytes;
    told.fill_bytes = node.fill_bytes;
  }
  return view;
}

std::string line_of(const cluster::MemberStatus& status) {
  const std::string here = status.name + ", node " + status.node;
  if (status.owner == status.node) return here + ", owner of the log in epoch " + std::to_string(status.epoch);
  if (status.owner.empty()) return here + ", standing by; nobody owns the log yet";
  return here + ", standing by; owner " + status.owner + " at " + status.owner_http;
}

Clustering::Clustering(http::Host& host, const Settings& settings, Told told)
    : host_(host),
      member_(member_options(settings), told_by(host, told)),
      forwarder_(std::make_shared<server::Forwarder>(host, forwarder_options(settings, told.on_reached))) {}

cluster::Member::Told Clustering::told_by(http::Host& host, Told told) {
  return {[&host, on_stop = told.on_stop](const std::string& why) { host.post([on_stop, why] { on_stop(why); }); },
          [&host, on_refused = told.on_refused](const std::string& why) {
            host.post([on_refused, why] { on_refused(why); });
          },
          [](const std::string& sentence) { spdlog::warn("cluster: {}", sentence); }};
}

server::ForwarderOptions Clustering::forwarder_options(const Settings& settings, std::function<void()> on_reached) {
  server::ForwarderOptions options;
  options.node = settings.cluster_node;
  options.tls = forwarding_tls(settings);
  options.find = [this] { return owner_url(); };
  options.on_reached = std::move(on_reached);
  return options;
}

// What waits here while this node takes over is handed on to itself.
std::string Clustering::owner_url() const {
  if (!next_url_.empty()) return next_url_;  // this node won't hear of it
  const cluster::MemberStatus status = member_.status();
  return status.owner != status.node || is_serving_ ? status.owner_http : "";
}

http::ClusterPort Clustering::port() {
  return {[this] { return view_of(member_.status()); },
          [this](const std::string& node, http::ClusterPort::Done done) { transfer(node, std::move(done)); },
          [this](const std::string& node, bool is_removed, http::ClusterPort::Done done) {
            member_.set_removed(node, is_removed, std::move(done));
          }};
}

void Clustering::forward(http::Server& server) {
  server_ = &server;
  server.forward(forwarder_);
}

std::optional<std::int64_t> Clustering::age_ms() const {
  const cluster::MemberStatus status = member_.status();
  if (engine_is_idle_ || !status.had_all_at) return std::nullopt;  // serve() was called: its engine isn't old
  const auto age = std::chrono::steady_clock::now() - *status.had_all_at;
  return std::max<std::int64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(age).count(), 0);
}

void Clustering::serve(std::function<bool()> is_idle) {
  engine_is_idle_ = std::move(is_idle);
  go_on();
}

void Clustering::go_on() {
  is_serving_ = true;
  server_->serve();
}

// What comes meanwhile is for the next owner, and waits for it here; what came before is answered first. So nothing
// that this node was given is left open.
void Clustering::transfer(const std::string& node, http::ClusterPort::Done done) {
  constexpr std::int64_t wait_ms = 1'000;  // as long as a slow disk may take
  if (!std::exchange(is_serving_, false)) return yield(node, false, std::move(done));
  server_->forward(forwarder_);
  yield_wait_.start(wait_ms, engine_is_idle_, [this, node, done = std::move(done)] { yield(node, true, done); });
}

void Clustering::yield(const std::string& node, bool was_serving, http::ClusterPort::Done done) {
  member_.transfer(node, [this, node, was_serving, done = std::move(done)](const std::string& problem) {
    host_.post([this, node, was_serving, done, problem] {
      if (problem.empty())
        next_url_ = url_of(node);
      else if (was_serving)
        go_on();
      done(problem);
    });
  });
}

std::string Clustering::url_of(const std::string& node) const {
  for (const cluster::NodeStatus& each : member_.status().nodes)
    if (each.node == node) return each.http;
  return {};
}

void Clustering::finish(std::function<void()> then) {
  constexpr std::int64_t wait_ms = 1'000;
  end_wait_.start(
      next_url_.empty() ? 0 : wait_ms, [this] { return forwarder_->is_idle(); }, std::move(then));
}

server::TlsContext::Read Clustering::read_tls(const Settings& settings) {
  return server::TlsContext::read_client(
      {settings.cluster_tls_certificate, settings.cluster_tls_key, settings.cluster_tls_ca});
}

std::string Clustering::take_tls(const server::TlsContext::Read& read) {
  if (const auto* problem = std::get_if<std::string>(&read)) return *problem;
  forwarder_->change_tls(std::get<std::shared_ptr<const server::TlsContext>>(read));
  member_.reread_certificates();
  return {};
}

void Clustering::hand_over(std::function<void()> then) {
  const cluster::MemberStatus status = member_.status();
  const cluster::NodeStatus* best = nullptr;
  const auto lag_of = [](const cluster::NodeStatus& node) {
    return node.lag_records.value_or(std::numeric_limits<std::uint64_t>::max());
  };
  for (const cluster::NodeStatus& node : status.nodes)
    if (node.state == cluster::NodeStatus::State::in_sync && (best == nullptr || lag_of(node) < lag_of(*best)))
      best = &node;
  if (status.state != cluster::MemberStatus::State::owner || best == nullptr) return then();
  spdlog::info("cluster: handing the log over to {}", best->node);
  transfer(best->node, [then = std::move(then)](const std::string& problem) {
    if (!problem.empty()) spdlog::warn("cluster: the log wasn't handed over: {}", problem);
    then();
  });
}

}  // namespace tote::cli
