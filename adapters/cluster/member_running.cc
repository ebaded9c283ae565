#include "adapters/cluster/member_running.h"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>

#include "adapters/cluster/wire.h"
#include "wal/codec.h"

namespace tote::cluster {

using namespace replication;

namespace {

// Of the log's time, which goes on from its newest record.
Time wall_time() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::nanoseconds>(since).count()};
}

constexpr std::chrono::seconds told_again_after{10};  // of what is about the same
constexpr std::size_t problems_max = 64;

constexpr std::string_view advice =
    ": what this node has isn't a beginning of what the owner still keeps, and the owner's program is too old to fill "
    "it. Upgrade that, or seed this one: a backup of the owner's log (tote backup) in its place";

}  // namespace

Member::Running::Running(MemberOptions the_options, Told the_told)
    : options(std::move(the_options)), told(std::move(the_told)), client(etcd_options()) {
  status.name = options.name;
  status.node = options.node;
  seam->wake_replica_with([this] {
    const std::lock_guard lock(replica_mutex);
    if (replica != nullptr) replica->wake();
  });
  nodes = std::make_unique<NodeList>(etcd_options(), nodes_prefix(), NodeId{options.node},
                                     NodeList::Told{[this](const auto& all) { take_nodes(all); },
                                                    [this](const std::string& why) { problem("etcd: " + why); }});
}

Member::Running::~Running() {
  {
    const std::lock_guard lock(mutex);
    has_ended = true;
    if (ended.empty()) ended = "this node was stopped";
  }
  changed.notify_all();
  client.stop();
  nodes.reset();
  std::unique_ptr<Replica> ending;
  {
    const std::lock_guard lock(replica_mutex);
    ending = std::move(replica);
  }
  ending.reset();
  giver.reset();
  taker.reset();
  storage.reset();
  seam->stop("this node was stopped");
  seam->wake_replica_with([] {});
}

EtcdOptions Member::Running::etcd_options() const {
  return {.members = options.etcd,
          .key = "tote/" + options.name,
          .ca_file = options.etcd_ca,
          .certificate_file = options.etcd_certificate,
          .key_file = options.etcd_key};
}

Frame Member::Running::frame_of(std::string_view records, std::uint32_t count, Epoch epoch, const Mark& end) {
  const wal::FrameBuilder::Frame made = builder.build(end.lsn.next(), count, records, {end.hash.high, end.hash.low},
                                                      static_cast<std::uint32_t>(epoch.value));
  auto bytes = std::make_shared<std::string>();
  bytes->reserve(made.header.size() + made.payload.size());
  bytes->append(made.header).append(made.payload);
  return {epoch, end.lsn.next(), {end.lsn.value + count}, end.hash, {made.hash.high, made.hash.low}, std::move(bytes)};
}

// An engine that has begun gives out the LSNs: what it has made is the first frame of a later epoch.
std::optional<Frame> Member::Running::claim(Epoch epoch, const Mark& end) {
  if (seam->is_open()) {
    if (auto frame = next(epoch, end)) return frame;
    seam->want_record();
    return {};
  }
  wal::RecordEncoder encoder;
  std::string record;
  encoder.append({.time = std::max(wall_time(), Time{storage->last_time().ns + 1})}, record);
  return frame_of(record, 1, epoch, end);
}

std::optional<Frame> Member::Running::next(Epoch epoch, const Mark& end) {
  const wal::ReplicaSeam::Group group = seam->take_group(frame_bytes_max);
  if (group.count == 0) return {};
  return frame_of(group.records, group.count, epoch, end);
}

void Member::Running::opened(Epoch) {
  seam->set_enough(true);
  seam->open();
}

void Member::Running::may_apply(Lsn lsn) {
  applied = lsn;
  seam->may_apply(lsn);
}

void Member::Running::stopped(const std::string& why) {
  const bool is_hopeless = why.find("nothing in common") != std::string::npos;
  {
    const std::lock_guard lock(mutex);
    if (std::exchange(has_ended, true)) return;
    ended = is_hopeless ? why + std::string(advice) : why;
    status.state = MemberStatus::State::stopped;
    status.problem = ended;
  }
  changed.notify_all();
  seam->stop(ended);
  if (const auto transfer = std::exchange(transferring, {})) transfer->done({});
  const auto& tell = is_hopeless ? told.on_refused : told.on_stop;
  if (tell) tell(ended);
}

void Member::Running::problem(const std::string& sentence) {
  {
    const std::lock_guard lock(mutex);
    status.problem = sentence;
    const auto now = std::chrono::steady_clock::now();
    const auto [about, is_new] = problems.try_emplace(sentence.substr(0, sentence.find(':')), now);
    if (!is_new && now - about->second < told_again_after) return;
    about->second = now;
    if (problems.size() > problems_max) problems.clear();
  }
  if (told.on_problem) told.on_problem(sentence);
}

// On the list's thread, and once on that of open_log(). Who is removed ends, though the protocol would go on with it.
void Member::Running::take_nodes(const std::vector<ListedNode>& all) {
  bool is_refused = false;
  {
    const std::lock_guard lock(mutex);
    listed = all;
    has_listed = true;
    listed_at = std::chrono::steady_clock::now();
    if (status.problem.starts_with("etcd: ")) status.problem.clear();
    const auto is_this = [this](const ListedNode& each) { return each.node.text == options.node && each.is_removed; };
    is_refused = std::ranges::any_of(all, is_this) && !std::exchange(has_ended, true);
    if (is_refused) {
      ended = "this node, " + options.node + ", was removed from the cluster " + options.name +
              ": give its machine an empty directory and another name, or add it again (tote cluster add)";
      status.state = MemberStatus::State::stopped;
      status.problem = ended;
    }
  }
  changed.notify_all();
  if (is_refused) {
    seam->stop(ended);
    if (told.on_refused) told.on_refused(ended);
  }
  const std::lock_guard lock(replica_mutex);
  if (replica == nullptr) return;
  for (const ListedNode& each : all)
    if (each.node.text != options.node && !each.advertise.empty()) replica->know(each.node, each.advertise);
}

bool Member::Running::hears_etcd() const {
  constexpr auto silent_at_most = std::chrono::milliseconds(2 * NodeList::looked_every_ms + 500);
  const std::lock_guard lock(mutex);
  return std::chrono::steady_clock::now() - listed_at < silent_at_most;
}

void Member::Running::transfer(const std::string& to, Done done) {
  {
    const std::lock_guard lock(replica_mutex);
    if (replica != nullptr) {
      replica->post([this, to, done](Node& node, Time now) {
        if (!node.is_open()) return done("this node doesn't own the log");
        if (!hears_etcd()) return done("etcd doesn't answer, so nobody could take over");
        if (transferring || !node.yield({to}, now)) return done(to + " isn't in sync now, or another transfer goes on");
        transferring = {done, {now.ns + (options.silence_ms + 500) * ns_per_ms}};
      });
      return;
    }
  }
  done("this node doesn't own the log");
}

void Member::Running::looked(const Node& node, Time now) {
  if (node.is_owner()) seam->set_enough(node.has_enough(now));
  if (transferring && now.ns > transferring->until.ns)
    std::exchange(transferring, {})->done("it didn't take over in time");
  const Register& known = node.known().value;
  const Owner* const owner = node.owner();
  if (known.has({options.node})) drop_rest_of_fill();
  std::vector<NodeStatus> all;
  const std::lock_guard lock(mutex);
  const auto state_of = [&](const ListedNode& each) {
    if (each.is_removed) return NodeStatus::State::removed;
    if (each.node == known.owner) return NodeStatus::State::owner;
    if (known.has(each.node)) return NodeStatus::State::in_sync;
    if (owner == nullptr) return NodeStatus::State::learner;
    const auto peer = owner->peers().find(each.node);
    const bool is_heard =
        peer != owner->peers().end() && now.ns - peer->second.heard_at.ns < options.silence_ms * ns_per_ms;
    return is_heard ? NodeStatus::State::learner : NodeStatus::State::away;
  };
  status.owner_http.clear();
  for (const ListedNode& each : listed) {
    NodeStatus of{each.node.text, each.advertise, each.http, state_of(each), {}, {}};
    if (of.node == known.owner.text) status.owner_http = each.http;
    if (of.node == options.node) of.lsn = node.end().lsn;
    if (owner != nullptr)
      if (const auto peer = owner->peers().find(each.node); peer != owner->peers().end()) of.lsn = peer->second.match;
    if (owner != nullptr && of.lsn)
      of.lag_records = node.end().lsn.value - std::min(of.lsn->value, node.end().lsn.value);
    show_fill(of);
    all.push_back(std::move(of));
  }
  status.nodes = std::move(all);
  status.epoch = known.epoch.value;
  status.owner = known.owner.text;
  status.isr.clear();
  for (const NodeId& each : known.isr) status.isr.push_back(each.text);
  status.has_enough = node.has_enough(now);
  if (awaited.at.ns > 0 && seam->applied() >= awaited.committed)
    status.had_all_at = std::chrono::steady_clock::time_point(std::chrono::nanoseconds(awaited.at.ns));
  if (awaited.at.ns == 0 || seam->applied() >= awaited.committed) awaited = node.heard();
  status.lsn = node.end().lsn;
  status.committed = owner != nullptr ? owner->durable() : applied;
  if (status.state == MemberStatus::State::stopped) return;
  status.state = node.is_open()    ? MemberStatus::State::owner
                 : node.is_owner() ? MemberStatus::State::taking_over
                                   : MemberStatus::State::standing_by;
}

}  // namespace tote::cluster
