// A real engine with wallets, whose log is delivered to a receiver.
#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "adapters/webhooks/deliverer.h"
#include "engine/tote.h"
#include "tests/temp_directory.h"
#include "tests/webhooks/receiver.h"

namespace tests::webhooks {

class Fixture {
 public:
  Fixture();
  ~Fixture();
  Fixture(const Fixture&) = delete;
  Fixture& operator=(const Fixture&) = delete;

  // Each is one event of the wallet, durable when it returns.
  void open(const std::string& wallet, const std::string& tenant = "default");
  void credit(const std::string& wallet, int times = 1, const std::string& tenant = "default");
  void debit(const std::string& wallet, const std::string& tenant = "default");

  tote::webhooks::EndpointOptions options(const std::string& url) const;  // retries fast
  // Not started.
  std::unique_ptr<tote::webhooks::Deliverer> deliverer(tote::webhooks::EndpointOptions options) const;
  const tote::wal::LogReader& log() const { return engine_->log(); }
  const tote::Kinds& kinds() const { return kinds_; }
  // What the log tells.
  std::vector<tote::events::DomainEvent> expected() const;
  std::string file(const std::string& name) const { return directory_.file("destinations/" + name); }

 private:
  TempDirectory directory_;
  tote::Kinds kinds_;
  std::unique_ptr<tote::Engine> engine_;
};

// Waits until it is so, at most 20 s.
bool eventually(const std::function<bool()>& is_so);

// Every expected event was taken, and each entity's in their order; each once, if `once`.
void check_all_taken(const std::vector<tote::events::DomainEvent>& expected, const std::vector<Delivery>& taken,
                     bool once);

}  // namespace tests::webhooks
