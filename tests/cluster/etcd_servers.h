// Members of an etcd of the test's own: a temporary directory, free ports on loopback, stopped by process id.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/cli/program.h"

namespace tests {

class EtcdServers {
 public:
  explicit EtcdServers(std::size_t count);  // started; ready or not
  ~EtcdServers();
  EtcdServers(const EtcdServers&) = delete;
  EtcdServers& operator=(const EtcdServers&) = delete;

  std::vector<std::string> urls() const;
  void start(std::size_t member);
  void kill(std::size_t member);  // -9
  void suspend(std::size_t member);
  void resume(std::size_t member);

 private:
  struct Member {
    int client_port = 0, peer_port = 0;
    std::unique_ptr<tote::cli::test::Child> process{};
  };

  std::string name(std::size_t member) const { return "m" + std::to_string(member); }

  tote::cli::test::TempDirectory directory_;
  std::vector<Member> members_;
};

}  // namespace tests
