#include "adapters/cli/settings.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "adapters/cli/errors.h"
#include "adapters/nats/stream.h"
#include "adapters/postgres/connection.h"
#include "adapters/server/forwarder.h"
#include "engine/kernel/limits.h"
#include "engine/kernel/name.h"
#include "engine/kernel/time.h"

namespace tote::cli {
namespace {

constexpr std::int64_t integer_max = std::numeric_limits<std::int64_t>::max();

std::string directory_problem(const std::string& text) { return text.empty() ? "must name a directory" : ""; }

std::string listen_problem(const std::string& text) {
  return endpoint_of(text) ? "" : "must be ADDRESS:PORT, such as 127.0.0.1:8080 or [::1]:8080";
}

std::string level_problem(const std::string& text) {
  constexpr std::array levels = std::to_array<std::string_view>({"debug", "info", "warn", "error", "off"});
  return std::ranges::find(levels, text) == levels.end() ? "must be debug, info, warn, error or off" : "";
}

std::string format_problem(const std::string& text) {
  return text == "text" || text == "json" ? "" : "must be text or json";
}

std::string gateway_problem(const std::string& text) {
  const bool is_known = text.empty() || text == "test" || text == "stripe" || text == "none";
  return is_known ? "" : "must be test, stripe or none: cards are refused then";
}

std::string postgres_problem(const std::string& text) { return text.empty() ? "" : postgres::uri_problem(text); }

std::string nats_problem(const std::string& text) { return text.empty() ? "" : nats::urls_problem(text); }

std::string admin_listen_problem(const std::string& text) { return text.empty() ? "" : listen_problem(text); }

std::string anything(const std::string&) { return {}; }

std::string node_problem(const std::string& text) {
  return text.empty() || is_valid_id(text) ? "" : "must be 1 to 128 characters of A-Z a-z 0-9 . _ : -";
}

std::string cluster_name_problem(const std::string& text) {
  return is_valid_id(text) ? "" : "must be 1 to 128 characters of A-Z a-z 0-9 . _ : -";
}

std::string url_problem(const std::string& text) { return text.empty() ? "" : server::problem_of_url(text); }

std::string etcd_problem(const std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    if (!server::problem_of_url(text.substr(at, end - at)).empty())
      return "must be a list of http://HOST:PORT or https://HOST:PORT, of all members of etcd";
    at = end + 1;
  }
  return {};
}

const std::array table = std::to_array<Setting>({
    {"server", "data", "DIR", "directory of the log", &Settings::data, 0, 0, directory_problem},
    {"server", "listen", "HOST:PORT", "address of HTTP", &Settings::listen, 0, 0, listen_problem},
    {"server", "log_level", "LEVEL", "debug, info, warn, error, off", &Settings::log_level, 0, 0, level_problem},
    {"server", "gateway", "NAME", "of cards: test, stripe; else none", &Settings::gateway, 0, 0, gateway_problem},
    {"server", "postgres", "URI", "of the database to project into", &Settings::postgres, 0, 0, postgres_problem, true},
    {"server", "postgres_outbox", "", "domain events for Debezium, too", &Settings::postgres_outbox},
    {"server", "nats", "URL", "of the NATS to publish events to", &Settings::nats, 0, 0, nats_problem, true},
    {"server", "nats_stream", "NAME", "of JetStream; made if missing", &Settings::nats_stream, 0, 0,
     nats::name_problem},
    {"server", "nats_subject", "WORD", "that subjects begin with", &Settings::nats_subject, 0, 0, nats::name_problem},
    {"server", "nats_credentials", "FILE", "of a NATS user", &Settings::nats_credentials, 0, 0, anything},
    {"http", "require_idempotency_key", "", "on every change", &Settings::require_idempotency_key},
    {"http", "idempotency_retention_s", "N", "of keys, 0 = for ever", &Settings::idempotency_retention_s, 0,
     integer_max / ns_per_s},
    {"http", "connections_max", "N", "open at once", &Settings::connections_max, 1, 1'000'000},
    {"http", "tls_certificate", "FILE", "PEM, with its chain; else no TLS", &Settings::tls_certificate, 0, 0, anything},
    {"http", "tls_key", "FILE", "of the certificate", &Settings::tls_key, 0, 0, anything},
    {"http", "tls_client_ca", "FILE", "clients must show certificates", &Settings::tls_client_ca, 0, 0, anything},
    {"http", "admin_listen", "HOST:PORT", "of /metrics, /livez, /readyz, /console", &Settings::admin_listen, 0, 0,
     admin_listen_problem},
    {"engine", "requests_max", "N", "accepted, not yet answered", &Settings::requests_max, 1, 100'000'000},
    {"engine", "disk_free_bytes_min", "N", "below: log_full", &Settings::disk_free_bytes_min, 0, integer_max},
    {"engine", "accept_clock_skew", "", "start a log > 1 h ahead", &Settings::accept_clock_skew},
    {"memory", "entities_bytes", "N", "in memory, 0 = 1/4 of the machine", &Settings::entities_bytes, 0, integer_max},
    {"memory", "keys_bytes", "N", "of keys, 0 = 1/16 of the machine", &Settings::keys_bytes, 0, integer_max},
    {"snapshots", "interval_s", "N", "between two, 0 = none", &Settings::snapshot_interval_s, 0, 86'400, nullptr, false,
     "snapshot_interval_s"},
    {"retention", "log_s", "N", "younger records stay in the log", &Settings::log_s, 0, integer_max / ns_per_s},
    {"retention", "log_bytes", "N", "up to this much", &Settings::log_bytes, 64 << 20, integer_max},
    {"retention", "max_bytes", "N", "a follower may hold up", &Settings::max_bytes, 64 << 20, integer_max},
    {"archive", "directory", "DIR", "of what left the log", &Settings::archive_directory, 0, 0, anything, false,
     "archive_directory"},
    {"archive", "keep_s", "N", "of segments, 0 = for ever", &Settings::archive_keep_s, 0, integer_max / ns_per_s,
     nullptr, false, "archive_keep_s"},
    {"archive", "command", "COMMAND", "ships a segment: %p path, %f name", &Settings::archive_command, 0, 0, anything,
     false, "archive_command"},
    {"backup", "directory", "DIR", "of backups that operators ask for", &Settings::backup_directory, 0, 0, anything,
     false, "backup_directory"},
    {"cluster", "name", "NAME", "of the log in etcd", &Settings::cluster_name, 0, 0, cluster_name_problem, false,
     "cluster_name"},
    {"cluster", "node", "NAME", "of this machine and its disk", &Settings::cluster_node, 0, 0, node_problem, false,
     "cluster_node"},
    {"cluster", "etcd", "URLS", "of all members", &Settings::cluster_etcd, 0, 0, etcd_problem, false, "cluster_etcd",
     true},
    {"cluster", "listen", "ADDRESS:PORT", "for the other nodes", &Settings::cluster_listen, 0, 0, listen_problem, false,
     "cluster_listen"},
    {"cluster", "advertise", "ADDRESS:PORT", "where they find it", &Settings::cluster_advertise, 0, 0,
     admin_listen_problem, false, "cluster_advertise"},
    {"cluster", "http", "URL", "where they forward requests to", &Settings::cluster_http, 0, 0, url_problem, false,
     "cluster_http"},
    {"cluster", "min_in_sync", "N", "copies of what is acknowledged", &Settings::cluster_min_in_sync, 1, 16, nullptr,
     false, "cluster_min_in_sync"},
    {"cluster", "tls_certificate", "FILE", "that nodes show each other", &Settings::cluster_tls_certificate, 0, 0,
     anything, false, "cluster_tls_certificate"},
    {"cluster", "tls_key", "FILE", "of the certificate", &Settings::cluster_tls_key, 0, 0, anything, false,
     "cluster_tls_key"},
    {"cluster", "tls_ca", "FILE", "that signs all nodes' certificates", &Settings::cluster_tls_ca, 0, 0, anything,
     false, "cluster_tls_ca"},
    {"log", "format", "FORMAT", "text, json: an object a line", &Settings::log_format, 0, 0, format_problem, false,
     "log_format"},
});

std::string upper(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

std::string wrong_type(const Setting& setting) {
  if (std::holds_alternative<bool Settings::*>(setting.member)) return "must be true or false";
  if (std::holds_alternative<std::string Settings::*>(setting.member)) return "must be a string";
  return "must be an integer";
}

template <class T>
std::optional<T> whole_number(std::string_view text) {
  T number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<bool> truth(const std::string& text) {
  if (text == "true" || text == "1") return true;
  if (text == "false" || text == "0") return false;
  return std::nullopt;
}

bool is_sha256(const std::string& text) {
  return text.size() == 64 &&
         std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

std::vector<std::string> hashes_of(const TenantSettings& tenant) {
  std::vector<std::string> hashes = tenant.token_sha256;
  for (const auto& token : tenant.tokens) hashes.push_back(token.sha256);
  return hashes;
}

}  // namespace

std::span<const Setting> setting_table() { return table; }

std::string name_of(const Setting& setting) { return std::string(setting.table) + "." + std::string(setting.key); }

std::string flag_of(const Setting& setting) {
  std::string flag = "--" + std::string(setting.flag.empty() ? setting.key : setting.flag);
  std::ranges::replace(flag, '_', '-');
  return flag;
}

std::string environment_of(const Setting& setting) {
  return "TOTE_" + upper(std::string(setting.flag.empty() ? setting.key : setting.flag));
}

std::string value_of(const Setting& setting, const Settings& settings) {
  if (const auto* text = std::get_if<std::string Settings::*>(&setting.member)) return settings.**text;
  if (const auto* yes = std::get_if<bool Settings::*>(&setting.member)) return settings.**yes ? "true" : "false";
  return std::to_string(settings.*std::get<std::int64_t Settings::*>(setting.member));
}

std::string assign(const Setting& setting, const Value& value, Settings& settings) {
  if (setting.member.index() != value.index()) return wrong_type(setting);
  if (const auto* text = std::get_if<std::string>(&value)) {
    if (auto problem = setting.problem(*text); !problem.empty()) return problem;
    settings.*std::get<std::string Settings::*>(setting.member) = *text;
  } else if (const auto* yes = std::get_if<bool>(&value)) {
    settings.*std::get<bool Settings::*>(setting.member) = *yes;
  } else {
    const auto number = std::get<std::int64_t>(value);
    if (number < setting.min || number > setting.max)
      return "must be " + std::to_string(setting.min) + " to " + std::to_string(setting.max);
    settings.*std::get<std::int64_t Settings::*>(setting.member) = number;
  }
  return {};
}

std::string assign_text(const Setting& setting, const std::string& text, Settings& settings) {
  if (std::holds_alternative<std::string Settings::*>(setting.member)) return assign(setting, text, settings);
  if (std::holds_alternative<bool Settings::*>(setting.member)) {
    const auto yes = truth(text);
    return yes ? assign(setting, *yes, settings) : wrong_type(setting);
  }
  const auto number = whole_number<std::int64_t>(text);
  return number ? assign(setting, *number, settings) : wrong_type(setting);
}

std::string Effective::source_of(const std::string& name) const {
  const auto found = sources.find(name);
  return found == sources.end() ? "default" : found->second;
}

std::string add_tenant(TenantSettings tenant, Settings& settings) {
  if (!is_valid_id(tenant.id)) return "id must be 1 to 128 characters of A-Z a-z 0-9 . _ : -";
  if (tenant.token_sha256.empty() && tenant.tokens.empty())
    return "token_sha256 or tokens must have at least one hash, or nobody can use the tenant";
  if (settings.tenants.size() + 1 == limits::tenants_max)  // one of the engine's is always `default`
    return "there are more than " + std::to_string(limits::tenants_max - 1) + " tenants";
  for (auto& hash : tenant.token_sha256)
    if (!is_sha256(hash)) return "token_sha256 must be 64 lower-case hex digits: printf %s \"$TOKEN\" | sha256sum";
  for (const auto& token : tenant.tokens) {
    if (!is_sha256(token.sha256)) return "sha256 must be 64 lower-case hex digits: printf %s \"$TOKEN\" | sha256sum";
    if (!token.name.empty() && !is_valid_id(token.name))
      return "name must be 1 to 128 characters of A-Z a-z 0-9 . _ : -";
    if (token.name.starts_with(http::operator_mark))
      return "name begins with " + std::string(http::operator_mark) + ", as those of [console] do in records";
  }
  const auto hashes = hashes_of(tenant);
  for (auto one = hashes.begin(); one != hashes.end(); ++one)
    if (std::find(std::next(one), hashes.end(), *one) != hashes.end())
      return "a token of tenant " + tenant.id + " is there twice";
  for (const auto& other : settings.tenants) {
    if (other.id == tenant.id) return "tenant " + tenant.id + " is there twice";
    const auto theirs = hashes_of(other);
    if (std::ranges::find_first_of(theirs, hashes) != theirs.end())
      return "a token of tenant " + tenant.id + " is also one of tenant " + other.id;
  }
  settings.tenants.push_back(std::move(tenant));
  return {};
}

std::string add_operator(http::NamedToken token, Settings& settings) {
  constexpr std::size_t operators_max = 256;
  const std::size_t name_bytes_max = limits::actor_bytes_max - http::operator_mark.size();
  if (!is_sha256(token.sha256)) return "must be 64 lower-case hex digits: printf %s \"$TOKEN\" | sha256sum";
  if (!token.name.empty() && (!is_valid_id(token.name) || token.name.size() > name_bytes_max))
    return "name must be 1 to " + std::to_string(name_bytes_max) + " characters of A-Z a-z 0-9 . _ : -";
  if (settings.operators.size() == operators_max) return "there are more than " + std::to_string(operators_max);
  if (std::ranges::find(settings.operators, token.sha256, &http::NamedToken::sha256) != settings.operators.end())
    return "a token is there twice";
  settings.operators.push_back(std::move(token));
  return {};
}

std::string add_webhook(webhooks::EndpointOptions webhook, Settings& settings) {
  constexpr std::size_t webhooks_max = 32;  // each has a thread and reads the log for itself
  if (auto problem = webhooks::problem_of(webhook); !problem.empty()) return problem;
  if (settings.webhooks.size() == webhooks_max) return "there are more than " + std::to_string(webhooks_max);
  for (const auto& other : settings.webhooks)
    if (other.name == webhook.name) return "webhook " + webhook.name + " is there twice";
  settings.webhooks.push_back(std::move(webhook));
  return {};
}

std::string add_sportsbook(SportsbookSettings door, Settings& settings) {
  const sportsbook::Options& options = door.options;
  constexpr std::size_t sportsbooks_max = 64;
  if (settings.sportsbooks.size() == sportsbooks_max) return "there are more than " + std::to_string(sportsbooks_max);
  for (const auto& other : settings.sportsbooks) {
    if (other.options.name == options.name) return "name: " + options.name + " is there twice";
    if (other.options.path == options.path) return "path: " + options.path + " is there twice";
  }
  for (const auto& other : settings.card_webhooks)
    if (other.options.path == options.path) return "path: " + options.path + " is a card webhook's, too";
  settings.sportsbooks.push_back(std::move(door));
  return {};
}

std::string add_card_webhook(CardWebhookSettings webhook, Settings& settings) {
  constexpr std::size_t card_webhooks_max = 64;
  if (auto problem = card_webhooks::problem_of(webhook.options); !problem.empty()) return problem;
  if (settings.card_webhooks.size() == card_webhooks_max)
    return "there are more than " + std::to_string(card_webhooks_max);
  for (const auto& other : settings.card_webhooks) {
    if (other.options.name == webhook.options.name) return "card_webhook " + webhook.options.name + " is there twice";
    if (other.options.path == webhook.options.path) return "path: " + webhook.options.path + " is there twice";
  }
  for (const auto& other : settings.sportsbooks)
    if (other.options.path == webhook.options.path) return "path: " + webhook.options.path + " is a sportsbook's, too";
  settings.card_webhooks.push_back(std::move(webhook));
  return {};
}

std::string problem_of(const Settings& settings) {
  const auto& tenants = settings.tenants;
  if (!settings.operators.empty() && tenants.empty())
    return "console: an operator of the whole server needs a [[tenant]]: without tokens everybody is one";
  for (const auto& token : settings.operators)
    for (const auto& tenant : tenants)
      if (std::ranges::count(hashes_of(tenant), token.sha256) != 0)
        return "console: a token is also one of tenant " + tenant.id;
  for (const auto& webhook : settings.card_webhooks) {
    const std::string& tenant = webhook.options.tenant;
    const bool is_known = tenants.empty()
                              ? tenant == "default"
                              : std::ranges::any_of(tenants, [&](const auto& it) { return it.id == tenant; });
    if (!is_known)
      return "card_webhook.tenant: " + tenant +
             (tenants.empty() ? " isn't default, which is all there is without a [[tenant]]" : " is no [[tenant]]");
  }
  for (const SportsbookSettings& sportsbook : settings.sportsbooks) {
    const auto& door = sportsbook.options;
    const bool is_known = tenants.empty()
                              ? door.tenant == "default"
                              : std::ranges::any_of(tenants, [&](const auto& it) { return it.id == door.tenant; });
    if (!is_known)
      return "sportsbook.tenant: " + door.tenant +
             (tenants.empty() ? " isn't default, which is all there is without a [[tenant]]" : " is no [[tenant]]");
    for (const auto& webhook : settings.card_webhooks)
      if (webhook.options.path == door.path) return "sportsbook.path: " + door.path + " is a [[card_webhook]]'s, too";
  }
  if (settings.tls_certificate.empty() != settings.tls_key.empty())
    return settings.tls_key.empty() ? "http.tls_key: is needed with a tls_certificate"
                                    : "http.tls_certificate: is needed with a tls_key";
  if (!settings.tls_client_ca.empty() && settings.tls_certificate.empty())
    return "http.tls_client_ca: is of no use without a tls_certificate";
  if (auto problem = problem_of_cluster(settings); !problem.empty()) return problem;
  if (settings.gateway != "stripe") return {};
  if (settings.stripe.key.empty()) return "gateway.key_file: is needed where the kind is stripe";
  const std::string problem = payments::problem_of(settings.stripe);
  return problem.empty() ? problem : "gateway." + problem;
}

void check_files(const Settings& settings) {
  for (const auto& door : settings.sportsbooks)
    if (!door.problem.empty()) throw UsageError(door.problem);
  for (const auto& door : settings.card_webhooks)
    if (!door.problem.empty()) throw UsageError(door.problem);
}

std::optional<Endpoint> endpoint_of(const std::string& text) {
  const auto colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) return std::nullopt;
  const auto port = whole_number<std::uint16_t>(std::string_view(text).substr(colon + 1));
  std::string host = text.substr(0, colon);
  if (host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string::npos) {
    return std::nullopt;  // an IPv6 address needs brackets, or its last group would be taken for the port
  }
  if (!port || host.empty()) return std::nullopt;
  return Endpoint{host, *port};
}

}  // namespace tote::cli
