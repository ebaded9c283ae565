// A server of a test's own on a directory of its own, and a client to it: the start of most fixtures.
#pragma once

#include <memory>

#include "tests/http/running_server.h"

namespace tests::http {

struct OwnServer {
  TempDirectory directory;
  std::unique_ptr<RunningServer> server = std::make_unique<RunningServer>(directory.path());
  std::unique_ptr<Client> client = std::make_unique<Client>(server->port());

  void restart() {
    client.reset();
    server.reset();
    server = std::make_unique<RunningServer>(directory.path());
    client = std::make_unique<Client>(server->port());
  }
};

}  // namespace tests::http
