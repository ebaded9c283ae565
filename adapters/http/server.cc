#include "adapters/http/server.h"

#include <spdlog/spdlog.h>

#include "adapters/http/admin_door.h"

namespace tote::http {

Server::Listening Server::listen(Host& host, ServerOptions options) {
  const auto where = server::split_listen(options.listen);
  if (!where) return ServerError{"listen = \"" + options.listen + "\" isn't HOST:PORT"};
  if (options.kinds.empty()) return ServerError{"no entity kinds were given"};
  server::Options of_server = static_cast<const server::Options&>(options);
  const std::string admin_listen = options.admin_listen;
  const auto door = std::make_shared<Door>(std::move(options));
  if (auto wrong = door->configure(where->host); !wrong.empty()) return ServerError{std::move(wrong)};
  if (door->open_to_all() && !is_loopback(where->host))
    return ServerError{"refusing to listen on " + of_server.listen +
                       " without API tokens: configure [[tenant]], or listen on 127.0.0.1"};
  of_server.strangers_make_way = !door->open_to_all();
  auto listening = server::Server::listen(host, of_server, door);
  if (auto* error = std::get_if<ServerError>(&listening)) return std::move(*error);
  auto server = std::get<std::unique_ptr<server::Server>>(std::move(listening));
  spdlog::info("http: listening on {}{}", server->address(), door->open_to_all() ? ", no tokens: loopback only" : "");
  std::unique_ptr<Server> out(new Server(door, std::move(server)));
  if (!admin_listen.empty())
    if (auto wrong = out->listen_admin(host, std::move(of_server), admin_listen); !wrong.empty())
      return ServerError{std::move(wrong)};
  return out;
}

// It stays open while the other one drains: who asks whether the server is ready is told.
std::string Server::listen_admin(Host& host, server::Options options, const std::string& listen) {
  constexpr std::size_t connections_max = 64;
  const auto where = server::split_listen(listen);
  if (!where) return "admin_listen = \"" + listen + "\" isn't HOST:PORT";
  if (door_->open_to_all() && !is_loopback(where->host))
    return "refusing to listen on " + listen + " without API tokens: configure [[tenant]], or listen on 127.0.0.1";
  options.listen = listen;
  options.tls = nullptr;
  options.connections_max = connections_max;
  options.strangers_make_way = true;
  auto listening = server::Server::listen(host, std::move(options), std::make_shared<AdminDoor>(door_));
  if (auto* error = std::get_if<ServerError>(&listening)) return std::move(error->detail);
  admin_ = std::get<std::unique_ptr<server::Server>>(std::move(listening));
  spdlog::info("http: listening on {} for operators", admin_->address());
  return {};
}

void Server::forward(std::shared_ptr<server::Forwarder> forwarder) {
  door_->forward(forwarder);
  server_->forward(forwarder);
  if (admin_ != nullptr) admin_->forward(std::move(forwarder));
}

std::string Server::attach(Engine& engine) {
  if (auto wrong = door_->attach(engine); !wrong.empty()) return wrong;
  serve();
  return {};
}

std::string Server::attach_stale(Engine& engine, const std::function<std::optional<std::int64_t>()>& age_ms) {
  if (auto wrong = door_->attach(engine); !wrong.empty()) return wrong;
  door_->stand_by(true);
  server_->read_stale(age_ms);
  if (admin_ != nullptr) admin_->read_stale(age_ms);
  return {};
}

void Server::serve() {
  door_->stand_by(false);
  server_->serve();
  if (admin_ != nullptr) admin_->serve();
}

std::string Server::change_tokens(std::vector<TenantTokens> tenants, std::vector<NamedToken> operators) {
  return door_->change_tokens(std::move(tenants), std::move(operators));
}

void Server::settings_refused(bool are_refused) { door_->settings_refused(are_refused); }

void Server::cut() {
  server_->cut();
  if (admin_ != nullptr) admin_->cut();
}

void Server::projection_moved() {
  door_->answer_projection_waiters();
  flush();
}

void Server::flush() {
  server_->flush();
  if (admin_ != nullptr) admin_->flush();
}

}  // namespace tote::http
