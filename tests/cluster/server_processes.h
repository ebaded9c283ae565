// Real processes of `tote serve`, nodes of one cluster, with a real etcd: n1, n2 …, each on a directory and on ports
// that stay the same when it is started again.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tests/cli/program.h"
#include "tests/cluster/etcd_servers.h"
#include "tests/places.h"
#include "tests/support/free_port.h"
#include "tests/temp_directory.h"

namespace tests {

class ServerProcesses {
 public:
  using Child = tote::cli::test::Child;

  // They are started, not waited for. `prepare`: makes the first one's directory.
  ServerProcesses(std::size_t count, std::size_t etcd_members,
                  const std::function<void(const std::string& directory)>& prepare = {})
      : etcd_(etcd_members), servers_(count) {
    if (prepare) prepare(directory_of(0));
    for (std::size_t i = 0; i < count; ++i) start(i);
  }
  std::size_t size() const { return servers_.size(); }
  static std::string name_of(std::size_t number) { return "n" + std::to_string(number + 1); }
  std::string directory_of(std::size_t number) const { return directory_.file(name_of(number)); }
  std::string backups_of(std::size_t number) const { return directory_.file("backups-" + name_of(number)); }
  int port(std::size_t number) const { return servers_[number].http; }
  Child& child(std::size_t number) { return *servers_[number].process; }

  void start(std::size_t number) {
    Server& server = servers_[number];
    std::string members;
    for (const std::string& url : etcd_.urls()) members += (members.empty() ? "" : ",") + url;
    const std::string node = name_of(number), http = "127.0.0.1:" + std::to_string(server.http);
    server.process = std::make_unique<Child>(
        program(),
        Child::Arguments{"serve", "--data", directory_of(number), "--listen", http, "--cluster-node", node,
                         "--cluster-etcd", members, "--cluster-listen", "127.0.0.1:" + std::to_string(server.peers),
                         "--cluster-http", "http://" + http, "--backup-directory", backups_of(number), "--log-level",
                         "error"},
        "/");
  }

 private:
  struct Server {
    int http = free_port(), peers = free_port();
    std::unique_ptr<Child> process{};
  };

  EtcdServers etcd_;
  TempDirectory directory_;
  std::vector<Server> servers_;
};

}  // namespace tests
