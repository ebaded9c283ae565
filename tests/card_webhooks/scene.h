// A club whose players pay on the provider's page: the server, its door, and the provider's side of it.
#pragma once

#include <boost/json.hpp>
#include <memory>
#include <string>

#include "adapters/card_webhooks/door.h"
#include "tests/http/api_words.h"
#include "tests/http/running_server.h"
#include "tests/http/wait_until.h"

namespace tests::card_webhooks {

using tests::http::Client;
using tests::http::Response;

struct Scene {
  static inline const std::string secret = "whsec_of_the_scene", path = "/webhooks/stripe";

  tests::TempDirectory directory;
  std::unique_ptr<tests::http::RunningServer> server;
  std::unique_ptr<Client> client;
  int events = 0;

  Scene() { start(); }
  void start();
  void stop();
  void restart() { stop(), start(); }

  // Signed as the provider does, now.
  Response post_signed(const std::string& body);
  Response say(const std::string& id, const std::string& type, const std::string& object);
  // Of a payment pi_<name>: its session is completed, or the intent has succeeded; of `player` for the match thu.
  static std::string session(const std::string& name, const std::string& metadata, int amount = 500,
                             const std::string& status = "paid", const std::string& currency = "eur");
  static std::string intent(const std::string& name, const std::string& metadata, int amount = 500);
  static std::string of_match(const std::string& player, const std::string& match = "thu");
  static std::string of_order(const std::string& order);
  Response pays(const std::string& player, const std::string& event);  // for thu, by a session of its own

  void open_match(int seats);
  void set_balance(int amount);
  std::string status_of(const std::string& event);   // once it is no longer received
  std::string outcome_of(const std::string& event);  // the same: result.outcome
  std::string player_status(const std::string& player);
  std::int64_t taken();
  boost::json::array refunds(const std::string& status = {});
  boost::json::array paid_back();  // by the gateway
  bool wait_for_refunds(const std::string& status, std::size_t count);
  std::size_t told(const std::string& type, const std::string& text);  // lines of the log with both

  template <class Condition>
  bool wait_until(const Condition& condition) {
    return http::wait_until(*server, *client, "/v1/refunds", condition);
  }
};

}  // namespace tests::card_webhooks
