// One server from its first socket to its last answer: what `tote serve` and `tote demo` run.
//
//   listen -> run: recover, serve, drain
//
// The listener is there before the log is recovered, so that a port in use is said at once and /livez answers
// meanwhile. Recovery runs on a thread of its own; from then on the engine belongs to the loop, which is the thread of
// run().
#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "adapters/cli/card_doors.h"
#include "adapters/cli/clustering.h"
#include "adapters/cli/manager.h"
#include "adapters/cli/node_engine.h"
#include "adapters/cli/settings.h"
#include "adapters/cli/sportsbook_doors.h"
#include "adapters/events/followers.h"
#include "adapters/http/alerts.h"
#include "adapters/http/server.h"
#include "adapters/payments/effect_worker.h"
#include "adapters/payments/stripe_gateway.h"
#include "adapters/payments/test_gateway.h"
#include "engine/tote.h"

namespace tote::cli {

class Service {
 public:
  // `schema`: of the database to project into, if the settings have one.
  Service(Settings settings, Kinds kinds, const std::string& schema = "tote");

  // What is wrong with the address, empty when it is listened on.
  std::string listen(const std::string& address);
  std::string url() const;  // "http://127.0.0.1:8080", as bound
  std::string console_url() const;

  // Until SIGTERM or SIGINT, and then until everything accepted is answered; a second signal ends the process at once.
  // `on_ready` is called when requests are answered here. Throws Failure when the log can't be opened.
  // Of a cluster's node `on_standing_by` is called when they are answered elsewhere, which may be before; and it may
  // have to begin again: then the process does.
  void run(std::function<void(const Engine&)> on_ready, std::function<void()> on_standing_by = {});
  // Of a cluster's node: what it is at the moment.
  std::string cluster_line() const;

  // What SIGHUP reads again, on a thread of its own; what it throws is told, and what was read before stays. Before
  // run().
  void reread_with(std::function<Settings()> read);

  const events::Followers& followers() const { return followers_; }

 private:
  void join_cluster();
  void end();  // of run(): all that runs
  void end_with(std::exception_ptr failure);
  void drain();
  void recover();  // on a thread of its own
  void recovered(const std::exception_ptr& failure);
  void stands_by(Engine* engine);  // on that thread
  std::string serve();
  void stop();
  void reread();
  void has_reread();
  void take(const Settings& settings, const server::TlsContext::Read& tls, const server::TlsContext::Read& of_nodes);
  void keep_settings(const std::string& why);
  void tell_settings(const std::string& kind, const std::string& name, const std::string& problem);

  Settings settings_;
  const Kinds kinds_;
  std::function<void(const Engine&)> on_ready_;
  // These outlive the engine and the server.
  std::unique_ptr<payments::TestGateway> gateway_;
  std::unique_ptr<payments::StripeGateway> stripe_;
  std::unique_ptr<payments::EffectWorker> worker_;
  http::Alerts alerts_;
  http::Host host_;
  Manager manager_{[this](std::function<void()> work) { host_.post(std::move(work)); }};
  std::unique_ptr<Clustering> cluster_;  // null: one machine
  // Of a node: what its doors ask.
  NodeEngine node_engine_{[this](std::function<void()> work) {
    host_.post([this, work = std::move(work)] {
      work();
      server_->flush();
    });
  }};
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<http::Server> server_;
  CardDoors card_doors_;
  SportsbookDoors sportsbook_doors_;
  events::Followers followers_;
  std::exception_ptr failure_;  // of recovery or of what came after it
  bool recovering_ = true;
  bool answers_stale_ = false;  // the doors ask the engine, which stands by
  bool is_ending_ = false;      // a signal came
  bool is_to_return_ = false;   // it is to begin again
  std::function<void()> on_standing_by_;
  std::function<Settings()> read_settings_;
  std::thread rereading_;      // joinable while it reads, one at a time
  bool reread_again_ = false;  // a signal came meanwhile
};

}  // namespace tote::cli
