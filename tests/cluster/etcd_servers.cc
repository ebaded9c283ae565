#include "tests/cluster/etcd_servers.h"

#include <signal.h>

#include "tests/support/free_port.h"

namespace tests {
namespace {

std::string url(int port) { return "http://127.0.0.1:" + std::to_string(port); }

}  // namespace

EtcdServers::EtcdServers(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) members_.push_back({free_port(), free_port()});
  for (std::size_t i = 0; i < count; ++i) start(i);
}

EtcdServers::~EtcdServers() {
  for (const Member& member : members_) {
    if (!member.process) continue;
    member.process->signal(SIGCONT);
    member.process->signal(SIGKILL);
    member.process->wait();
  }
}

std::vector<std::string> EtcdServers::urls() const {
  std::vector<std::string> urls;
  for (const Member& member : members_) urls.push_back(url(member.client_port));
  return urls;
}

void EtcdServers::start(std::size_t number) {
  Member& member = members_[number];
  std::string all;
  for (std::size_t i = 0; i < members_.size(); ++i)
    all += (i == 0 ? "" : ",") + name(i) + "=" + url(members_[i].peer_port);
  const std::string client = url(member.client_port), peer = url(member.peer_port);
  member.process =
      std::make_unique<tote::cli::test::Child>("/usr/bin/etcd",
                                               tote::cli::test::Child::Arguments{"--name",
                                                                                 name(number),
                                                                                 "--data-dir",
                                                                                 directory_.file(name(number)),
                                                                                 "--listen-client-urls",
                                                                                 client,
                                                                                 "--advertise-client-urls",
                                                                                 client,
                                                                                 "--listen-peer-urls",
                                                                                 peer,
                                                                                 "--initial-advertise-peer-urls",
                                                                                 peer,
                                                                                 "--initial-cluster",
                                                                                 all,
                                                                                 "--heartbeat-interval",
                                                                                 "50",
                                                                                 "--election-timeout",
                                                                                 "500",
                                                                                 "--pre-vote=true",
                                                                                 "--log-level",
                                                                                 "error"},
                                               "/");
}

void EtcdServers::kill(std::size_t member) {
  members_[member].process->signal(SIGKILL);
  members_[member].process->wait();
  members_[member].process.reset();
}

void EtcdServers::suspend(std::size_t member) { members_[member].process->signal(SIGSTOP); }
void EtcdServers::resume(std::size_t member) { members_[member].process->signal(SIGCONT); }

}  // namespace tests
