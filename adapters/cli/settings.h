// The settings of the program. One table drives flags, environment, tote.toml, --help and `tote config check`.
//
//   flag > TOTE_* environment variable > tote.toml > default
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "adapters/card_webhooks/door.h"
#include "adapters/http/quotas.h"
#include "adapters/http/role.h"
#include "adapters/payments/stripe_gateway.h"
#include "adapters/sportsbook/keys.h"
#include "adapters/sportsbook/options.h"
#include "adapters/webhooks/endpoint.h"

namespace tote::cli {

struct TenantSettings {
  std::string id;
  std::vector<std::string> token_sha256;  // lower-case hex; what is kept instead of the tokens; all roles
  http::TenantLimits limits{};
  std::vector<http::NamedToken> tokens{};

  bool operator==(const TenantSettings&) const = default;
};

// What the files that a door names have, as it was read with the settings. What is wrong with them keeps a server from
// starting; one that runs goes on with what it had (check_files).
struct CardWebhookSettings {
  card_webhooks::DoorOptions options{};
  std::vector<std::string> secrets{};
  std::string problem{};  // with file, line and key; empty: nothing
};
struct SportsbookSettings {
  sportsbook::Options options{};
  sportsbook::KeySetPtr keys{};
  std::string problem{};
};

struct Settings {
  std::string data = "data";
  std::string listen = "127.0.0.1:8080";
  std::string log_level = "info";
  std::string log_format = "text";
  std::string gateway;  // "test", "stripe"; "none" or empty: cards are refused
  payments::StripeOptions stripe;
  std::string postgres;  // URI of the database to project into; empty: none
  bool postgres_outbox = false;
  std::string nats;  // URLs of the NATS to publish events to; empty: none
  std::string nats_stream = "TOTE";
  std::string nats_subject = "tote";
  std::string nats_credentials;
  bool require_idempotency_key = false;
  std::int64_t idempotency_retention_s = 86'400;  // 0 = for ever; a longer one doesn't bring back what is forgotten
  std::int64_t connections_max = 10'000;
  std::string tls_certificate;  // PEM files, as in adapters/server/tls.h; empty: plain HTTP
  std::string tls_key;
  std::string tls_client_ca;
  std::string admin_listen;
  std::int64_t requests_max = 262'144;
  std::int64_t entities_bytes = 0;  // in memory, the others are at rest; 0: a quarter of the machine
  std::int64_t keys_bytes = 0;      // finished keys in memory; 0: a sixteenth of the machine
  std::int64_t disk_free_bytes_min = 512 << 20;
  bool accept_clock_skew = false;
  std::int64_t snapshot_interval_s = 60;  // 0: none
  std::int64_t log_s = 86'400;
  std::int64_t log_bytes = std::int64_t{16} << 30;
  std::int64_t max_bytes = std::int64_t{64} << 30;
  std::string archive_directory;  // empty: in the data directory
  std::int64_t archive_keep_s = 0;
  std::string archive_command;
  std::string backup_directory;  // where POST /v1/admin/backup puts them; empty: nowhere
  std::string cluster_name = "tote";
  std::string cluster_node;  // empty: one machine
  std::string cluster_etcd;  // URLs, with commas between them
  std::string cluster_listen = "127.0.0.1:7080";
  std::string cluster_advertise;  // empty: as it listens
  std::string cluster_http;
  std::int64_t cluster_min_in_sync = 2;
  std::string cluster_tls_certificate;  // PEM files; they are shown to https members of etcd, too
  std::string cluster_tls_key;
  std::string cluster_tls_ca;
  std::vector<TenantSettings> tenants;
  std::vector<http::NamedToken> operators;  // [console]: of the whole server
  std::vector<webhooks::EndpointOptions> webhooks;
  std::vector<CardWebhookSettings> card_webhooks;
  std::vector<SportsbookSettings> sportsbooks;
};

// A row of the table.
struct Setting {
  std::string_view table, key;  // in tote.toml: [table] key = …; the key is unique over all tables
  std::string_view takes;       // for --help: what comes after the flag
  std::string_view meaning;     // for --help: with its default at most 48 characters
  using Member = std::variant<std::string Settings::*, bool Settings::*, std::int64_t Settings::*>;
  Member member;
  std::int64_t min = 0, max = 0;                         // of an integer
  std::string (*problem)(const std::string&) = nullptr;  // of a text: what is wrong with it, empty when nothing is
  bool is_secret = false;                                // not printed
  std::string_view flag = {};                            // where the key alone doesn't say it; the variable, too
  bool is_list = false;  // of texts: a list in tote.toml, elsewhere with commas between them
};

std::span<const Setting> setting_table();
std::string name_of(const Setting& setting);         // "http.require_idempotency_key"
std::string flag_of(const Setting& setting);         // "--require-idempotency-key"
std::string environment_of(const Setting& setting);  // "TOTE_REQUIRE_IDEMPOTENCY_KEY"
std::string value_of(const Setting& setting, const Settings& settings);

// Sets one value; what is wrong with it, empty when nothing is.
using Value = std::variant<std::string, bool, std::int64_t>;
std::string assign(const Setting& setting, const Value& value, Settings& settings);
// The same from text, as flags and the environment have it.
std::string assign_text(const Setting& setting, const std::string& text, Settings& settings);

// The values in force and where each came from.
struct Effective {
  Settings settings;
  std::map<std::string, std::string> sources;  // name_of(setting) or "tenant" -> "--data", "TOTE_DATA", "tote.toml:2"
  std::vector<std::string> warnings{};         // what was ignored, a sentence each

  std::string source_of(const std::string& name) const;  // "default" when nothing set it
};

struct Inputs {
  std::optional<std::string> config;         // --config
  std::map<std::string, std::string> flags;  // by flag_of(setting), only those that were given
  std::vector<std::pair<std::string, std::string>> environment;
};

// Throws UsageError naming the flag, the variable or the file, line and key.
Effective resolve(const Inputs& inputs);

// The steps of resolve(), each overriding the one before.
void read_file(const std::string& path, Effective& effective);  // settings_file.cc
void read_environment(const Inputs& inputs, Effective& effective);
void read_flags(const Inputs& inputs, Effective& effective);

// Adds one [[tenant]] or [[webhook]]; what is wrong with it, empty when nothing is.
std::string add_tenant(TenantSettings tenant, Settings& settings);
std::string add_webhook(webhooks::EndpointOptions webhook, Settings& settings);
std::string add_sportsbook(SportsbookSettings door, Settings& settings);
std::string add_card_webhook(CardWebhookSettings webhook, Settings& settings);
std::string add_operator(http::NamedToken token, Settings& settings);
bool is_clustered(const Settings& settings);
// What is wrong with [cluster] as a whole, beginning with the key; empty: nothing. settings_cluster.cc
std::string problem_of_cluster(const Settings& settings);
// What doesn't fit together once all is read, beginning with the key; empty: nothing.
std::string problem_of(const Settings& settings);
// Throws UsageError where a door's keys or secrets couldn't be read.
void check_files(const Settings& settings);

// "127.0.0.1:8080", "[::1]:8080", "localhost:0"; nothing when it is none of these.
struct Endpoint {
  std::string host;  // an address without brackets
  std::uint16_t port = 0;
};
std::optional<Endpoint> endpoint_of(const std::string& text);

}  // namespace tote::cli
