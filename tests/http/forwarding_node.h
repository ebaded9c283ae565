// A node that hasn't the log: a server without an engine, which hands requests on.
#pragma once

#include <future>
#include <memory>
#include <string>
#include <thread>

#include "adapters/http/server.h"
#include "adapters/server/forwarder.h"

namespace tests::http {

class ForwardingNode {
 public:
  explicit ForwardingNode(const std::string& url, tote::Kinds kinds, tote::server::ForwarderOptions options = {},
                          tote::http::ServerOptions of_server = {}) {
    if (options.node.empty()) options.node = "n2";
    of_server.listen = "127.0.0.1:0";
    of_server.kinds = std::move(kinds);
    auto listening = tote::http::Server::listen(host_, std::move(of_server));
    server_ = std::move(std::get<std::unique_ptr<tote::http::Server>>(listening));
    forwarder_ = std::make_shared<tote::server::Forwarder>(host_, std::move(options));
    server_->forward(forwarder_);
    forwarder_->aim(url);
    thread_ = std::thread([this] { host_.run(); });
  }
  ~ForwardingNode() {
    host_.stop();
    thread_.join();
    server_.reset();
    forwarder_.reset();
  }
  ForwardingNode(const ForwardingNode&) = delete;
  ForwardingNode& operator=(const ForwardingNode&) = delete;

  std::uint16_t port() const { return server_->port(); }
  std::string url() const { return "http://" + server_->address(); }
  void aim(const std::string& url) {
    std::promise<void> done;
    host_.post([&] {
      forwarder_->aim(url);
      done.set_value();
    });
    done.get_future().wait();
  }

 private:
  tote::http::Host host_;
  std::unique_ptr<tote::http::Server> server_;
  std::shared_ptr<tote::server::Forwarder> forwarder_;
  std::thread thread_;
};

}  // namespace tests::http
