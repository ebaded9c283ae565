#include "tests/http/running_server.h"

#include <stdlib.h>

#include <future>
#include <stdexcept>

#include "actors/wallet/wallet.h"

namespace tests::http {

using namespace tote;

TempDirectory::TempDirectory() {
  std::string pattern = (std::filesystem::temp_directory_path() / "tote-http-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary directory");
  path_ = pattern;
}

TempDirectory::~TempDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

RunningServer::RunningServer(const std::string& directory, tote::http::ServerOptions options) {
  Options engine_options;
  engine_options.directory = directory;
  engine_options.kinds = {kind_of<Wallet>()};
  engine_options.wake = host_.waker();
  engine_options.disk_free_bytes_min = 1 << 20;
  options.kinds = engine_options.kinds;
  options.listen = "127.0.0.1:0";
  auto opened = Engine::open(std::move(engine_options));
  if (auto* error = std::get_if<OpenError>(&opened)) throw std::runtime_error(error->detail);
  engine_ = std::get<std::unique_ptr<Engine>>(std::move(opened));
  host_.attach(*engine_);
  auto listening = tote::http::Server::listen(host_, std::move(options));
  if (auto* error = std::get_if<tote::http::ServerError>(&listening)) throw std::runtime_error(error->detail);
  server_ = std::get<std::unique_ptr<tote::http::Server>>(std::move(listening));
  if (const auto wrong = server_->attach(*engine_); !wrong.empty()) throw std::runtime_error(wrong);
  thread_ = std::thread([this] { host_.run(); });
}

RunningServer::~RunningServer() {
  host_.stop();
  thread_.join();
  host_.detach();
  engine_->close();
  server_.reset();
  engine_.reset();
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
