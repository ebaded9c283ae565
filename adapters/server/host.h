// The one loop of the program: sockets and the engine run on the same thread, so that no request changes threads.
//
//   tote::server::Host host;
//   auto opened = tote::Engine::open({…, .wake = host.waker()});
//   host.attach(engine);
//   auto server = tote::server::Server::listen(host, options, door);  // server.h
//   host.on_signals([&](int) { server.drain([&] { host.stop(); }); });
//   host.run();
//
// Lifetime: the host outlives the engine and the servers.
#pragma once

#include <functional>
#include <memory>

#include "engine/tote.h"

namespace tote::server {

class Host {
 public:
  Host();
  ~Host();
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  // For Options.wake. From any thread, also before attach().
  std::function<void()> waker();
  // From now on the engine is polled. Before run(), or on the loop thread.
  void attach(Engine& engine);
  // Not any more: before the engine is closed or destroyed by another thread than the loop's.
  void detach();

  // SIGINT and SIGTERM, on the loop thread. Before run().
  void on_signals(std::function<void(int)> handler);
  // SIGHUP, on the loop thread, each time; until then it ends the process. Before run().
  void on_hangup(std::function<void()> handler);
  // Runs `work` on the loop thread. From any thread.
  void post(std::function<void()> work);

  void run();   // until stop(), also an earlier one; the calling thread becomes the loop thread
  void stop();  // from any thread

  struct Loop;  // loop.h, for the room itself
  Loop& loop() { return *loop_; }

 private:
  std::unique_ptr<Loop> loop_;
};

}  // namespace tote::server
