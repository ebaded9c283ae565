// A server with a real engine and the test gateway on a directory of its own, on a thread of its own.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "adapters/http/server.h"
#include "adapters/payments/effect_worker.h"
#include "adapters/payments/test_gateway.h"
#include "engine/tote.h"
#include "tests/temp_directory.h"

namespace tests::http {

using tests::TempDirectory;

class RunningServer {
 public:
  // `listen` and `kinds` of the options are set here. `tune` changes the engine's.
  explicit RunningServer(const std::string& directory, tote::http::ServerOptions options = {},
                         std::int64_t key_retention_s = 86'400,
                         const std::function<void(tote::Options&)>& tune = nullptr);
  // The log can be read again: whatever was answered, a start must find it. Not where `tune` was given.
  ~RunningServer();

  std::uint16_t port() const { return server_->port(); }
  std::uint16_t admin_port() const { return server_->operators_doors().port(); }
  tote::Figures figures() const { return engine_->figures(); }
  tote::Engine& engine() { return *engine_; }
  void mount(const std::string& prefix, std::shared_ptr<tote::server::Handler> door);
  void drain();        // waits until it is done
  void begin_drain();  // doesn't wait

 private:
  void open_again() const;

  tote::payments::TestGateway gateway_;
  tote::payments::EffectWorker worker_;
  tote::http::Host host_;
  std::unique_ptr<tote::Engine> engine_;
  std::unique_ptr<tote::http::Server> server_;
  std::thread thread_;
  tote::Options again_;  // without a directory: the log isn't looked at again
};

}  // namespace tests::http
