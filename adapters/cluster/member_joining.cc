// How a node becomes a part of its cluster: etcd is asked until it answers, then the log is opened, and must be the one
// that the register names; where there is no register yet this node makes it, over its own log.
#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

#include "adapters/cluster/etcd_wire.h"
#include "adapters/cluster/member_running.h"
#include "wal/fill_swap.h"
#include "wal/replica_log.h"

namespace tote::cluster {

using replication::Register;
using replication::Registered;

namespace {

constexpr std::int64_t asked_again_ms = 200;

}  // namespace

bool Member::Running::sleep_ms(std::int64_t ms) {
  std::unique_lock lock(mutex);
  return !changed.wait_for(lock, std::chrono::milliseconds(ms), [this] { return has_ended; });
}

wal::Log::Opened Member::Running::open_log(wal::LogOptions log) {
  Registered seen;
  std::string why = wait_for_nodes();
  if (why.empty()) why = read_register(seen);
  if (why.empty()) {
    if (wal::Damage damage = wal::take_fill(log); !damage.is_none()) return damage;
    log.id = seen.value.log;
    frame_bytes_max = log.frame_bytes_max;
    auto opened = wal::FrameStore::open(log);
    if (auto* damage = std::get_if<wal::Damage>(&opened)) return std::move(*damage);
    frames = std::move(std::get<std::shared_ptr<wal::FrameStore>>(opened));
    why = check_disk(log);
    if (why.empty()) why = join(seen, log);
  }
  if (!why.empty()) return wal::Damage{{}, why};
  auto opened = wal::open_replica_log(std::move(log), frames, seam);  // before anything can come
  try {
    start_replica();
  } catch (const std::exception& error) {
    return wal::Damage{{}, "other nodes can't be listened for at " + options.listen + ": " + error.what()};
  }
  return opened;
}

std::string Member::Running::wait_for_nodes() {
  std::unique_lock lock(mutex);
  changed.wait(lock, [this] { return has_listed || has_ended; });
  return ended;
}

std::string Member::Running::ask_register(const std::string& path, const std::string& body, Registered& seen) {
  return client.ask(path, body, [&](std::string_view text) -> std::string {
    const Answer answer = read_answer(text);
    if (const auto* said = std::get_if<std::string>(&answer)) return *said;
    seen = std::get<Registered>(answer);
    return {};
  });
}

std::string Member::Running::read_register(Registered& seen) {
  for (;;) {
    const std::string why = ask_register("/v3/kv/range", range_request(client.options().key), seen);
    if (why.empty()) return {};
    problem("etcd: " + why);
    if (!sleep_ms(asked_again_ms)) return ended;
  }
}

// A disk is a node: what it has promised and taken is what others count on, under its name.
std::string Member::Running::check_disk(const wal::LogOptions& log) {
  if (std::string why = frames->disk_of(options.node, disk); !why.empty())
    return "the log in " + log.directory + " can't be written: " + why;
  const std::lock_guard lock(mutex);
  const auto self = std::ranges::find(listed, options.node, [](const ListedNode& each) { return each.node.text; });
  if (self == listed.end() || self->disk.empty() || self->disk == disk) return {};
  return "etcd knows the node " + options.node + " with another disk than " + log.directory +
         ": what that one had, and promised, isn't here. Give this one another name, and remove the old one (tote "
         "cluster remove)";
}

// By revision 0: only where there is none. No process has owned the epoch that it names, so the first one stands for
// the next. An answer that is lost is asked for again.
std::string Member::Running::create_register(Registered& seen) {
  const replication::NodeId self{options.node};
  const std::string text = to_text(Register{{1}, self, {self}, frames->id()});
  for (;;) {
    const std::string why = ask_register("/v3/kv/txn", swap_request(client.options().key, 0, text), seen);
    if (why.empty()) return {};
    problem("etcd: " + why);
    if (!sleep_ms(asked_again_ms)) return ended;
  }
}

// A node that has no record waits a little: another one may have a log that is to become the cluster's.
std::string Member::Running::join(Registered& seen, wal::LogOptions log) {
  if (seen.revision == 0 && frames->promised() > 0)
    return "etcd knows no cluster " + options.name + ", but the log in " + log.directory +
           " has been a part of one (it has promised epoch " + std::to_string(frames->promised()) +
           "): restore etcd, or its key " + client.options().key;
  for (std::int64_t waited_ms = 0; seen.revision == 0 && frames->is_blank() && waited_ms < options.create_after_ms;
       waited_ms += asked_again_ms) {
    if (!sleep_ms(asked_again_ms)) return ended;
    if (std::string why = read_register(seen); !why.empty()) return why;
  }
  if (seen.revision == 0)
    if (std::string why = create_register(seen); !why.empty()) return why;
  if (seen.value.log.empty() || seen.value.log == frames->id()) return {};
  if (!frames->is_blank())
    return "the log in " + log.directory + " is " + frames->id() + ", that of the cluster " + options.name + " is " +
           seen.value.log + ": this node needs an empty directory, or a backup of the cluster's log";
  const std::string why = frames->change_id(seen.value.log);
  return why.empty() ? std::string() : "the log in " + log.directory + " can't be written: " + why;
}

void Member::Running::start_replica() {
  ReplicaOptions of_replica;
  of_replica.node.self = {options.node};
  of_replica.node.min_in_sync = options.min_in_sync;
  of_replica.node.heartbeat_ms = options.heartbeat_ms;
  of_replica.node.silence_ms = options.silence_ms;
  of_replica.links.shard = options.name;
  of_replica.links.listen = options.listen;
  of_replica.links.tls_certificate = options.tls_certificate;
  of_replica.links.tls_key = options.tls_key;
  of_replica.links.tls_ca = options.tls_ca;
  of_replica.etcd = etcd_options();
  {
    const std::lock_guard lock(replica_mutex);
    storage = std::make_unique<LogStorage>(frames, told.on_problem);
    replica = std::make_unique<Replica>(std::move(of_replica), *storage, *this);
  }
  const std::string host = options.listen.substr(0, options.listen.rfind(':'));
  const std::string bound = host + ":" + std::to_string(replica->port());
  nodes->say(options.advertise.empty() ? bound : options.advertise, options.http, disk);
  std::vector<ListedNode> known;
  {
    const std::lock_guard lock(mutex);
    status.state = MemberStatus::State::standing_by;
    known = listed;
  }
  take_nodes(known);
}

}  // namespace tote::cluster
