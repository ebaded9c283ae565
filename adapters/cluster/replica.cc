#include "adapters/cluster/replica.h"

#include <pthread.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <deque>
#include <stdexcept>
#include <thread>
#include <type_traits>
#include <utility>

namespace tote::cluster {
namespace {

namespace asio = boost::asio;
using namespace replication;

// Of this process alone, and it never goes back: the protocol needs no more of a clock.
Time now() {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::nanoseconds>(since).count()};
}

LinkOptions links_of(const ReplicaOptions& options) {
  LinkOptions links = options.links;
  links.self = options.node.self;
  return links;
}

}  // namespace

struct Replica::Running {
  Running(ReplicaOptions the_options, Storage& the_storage, Served& the_served)
      : options(std::move(the_options)),
        storage(the_storage),
        served(the_served),
        links(*io, links_of(options),
              {[this](const NodeId& from, Message message) { take(from, message); },
               [this](const NodeId& from, FillMessage said) { served.take_fill(from, std::move(said), node); },
               [this](const std::string& sentence) { served.problem(sentence); }}),
        timer(*io),
        node(options.node, storage, storage.kept(), now()),
        etcd(std::make_unique<Etcd>(options.etcd, told())) {
    for (const auto& [peer, address] : options.peers) links.know(peer, address);
    thread = std::thread([this] {
      pthread_setname_np(pthread_self(), "tote-replica");
      pump();
      wait();
      io->run();
    });
  }
  ~Running() {
    io->stop();
    thread.join();
    etcd.reset();
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  // On etcd's thread: handed over.
  Etcd::Told told() {
    return {[this](const Registered& seen) {
              asio::post(*io, [this, seen] {
                const std::int64_t before = node.known().revision;
                node.registered(seen, now());
                pump();
                if (node.known().revision != before) served.looked(node, now());
              });
            },
            [this](const std::string& why) { asio::post(*io, [this, why] { served.problem("etcd: " + why); }); }};
  }

  void take(const NodeId& from, const Message& message) {
    node.take(from, message, now());
    pump();
  }

  void wait() {
    timer.expires_after(std::chrono::milliseconds(options.node.heartbeat_ms / 2));
    timer.async_wait([this](const boost::system::error_code& error) {
      if (error) return;
      node.tick(now());
      pump();
      served.looked(node, now());
      wait();
    });
  }

  // A frame that is made demands more.
  void pump() {
    do {
      for (std::vector<Demand> demands = node.take_demands(); !demands.empty(); demands = node.take_demands())
        for (const Demand& demand : demands) std::visit([this](const auto& what) { carry_out(what); }, demand);
      if (node.is_stopped()) return;
      ask();
    } while (append());
  }

  // False: there is nothing to append, or nothing may be appended now.
  bool append() {
    if (!node.can_append()) return false;
    const bool is_claim = claims == node.epoch();
    if (!is_claim && !node.is_open()) return false;
    const auto frame = is_claim ? served.claim(node.epoch(), node.end()) : served.next(node.epoch(), node.end());
    if (!frame) return false;
    if (is_claim) claims = {};
    node.append(*frame, now());
    return true;
  }

  void ask() {
    const std::uint64_t number = node.is_owner() ? served.asked() : asked;
    if (number == asked) return;
    asked = number;
    questions.emplace_back(node.confirm(), number);
    for (const Demand& demand : node.take_demands()) std::visit([this](const auto& what) { carry_out(what); }, demand);
  }

  void carry_out(const Send& send) { links.send(send.to, send.message); }
  void carry_out(const Write& write) {
    storage.write(write, [this, io = io, ticket = write.ticket] {
      asio::post(*io, [this, ticket] {
        node.synced(ticket, now());
        pump();
      });
    });
  }
  void carry_out(const ReadRegister&) { etcd->read(); }
  void carry_out(const Propose& proposal) { etcd->propose(proposal.expected, proposal.value); }
  void carry_out(const MakeClaim& claim) { claims = claim.epoch; }
  void carry_out(const Open& open) {
    served.looked(node, now());  // whoever hears that it is open finds it so
    served.opened(open.epoch);
  }
  void carry_out(const Durable& durable) { served.durable(durable.lsn); }
  void carry_out(const Apply& apply) { served.may_apply(apply.lsn); }
  void carry_out(const Release& release) {
    std::uint64_t number = 0;
    for (; !questions.empty() && questions.front().first <= release.turn; questions.pop_front())
      number = questions.front().second;
    if (number > 0) served.released(number);
  }
  void carry_out(const NeedsFill& needed) { served.needs_fill(needed.owner, node.end()); }
  void carry_out(const Stop& stop) { served.stopped(stop.why); }

  const ReplicaOptions options;
  Storage& storage;
  Served& served;
  // Shared with what the disk calls back: once this has ended it runs nothing any more.
  const std::shared_ptr<asio::io_context> io = std::make_shared<asio::io_context>(1);
  asio::executor_work_guard<asio::io_context::executor_type> guard{io->get_executor()};
  Links links;
  asio::steady_timer timer;
  Node node;
  Epoch claims{};                                                   // the epoch whose first frame is still to be made
  std::uint64_t asked = 0;                                          // the newest question of Served that was passed on
  std::deque<std::pair<std::uint64_t, std::uint64_t>> questions{};  // the node's number of each, and Served's
  std::unique_ptr<Etcd> etcd;
  std::thread thread;
};

Replica::Replica(ReplicaOptions options, Storage& storage, Served& served)
    : running_(std::make_unique<Running>(std::move(options), storage, served)) {}

Replica::~Replica() = default;

std::uint16_t Replica::port() const { return running_->links.port(); }

void Replica::post(Work work) {
  asio::post(*running_->io, [running = running_.get(), work = std::move(work)] {
    work(running->node, now());
    running->pump();
  });
}

void Replica::wake() {
  asio::post(*running_->io, [running = running_.get()] { running->pump(); });
}

void Replica::send(const NodeId& to, FillMessage said) {
  asio::post(*running_->io, [running = running_.get(), to, said = std::move(said)] { running->links.send(to, said); });
}

void Replica::know(const NodeId& node, const std::string& address) {
  asio::post(*running_->io, [running = running_.get(), node, address] {
    try {
      running->links.know(node, address);
    } catch (const std::runtime_error& error) {  // what etcd says may be anything
      running->served.problem(node.text + ": " + error.what());
    }
  });
}

void Replica::reread_certificates() {
  asio::post(*running_->io, [running = running_.get()] {
    const std::string why = running->links.reread_certificates();
    if (!why.empty()) running->served.problem("the certificates of connections between nodes stay: " + why);
  });
}

}  // namespace tote::cluster
