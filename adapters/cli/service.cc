#include "adapters/cli/service.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <thread>

#include "adapters/cli/cluster.h"
#include "adapters/cli/commands.h"
#include "adapters/cli/errors.h"
#include "adapters/cli/following.h"
#include "adapters/cli/giving_way.h"
#include "adapters/cli/opening.h"
#include "adapters/cli/process.h"
#include "adapters/cli/tls.h"
#include "adapters/console/door.h"

namespace tote::cli {
namespace {

// A node that has to begin again and again leaves the machine some air.
constexpr auto begins_again_after = std::chrono::seconds(1);
constexpr std::int64_t log_wait_ms = 5'000;  // for a command that gives way

std::vector<http::TenantTokens> tokens_of(const Settings& settings) {
  std::vector<http::TenantTokens> tenants;
  for (const auto& tenant : settings.tenants)
    tenants.push_back({tenant.id, tenant.token_sha256, tenant.limits, tenant.tokens});
  return tenants;
}

http::ServerOptions server_options(const Settings& settings, const Kinds& kinds, const std::string& address) {
  http::ServerOptions options;
  options.listen = address;
  options.tenants = tokens_of(settings);
  options.operators = settings.operators;
  options.kinds = kinds;
  options.require_idempotency_key = settings.require_idempotency_key;
  // The log opens files while it is written, and one that can't be opened ends the process: clients can't take them
  // all.
  const std::size_t files = files_max();
  options.connections_max =
      std::min(static_cast<std::size_t>(settings.connections_max), std::max<std::size_t>(files / 2, 1));
  options.refusing_max = std::min(options.refusing_max, files / 8);
  if (options.connections_max < static_cast<std::size_t>(settings.connections_max))
    spdlog::warn("connections_max: {} instead of {}, because only {} files may be open (ulimit -n)",
                 options.connections_max, settings.connections_max, files);
  options.tls = tls_of(settings);
  options.admin_listen = settings.admin_listen;
  options.requests_in_flight_max = static_cast<std::size_t>(settings.requests_max);
  options.version = version_text();
  return options;
}

std::vector<http::GatewayPort::Entry> shown(const std::vector<payments::TestGateway::Entry>& entries) {
  std::vector<http::GatewayPort::Entry> out;
  out.reserve(entries.size());
  for (const auto& entry : entries) out.push_back({entry.id, entry.key, entry.currency, "succeeded", entry.amount});
  return out;
}

http::GatewayPort port_of(payments::TestGateway& gateway) {
  return {[&gateway](const std::string& tenant, std::int64_t amount) { gateway.set_balance(amount, tenant); },
          [&gateway](const std::string& tenant) { return shown(gateway.charges(tenant)); },
          [&gateway](const std::string& tenant) { return shown(gateway.refunds(tenant)); }};
}

}  // namespace

Service::Service(Settings settings, Kinds kinds, const std::string& schema)
    : settings_(std::move(settings)),
      kinds_(std::move(kinds)),
      card_doors_(settings_.card_webhooks),
      sportsbook_doors_(settings_.sportsbooks) {
  prepare_process(settings_.log_level, settings_.log_format);
  add_followers(followers_, settings_, kinds_, schema, [this] { host_.post([this] { server_->projection_moved(); }); });
  if (settings_.gateway == "stripe") {
    stripe_ = std::make_unique<payments::StripeGateway>(settings_.stripe);
    worker_ = std::make_unique<payments::EffectWorker>(*stripe_);
  }
  if (settings_.gateway != "test") return;
  gateway_ = std::make_unique<payments::TestGateway>(settings_.data + "-gateway");
  worker_ = std::make_unique<payments::EffectWorker>(*gateway_);
}

std::string Service::listen(const std::string& address) {
  auto options = server_options(settings_, kinds_, address);
  if (gateway_ != nullptr) options.gateway = port_of(*gateway_);
  options.accepts_cards = worker_ != nullptr;
  options.card_webhooks = card_doors_.names();
  options.followers = &followers_;
  options.alerts = &alerts_;
  options.makes_backups = !settings_.backup_directory.empty();
  if (is_clustered(settings_)) join_cluster();
  if (cluster_ != nullptr) options.cluster = cluster_->port();
  auto listening = http::Server::listen(host_, std::move(options));
  if (const auto* error = std::get_if<http::ServerError>(&listening)) return error->detail;
  server_ = std::move(std::get<std::unique_ptr<http::Server>>(listening));
  card_doors_.mount(server_->doors());
  sportsbook_doors_.mount(server_->doors());
  server_->operators_doors().mount(std::string(console::Door::path), std::make_shared<console::Door>());
  if (cluster_ != nullptr) cluster_->forward(*server_);
  return {};
}

void Service::join_cluster() {
  const auto on_stop = [this](const std::string& why) {
    if (is_ending_) return;
    spdlog::warn("cluster: this node begins again: {}", why);
    is_to_return_ = true;
    cluster_->finish([this] { host_.stop(); });
  };
  const auto on_refused = [this](const std::string& why) { end_with(std::make_exception_ptr(Failure(why))); };
  const auto on_reached = [this] {
    if (!recovering_) return;
    start_log(settings_.log_level);
    if (on_standing_by_) on_standing_by_();
    manager_.ready();
  };
  cluster_ = std::make_unique<Clustering>(host_, settings_, Clustering::Told{on_stop, on_refused, on_reached});
}

std::string Service::cluster_line() const { return line_of(cluster_->status()); }

void Service::end_with(std::exception_ptr failure) {
  if (failure_ == nullptr) failure_ = std::move(failure);
  host_.stop();
}

std::string Service::url() const {
  return (settings_.tls_certificate.empty() ? "http://" : "https://") + server_->address();
}

std::string Service::console_url() const {
  return (settings_.admin_listen.empty() ? url() : "http://" + server_->admin_address()) + "/console";
}

void Service::run(std::function<void(const Engine&)> on_ready, std::function<void()> on_standing_by) {
  on_ready_ = std::move(on_ready);
  on_standing_by_ = std::move(on_standing_by);
  host_.on_signals([this](int) { stop(); });
  host_.on_hangup([this] { reread(); });
  std::thread recovery([this] { recover(); });
  const auto begun = std::chrono::steady_clock::now();
  host_.run();
  recovery.join();
  end();
  if (failure_ != nullptr) std::rethrow_exception(failure_);
  if (is_to_return_) {
    std::this_thread::sleep_until(begun + begins_again_after);
    begin_again();
  }
  spdlog::info("stopped");
}

void Service::end() {
  // An engine whose log is lost answers what waits for it without knowing what became of it: nobody is to hear that.
  if (is_to_return_) server_->cut();
  if (rereading_.joinable()) rereading_.join();
  // In the order of adapters/events/followers.h.
  if (worker_ != nullptr) {
    if (gateway_ != nullptr) gateway_->stop();
    if (stripe_ != nullptr) stripe_->stop();
    worker_->stop();
  }
  followers_.stop();
  if (engine_ != nullptr) {
    engine_->close();
    host_.detach();
  }
  server_.reset();
  if (cluster_ == nullptr) return;
  engine_.reset();
  cluster_.reset();
}

void Service::recover() {
  std::exception_ptr failure;
  try {
    wait_until_free(settings_.data, log_wait_ms);
    std::function<wal::Log::Opened(wal::LogOptions)> open_log;
    if (cluster_ != nullptr) open_log = [this](wal::LogOptions log) { return cluster_->open_log(std::move(log)); };
    std::function<bool(EffectCall&)> on_effect;
    if (worker_ != nullptr) on_effect = [this](EffectCall& call) { return worker_->offer(call); };
    std::function<void(Engine*)> on_standing_by;
    if (cluster_ != nullptr) on_standing_by = [this](Engine* engine) { stands_by(engine); };
    engine_ = open_engine(
        settings_, kinds_, host_.waker(), std::move(on_effect), [this] { return followers_.holds(); },
        std::move(open_log), std::move(on_standing_by), &alerts_);
    if (const auto problem = followers_.start(engine_->log()); !problem.empty()) throw Failure(problem);
  } catch (...) {
    failure = std::current_exception();
  }
  host_.post([this, failure] { recovered(failure); });
}

void Service::stands_by(Engine* engine) {
  if (engine == nullptr) return node_engine_.end();
  node_engine_.stand_by(*engine);
  host_.post([this] {
    if (const auto problem = server_->attach_stale(node_engine_, [this] { return cluster_->age_ms(); });
        !problem.empty())
      return end_with(std::make_exception_ptr(UsageError(problem)));
    answers_stale_ = true;
  });
}

// The API, by this node's engine from now on. What is wrong, or nothing.
std::string Service::serve() {
  if (!answers_stale_) return server_->attach(*engine_);
  node_engine_.own();
  server_->serve();
  return {};
}

void Service::recovered(const std::exception_ptr& failure) {
  // A node that stops tells by itself whether it is to begin again.
  if (failure != nullptr && cluster_ != nullptr && cluster_->status().state == cluster::MemberStatus::State::stopped)
    return;
  if (failure != nullptr) return end_with(failure);
  recovering_ = false;
  host_.attach(*engine_);
  if (worker_ != nullptr) worker_->attach(*engine_);
  if (const auto problem = serve(); !problem.empty()) return end_with(std::make_exception_ptr(UsageError(problem)));
  if (const auto problem = card_doors_.attach(*engine_); !problem.empty())
    return end_with(std::make_exception_ptr(UsageError(problem)));
  if (const auto problem = sportsbook_doors_.attach(*engine_); !problem.empty())
    return end_with(std::make_exception_ptr(UsageError(problem)));
  if (cluster_ != nullptr) cluster_->serve([this] { return engine_->figures().in_flight == 0; });
  start_log(settings_.log_level);
  on_ready_(*engine_);
  manager_.ready();
}

void Service::reread_with(std::function<Settings()> read) { read_settings_ = std::move(read); }

// Files are read beside the loop, by one thread: settings, and the secrets and keys that they name.
void Service::reread() {
  if (!read_settings_) return;
  if (rereading_.joinable()) {
    reread_again_ = true;  // what is being read may be older than this signal
    return;
  }
  if (!recovering_) manager_.reloading();
  rereading_ = std::thread([this] {
    try {
      auto settings = std::make_shared<const Settings>(read_settings_());
      host_.post([this, settings, tls = read_tls(*settings), of_nodes = Clustering::read_tls(*settings)] {
        take(*settings, tls, of_nodes);
      });
    } catch (const std::exception& error) {
      host_.post([this, why = std::string(error.what())] { keep_settings(why); });
    }
  });
}

void Service::has_reread() {
  rereading_.join();
  if (!recovering_) manager_.ready();
  if (std::exchange(reread_again_, false)) reread();
}

// Each door by itself: what is wrong with the files of one is nothing to the others, nor to the tokens.
void Service::take(const Settings& settings, const server::TlsContext::Read& tls,
                   const server::TlsContext::Read& of_nodes) {
  const auto* tls_problem = std::get_if<std::string>(&tls);
  if (tls_problem == nullptr)
    server_->doors().change_tls(std::get<std::shared_ptr<const server::TlsContext>>(tls));
  else
    spdlog::error("the certificate stays: {}", *tls_problem);
  const std::string nodes_problem = cluster_ == nullptr ? "" : cluster_->take_tls(of_nodes);
  if (!nodes_problem.empty()) spdlog::error("the certificate of this node stays: {}", nodes_problem);
  tell_settings("tls", {}, tls_problem == nullptr ? std::string() : *tls_problem);
  tell_settings("cluster", {}, nodes_problem);
  for (const auto& door : settings.card_webhooks) tell_settings("card_webhook", door.options.name, door.problem);
  for (const auto& door : settings.sportsbooks) tell_settings("sportsbook", door.options.name, door.problem);
  const bool has_secrets = card_doors_.take(settings.card_webhooks),
             has_keys = sportsbook_doors_.take(settings.sportsbooks);
  if (const auto problem = server_->change_tokens(tokens_of(settings), settings.operators); !problem.empty())
    return keep_settings(problem);
  server_->settings_refused(!has_secrets || !has_keys || tls_problem != nullptr || !nodes_problem.empty());
  tell_settings("settings", {}, {});
  has_reread();
  spdlog::info("tokens of {} tenants, secrets and certificates were read again; other settings need a restart",
               settings.tenants.size());
}

void Service::keep_settings(const std::string& why) {
  server_->settings_refused(true);
  has_reread();
  spdlog::error("the settings that were read again are wrong, those before them hold: {}", why);
  tell_settings("settings", {}, why);
}

// For GET /v1/alerts; the log has been told.
void Service::tell_settings(const std::string& kind, const std::string& name, const std::string& problem) {
  const std::string text = problem.empty() ? "" : "those that were read again are wrong: " + problem;
  const Alert alert{.tenant = {}, .kind = kind, .entity = {}, .text = text, .topic = name};
  problem.empty() ? alerts_.change(alert, wall_time()) : alerts_.tell(alert, wall_time());
}

void Service::stop() {
  is_ending_ = true;
  if (cluster_ == nullptr && recovering_) std::_Exit(exit_ok);  // nothing was accepted, nothing on disk was touched
  end_at_once_on_signals();
  manager_.stopping();
  if (cluster_ == nullptr) return drain();
  cluster_->hand_over([this] { drain(); });
}

// What a node wrote that stands by is as safe as if the process were killed, and nothing waits for what it doesn't
// write.
void Service::drain() {
  spdlog::info("draining");
  server_->drain([this] {
    if (recovering_) std::_Exit(exit_ok);
    host_.stop();
  });
}

}  // namespace tote::cli
