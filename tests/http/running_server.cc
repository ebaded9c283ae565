#include "tests/http/running_server.h"

#include <doctest/doctest.h>

#include <future>
#include <stdexcept>

#include "actors/bet/bet.h"
#include "actors/item/item.h"
#include "actors/match/card_booking.h"
#include "actors/match/match.h"
#include "actors/order/order.h"
#include "actors/pass/pass.h"
#include "actors/payment_event/outside_payment.h"
#include "actors/payment_event/payment_events.h"
#include "actors/reference/reference.h"
#include "actors/refund/refunds.h"
#include "actors/session/session.h"
#include "actors/transaction/results.h"
#include "actors/wallet/wallet.h"
#include "engine/kernel/money_books.h"

namespace tests::http {

using namespace tote;

namespace {

std::vector<tote::http::GatewayPort::Entry> shown(const std::vector<payments::TestGateway::Entry>& entries) {
  std::vector<tote::http::GatewayPort::Entry> out;
  for (const auto& entry : entries) out.push_back({entry.id, entry.key, entry.currency, "succeeded", entry.amount});
  return out;
}

}  // namespace

RunningServer::RunningServer(const std::string& directory, tote::http::ServerOptions options,
                             std::int64_t key_retention_s, const std::function<void(tote::Options&)>& tune)
    : gateway_(directory + "/gateway"), worker_(gateway_) {
  tote::Options engine_options;
  engine_options.directory = directory + "/data";
  engine_options.kinds = {kind_of<Wallet>(),         kind_of<Item>(),       kind_of<Match>(),
                          kind_of<Pass>(),           kind_of<Order>(),      kind_of<CardBooking>(),
                          kind_of<Refunds>(),        transaction::kind(),   kind_of<PaymentEvents>(),
                          kind_of<OutsidePayment>(), kind_of<MoneyBooks>(), kind_of<Bet>(),
                          kind_of<Reference>(),      kind_of<Session>()};
  engine_options.on_effect = [this](EffectCall& call) { return worker_.offer(call); };
  options.gateway = tote::http::GatewayPort{
      [this](const std::string& tenant, std::int64_t amount) { gateway_.set_balance(amount, tenant); },
      [this](const std::string& tenant) { return shown(gateway_.charges(tenant)); },
      [this](const std::string& tenant) { return shown(gateway_.refunds(tenant)); }};
  engine_options.wake = host_.waker();
  engine_options.key_retention_s = key_retention_s;
  engine_options.disk_free_bytes_min = 1 << 20;
  if (tune) tune(engine_options);
  if (!tune) again_ = engine_options;
  again_.read_only = true;
  options.kinds = engine_options.kinds;
  options.listen = "127.0.0.1:0";
  auto opened = Engine::open(std::move(engine_options));
  if (auto* error = std::get_if<OpenError>(&opened)) throw std::runtime_error(error->detail);
  engine_ = std::get<std::unique_ptr<Engine>>(std::move(opened));
  host_.attach(*engine_);
  worker_.attach(*engine_);
  auto listening = tote::http::Server::listen(host_, std::move(options));
  if (auto* error = std::get_if<tote::http::ServerError>(&listening)) throw std::runtime_error(error->detail);
  server_ = std::get<std::unique_ptr<tote::http::Server>>(std::move(listening));
  if (const auto wrong = server_->attach(*engine_); !wrong.empty()) throw std::runtime_error(wrong);
  thread_ = std::thread([this] { host_.run(); });
}

RunningServer::~RunningServer() {
  host_.stop();
  thread_.join();
  gateway_.stop();
  worker_.stop();
  host_.detach();
  engine_->close();
  server_.reset();
  engine_.reset();
  if (!again_.directory.empty()) open_again();
}

void RunningServer::open_again() const {
  auto opened = Engine::open(again_);
  if (const auto* error = std::get_if<OpenError>(&opened)) FAIL_CHECK("the log can't be read again: " << error->detail);
}

void RunningServer::mount(const std::string& prefix, std::shared_ptr<tote::server::Handler> door) {
  std::promise<void> done;
  host_.post([&] {
    server_->doors().mount(prefix, std::move(door));
    done.set_value();
  });
  done.get_future().wait();
}

void RunningServer::begin_drain() {
  host_.post([this] { server_->drain([] {}); });
}

void RunningServer::drain() {
  std::promise<void> done;
  host_.post([&] { server_->drain([&] { done.set_value(); }); });
  done.get_future().wait();
}

}  // namespace tests::http
