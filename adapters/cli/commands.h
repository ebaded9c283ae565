// The subcommands, as plain functions: what command_line.cc calls once the words on the command line are understood.
// Each returns its exit code; UsageError and Failure (errors.h) are turned into one by the caller. `kinds` are those
// that may be in the log.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "adapters/cli/settings.h"
#include "engine/kernel/any_entity.h"

namespace tote::cli {

// `reread` resolves the settings again (SIGHUP): it throws UsageError, and may be called on any thread.
int serve(const Effective& effective, const Kinds& kinds, std::function<Effective()> reread);

struct DemoArguments {
  std::string postgres;  // URI of a database to project into; empty: none
  bool is_tour = false;  // the lines are run, not printed to be pasted
};
int demo(const DemoArguments& arguments, const Kinds& kinds);

struct LogArguments {
  std::string directory;
  std::string archive;  // directory of its segments; empty: inside it
  std::string from;     // LSN, or a time in UTC; empty: from the beginning
  std::string entity;   // "wallet/alice"; empty: every record
  bool json = false;
};
int print_log(const LogArguments& arguments, const Kinds& kinds);

struct ExplainArguments {
  std::string directory;
  std::string archive;  // directory of its segments; empty: inside it
  std::string entity;   // "wallet/alice"
  std::string tenant = "default";
  std::optional<std::uint64_t> at;  // LSN; nothing: to the end
};
int explain(const ExplainArguments& arguments, const Kinds& kinds);

struct VerifyArguments {
  std::string directory;
  std::string archive;  // directory of its segments; empty: inside it
};
int verify(const VerifyArguments& arguments, const Kinds& kinds);

struct ReplayArguments {
  std::string directory;
  std::string archive;                 // directory of its segments; empty: inside it
  std::optional<std::uint64_t> until;  // LSN; nothing: to the end
  bool json = false;
};
int replay(const ReplayArguments& arguments, const Kinds& kinds);

struct ProjectionArguments {
  std::string directory;
  std::string postgres;  // URI
};
int verify_projection(const ProjectionArguments& arguments, const Kinds& kinds);
int rebuild_projection(const ProjectionArguments& arguments, const Kinds& kinds);

struct TokenArguments {
  std::string role = "issuer";
  std::string name;  // of who will have it; empty: none
};
int make_token(const TokenArguments& arguments);
struct SignArguments {
  std::string body;                    // a file; "-": standard input
  std::string secret_file;             // that holds the secret; or
  std::string secret;                  // the secret itself
  std::optional<std::int64_t> time_s;  // of the signature, since 1970; nothing: now
};
int sign_stripe(const SignArguments& arguments);

struct SignJwtArguments {
  std::string payload;  // a file, of the payload or of all claims; "-": standard input
  std::string key;      // a private key in PEM form
  std::string algorithm, key_id, issuer, audience;
  std::int64_t expires_in_s = 300;
  bool as_body = false;  // {"payload":"…"} instead of the token alone
};
int sign_jwt(const SignJwtArguments& arguments);

struct BackupArguments {
  std::string directory;
  std::string archive;  // directory of its segments; empty: inside it
  std::string to;       // directory of backups
};
int backup(const BackupArguments& arguments);

struct RestoreArguments {
  std::string from;   // a backup, or a directory of them
  std::string to;     // directory of the log
  std::string until;  // LSN, or time in UTC; empty: all
};
int restore(const RestoreArguments& arguments);

struct FollowerArguments {
  std::string directory;
  std::string archive;  // directory of its segments; empty: inside it
  std::string name;     // of its cursor: webhook-shop
  std::string at;       // LSN of the last record that it has, or "end"
};
int list_followers(const FollowerArguments& arguments);
int reset_follower(const FollowerArguments& arguments);

inline constexpr std::size_t import_batch_max = 5'000;
struct ImportArguments {
  std::string wallets;                        // the file (wallets_file.h)
  std::string url = "http://127.0.0.1:8080";  // of the server
  std::string token_file;                     // empty: TOTE_TOKEN, if it is set
  std::size_t batch = 1'000;                  // wallets in one request
};
int import_wallets(const ImportArguments& arguments);

struct WatchArguments {
  std::string url = "http://127.0.0.1:8080";  // of the server
  std::string token_file;                     // empty: TOTE_TOKEN, if it is set
  std::string tenant;                         // that an operator of the whole server means; empty: all
  int limit = 20;                             // entities, alerts: 1 to 100
  bool once = false;                          // no screen of its own
};
int print_hot(const WatchArguments& arguments);
int print_top(const WatchArguments& arguments);
int print_alerts(const WatchArguments& arguments);

struct ClusterArguments {
  std::string url = "http://127.0.0.1:8080";  // of any node
  std::string token_file;                     // empty: TOTE_TOKEN, if it is set
  std::string node;                           // that is meant
};
int print_cluster(const ClusterArguments& arguments);
int transfer_log(const ClusterArguments& arguments);
int add_node(const ClusterArguments& arguments);
int remove_node(const ClusterArguments& arguments);
// What print_cluster makes of the body of GET /v1/cluster.
std::string cluster_text(const std::string& body);

int check_config(const Effective& effective);
int print_version();

// "0.1.0", from the build.
std::string version_text();
std::string build_text();  // "release, g++ 12.2.0"

}  // namespace tote::cli
