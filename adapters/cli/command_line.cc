// The words of the command line. The only file that includes CLI11: it takes longer to compile than all others
// together.
#include "adapters/cli/command_line.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <functional>

#include "adapters/cli/commands.h"
#include "adapters/cli/errors.h"
#include "adapters/cli/kinds.h"
#include "adapters/cli/wallets_file.h"

namespace tote::cli {
namespace {

constexpr std::size_t help_column = 32;  // where what a flag means begins: leaves 48 for it

using Environment = std::vector<std::pair<std::string, std::string>>;

class CommandLine {
 public:
  CommandLine(Environment environment, Kinds kinds, const std::vector<MoreCommand>& more) : kinds_(std::move(kinds)) {
    inputs_.environment = std::move(environment);
    app_.require_subcommand(1);
    app_.set_help_flag("-h,--help", "print this");
    app_.set_version_flag(
        "--version", [] { return "tote " + version_text() + " (" + build_text() + ")"; }, "print the version");
    app_.get_formatter()->column_width(help_column);
    app_.footer(
        "`tote COMMAND --help` says more about each.\n"
        "Settings: a flag, else a TOTE_* variable, else tote.toml, else the default.\n"
        "Exit codes: 0 done, 1 failed or damaged, 2 asked wrongly, 3 unknown kinds.");
    add_serve();
    add_demo();
    add_log();
    add_verify();
    add_replay();
    add_explain();
    add_projection();
    add_backup();
    add_restore();
    add_follower();
    add_import();
    add_watching();
    add_cluster();
    add_config();
    add_token();
    add_sign();
    for (const MoreCommand& command : more) add_more(command);
    add_version();
  }

  int run(int argc, char** argv) {
    // CLI11 would say that a command is required.
    if (argc > 1 && *argv[1] != '-' && !knows(argv[1]))
      throw UsageError("there is no command \"" + std::string(argv[1]) + "\"; tote --help lists them");
    try {
      app_.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      return app_.exit(error) == 0 ? exit_ok : exit_usage;
    }
    const int code = chosen_();
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) throw Failure("standard output can't be written");
    return code;
  }

 private:
  bool knows(const std::string& command) {
    return !app_.get_subcommands([&](const CLI::App* each) { return each->get_name() == command; }).empty();
  }

  CLI::App* add(const std::string& name, const std::string& meaning, std::function<int()> what) {
    auto* command = app_.add_subcommand(name, meaning);
    command->callback([this, what = std::move(what)] { chosen_ = what; });
    command->footer("");  // not that of the whole program
    return command;
  }

  Effective resolved() const {
    Effective effective = resolve(inputs_);
    for (const auto& warning : effective.warnings) std::fprintf(stderr, "tote: warning: %s\n", warning.c_str());
    return effective;
  }

  // Flags are kept as text and understood by settings.cc, as variables are: one set of rules for both.
  void add_setting(CLI::App& command, const Setting& setting) {
    const auto flag = flag_of(setting);
    const auto keep = [this, flag](const std::string& text) { inputs_.flags[flag] = text; };
    const auto meaning = std::string(setting.meaning) + " (" + value_of(setting, Settings{}) + ")";
    if (std::holds_alternative<bool Settings::*>(setting.member)) {
      command.add_flag_function(
          flag, [keep](std::int64_t count) { keep(count > 0 ? "true" : "false"); }, meaning);
      return;
    }
    auto* option = command.add_option_function<std::string>(flag, keep, meaning);
    option->type_name(std::string(setting.takes));
    if (setting.table == "cluster" || setting.table == "backup") option->group("");  // a screen has no room for them
  }

  void add_config_flag(CLI::App& command) {
    command
        .add_option_function<std::string>(
            "--config", [this](const std::string& path) { inputs_.config = path; },
            "settings; else ./tote.toml if it is there")
        ->type_name("FILE");
  }

  void add_settings(CLI::App& command) {
    add_config_flag(command);
    for (const auto& setting : setting_table()) add_setting(command, setting);
  }

  void add_data(CLI::App& command) {
    add_config_flag(command);
    for (const auto& setting : setting_table())
      if (setting.key == "data" || setting.member == Setting::Member(&Settings::archive_directory))
        add_setting(command, setting);
  }

  void add_serve() {
    auto* command = add("serve", "Serve HTTP over a log on disk",
                        [this] { return serve(resolved(), kinds_, [this] { return resolve(inputs_); }); });
    add_settings(*command);
    command->footer(
        "Prints READY when it answers. SIGTERM drains it; a second one ends it at once.\n"
        "Variables: TOTE_DATA and so on. [cluster], [[tenant]] of tote.toml: man tote.");
  }

  void add_demo() {
    auto* command = add("demo", "Serve a throw-away log, print curl lines", [this] { return demo(demo_, kinds_); });
    command->add_option("--postgres", demo_.postgres, "of a database to project into")->type_name("URI");
    command->add_flag("--tour", demo_.is_tour, "run the lines, kill the server midway")->excludes("--postgres");
    command->footer(
        "The log lies in a temporary directory that is removed at the end (Ctrl-C).\n"
        "The port is 8080, or the next free one. Of the database only the schema\n"
        "tote_demo is touched: it is dropped and made anew at every start.");
  }

  void add_log() {
    auto* command = add("log", "Print the log, one record a line", [this] {
      const Settings settings = resolved().settings;
      log_.directory = settings.data;
      log_.archive = settings.archive_directory;
      return print_log(log_, kinds_);
    });
    add_data(*command);
    command->add_option("--from", log_.from, "the first to print, or a time in UTC")
        ->type_name("LSN|TIME")
        ->check([](const std::string& text) {
          return text.starts_with('-') ? std::string("an LSN isn't negative") : std::string();
        });
    command->add_option("--entity", log_.entity, "only records about it, e.g. wallet/alice")->type_name("KIND/ID");
    command->add_flag("--json", log_.json, "NDJSON");
    command->footer(
        "A server may be running: this prints what was on disk when it was started.\n"
        "A line: LSN, time, tenant, entity, version, what happened, code, key.");
  }

  void add_token() {
    auto* command = add("token", "Draw an API token", [this] { return make_token(token_); });
    command->add_option("--role", token_.role, "reader, writer, operator or issuer (issuer)")->type_name("ROLE");
    command->add_option("--name", token_.name, "of who will have it, as histories tell it")->type_name("NAME");
    command->footer(
        "Prints the token, its SHA-256, and the line for tote.toml. A role includes\n"
        "those before it: readers ask; writers move money between wallets, book and\n"
        "order; operators retry, skip, resume, freeze, refund; issuers make money.");
  }

  void add_verify() {
    auto* command =
        add("verify", "Check a log: chain, checksums, invariants", [this] { return verify(verify_, kinds_); });
    command->add_option("DIR", verify_.directory, "directory of the log")->required()->type_name("");
    command->add_option("--archive-directory", verify_.archive, "of what left the log (DIR/archive)")->type_name("DIR");
    command->footer(
        "Every record is applied again: versions have no gaps, answers are what the state\n"
        "says, and the money that went in, less what went out, is what is there.\n"
        "Exit codes: 0 sound, 1 damaged (naming the LSN), 2 no log there.");
  }

  void add_replay() {
    auto* command = add("replay", "Print the state as of a record", [this] { return replay(replay_, kinds_); });
    command->add_option("DIR", replay_.directory, "directory of the log")->required()->type_name("");
    command->add_option("--archive-directory", replay_.archive, "of what left the log (DIR/archive)")->type_name("DIR");
    command->add_option("--until", replay_.until, "the last record to apply (the newest)")->type_name("LSN");
    command->add_flag("--json", replay_.json, "NDJSON");
    command->footer("One line an entity, by tenant, kind and id. A server may be running.");
  }

  void add_explain() {
    auto* command = add("explain", "Print how an entity came to be", [this] {
      const Settings settings = resolved().settings;
      explain_.directory = settings.data;
      explain_.archive = settings.archive_directory;
      return explain(explain_, kinds_);
    });
    add_data(*command);
    command->add_option("ENTITY", explain_.entity, "such as wallet/alice")->required()->type_name("");
    command->add_option("--at", explain_.at, "up to this record (the newest)")->type_name("LSN");
    command->add_option("--tenant", explain_.tenant, "whose entity it is (default)")->type_name("ID");
    command->footer(
        "Version by version: what happened, the state after it, the request that caused\n"
        "it, and what else the same record changed. A server may be running.");
  }

  void add_projection() {
    auto* projection = app_.add_subcommand("projection", "Look after the tables in PostgreSQL");
    projection->require_subcommand(1);
    projection->footer("");
    const auto add_one = [this, projection](const char* name, const char* meaning,
                                            int (*what)(const ProjectionArguments&, const Kinds&), const char* footer) {
      auto* command = projection->add_subcommand(name, meaning);
      command->callback([this, what] {
        chosen_ = [this, what] {
          const Settings settings = resolved().settings;
          return what({settings.data, settings.postgres}, kinds_);
        };
      });
      add_config_flag(*command);
      for (const auto& setting : setting_table())
        if (setting.key == "data" || setting.key == "postgres") add_setting(*command, setting);
      command->footer(footer);
    };
    add_one("verify", "Compare every row with the log", verify_projection,
            "As of the projection's cursor; a server may be running. Exit codes: 0 all alike,\n1 differences, each on "
            "a line.");
    add_one("rebuild", "Fill the tables anew and swap", rebuild_projection,
            "Beside the live ones, which are replaced in one transaction at the end. A server\nmay be running: it goes "
            "on from there.");
  }

  void add_backup() {
    auto* command = add("backup", "Copy a log, also while it is served", [this] { return backup(backup_); });
    command->add_option("DIR", backup_.directory, "directory of the log")->required()->type_name("");
    command->add_option("--to", backup_.to, "directory of backups")->required()->type_name("DIR");
    command->add_option("--archive-directory", backup_.archive, "of what left the log (DIR/archive)")->type_name("DIR");
    command->footer(
        "Each backup is a directory of its own there, whole, as of one record; what is in\n"
        "the one before is linked from it. A server that has the log makes the backup\n"
        "itself, 64 MiB a second.");
  }

  void add_restore() {
    auto* command = add("restore", "Make a log of a backup", [this] { return restore(restore_); });
    command->add_option("FROM", restore_.from, "a backup, or a directory of them")->required()->type_name("");
    command->add_option("--to", restore_.to, "directory of the log; new")->required()->type_name("DIR");
    command->add_option("--until", restore_.until, "the last record, or a time in UTC")->type_name("LSN|TIME");
    command->footer(
        "Every byte is proved first. The log is another history from then on, with an id\n"
        "of its own: followers of the old one see it, and stand still.");
  }

  void add_follower() {
    auto* follower = app_.add_subcommand("follower", "Look after cursors of destinations");
    follower->require_subcommand(1);
    follower->footer("");
    const auto add_one = [this, follower](const char* name, const char* meaning,
                                          int (*what)(const FollowerArguments&)) {
      auto* command = follower->add_subcommand(name, meaning);
      command->callback([this, what] {
        chosen_ = [this, what] {
          const Settings settings = resolved().settings;
          follower_.directory = settings.data;
          follower_.archive = settings.archive_directory;
          return what(follower_);
        };
      });
      add_data(*command);
      command->footer("");
      return command;
    };
    add_one("list", "Print how far each is", list_followers);
    auto* reset = add_one("reset", "Let one go on after a record", reset_follower);
    reset->add_option("NAME", follower_.name, "as list prints it")->required()->type_name("");
    reset->add_option("--at", follower_.at, "the last record it has, or end")->required()->type_name("LSN");
  }

  void add_import() {
    auto* command = add("import", "Take wallets over from another system", [this] { return import_wallets(import_); });
    command->add_option(wallets_flag, import_.wallets, "CSV: id,currency,balance[,overdraft_limit]")
        ->required()
        ->type_name("FILE");
    command->add_option("--url", import_.url, "of the server (http://127.0.0.1:8080)")->type_name("URL");
    command->add_option("--token-file", import_.token_file, "that holds the token (else TOTE_TOKEN)")
        ->type_name("FILE");
    command->add_option("--batch", import_.batch, "wallets in one request (1000)")->type_name("N");
    command->footer(
        "The whole file is checked before anything is sent. Balances are in minor units.\n"
        "Run it again whenever it was interrupted: a wallet is filled once, and one that\n"
        "was used meanwhile is left as it is, and named. Exit codes: 0 all is as in the\n"
        "file, 1 something isn't, 2 the file is wrong.");
  }

  // Servers are asked over HTTP, so they may be anywhere.
  void add_watching() {
    const auto add_one = [this](const char* name, const char* meaning, int (*what)(const WatchArguments&)) {
      auto* command = add(name, meaning, [this, what] { return what(watch_); });
      command->add_option("--url", watch_.url, "of the server (http://127.0.0.1:8080)")->type_name("URL");
      command->add_option("--token-file", watch_.token_file, "that holds the token (else TOTE_TOKEN)")
          ->type_name("FILE");
      command->add_option("--tenant", watch_.tenant, "for an operator of all tenants")->type_name("ID");
      command->add_option("--limit", watch_.limit, "entities (20)")->check(CLI::Range(1, 100))->type_name("N");
      return command;
    };
    add_one("hot", "Print which entities are hot", print_hot)
        ->footer(
            "Of the last ten seconds: requests a second, how many waited at a time, how long\n"
            "99 of 100 took, how many were refused and why.");
    auto* top = add_one("top", "Show figures and hot entities, live", print_top);
    top->add_flag("--once", watch_.once, "print them once, as into a pipe");
    top->footer("q or Ctrl-C ends it.");
    add_one("alerts", "Print what needs a person, and what to do", print_alerts)
        ->footer("Newest first: what lasts until it is over, what has happened for a day.");
  }

  void add_cluster() {
    auto* cluster = app_.add_subcommand("cluster", "Look after the nodes of a cluster");
    cluster->require_subcommand(1);
    cluster->footer("Any node may be asked.");
    const auto add_one = [this, cluster](const char* name, const char* meaning, int (*what)(const ClusterArguments&),
                                         bool has_node) {
      auto* command = cluster->add_subcommand(name, meaning);
      command->callback([this, what] { chosen_ = [this, what] { return what(cluster_); }; });
      if (has_node) command->add_option("NODE", cluster_.node, "its name")->required()->type_name("");
      command->add_option("--url", cluster_.url, "of a node (http://127.0.0.1:8080)")->type_name("URL");
      command->add_option("--token-file", cluster_.token_file, "that holds the token (else TOTE_TOKEN)")
          ->type_name("FILE");
      command->footer("");
    };
    add_one("status", "Print who owns the log, how far others are", print_cluster, false);
    add_one("transfer", "Hand the log over to a node that is in sync", transfer_log, true);
    add_one("add", "Let a node be one again that was removed", add_node, true);
    add_one("remove", "Take a node out: it stops, and stays out", remove_node, true);
  }

  void add_config() {
    auto* config = app_.add_subcommand("config", "Look at the settings");
    config->require_subcommand(1);
    config->footer("");
    auto* check = config->add_subcommand("check", "Print the settings in force and their sources");
    check->callback([this] { chosen_ = [this] { return check_config(resolved()); }; });
    add_settings(*check);
    check->footer("Token hashes are counted, not printed. Exit codes: 0 fine, 2 what is wrong.");
  }

  void add_sign() {
    auto* sign = app_.add_subcommand("sign", "Sign a callback as a provider would, for tests");
    sign->require_subcommand(1);
    sign->footer("");
    auto* jwt = sign->add_subcommand("jwt", "Print a betting callback's signed token");
    jwt->callback([this] { chosen_ = [this] { return sign_jwt(sign_jwt_); }; });
    jwt->add_option("PAYLOAD", sign_jwt_.payload, "JSON file; -: standard input")->required()->type_name("");
    jwt->add_option("--key", sign_jwt_.key, "private key in PEM form")->required()->type_name("FILE");
    jwt->add_option("--alg", sign_jwt_.algorithm, "(what the key is for)")->type_name("NAME");
    jwt->add_option("--kid", sign_jwt_.key_id, "the key's id")->type_name("TEXT");
    jwt->add_option("--iss", sign_jwt_.issuer, "issuer")->type_name("TEXT");
    jwt->add_option("--aud", sign_jwt_.audience, "audience")->type_name("TEXT");
    jwt->add_option("--expires-in", sign_jwt_.expires_in_s, "from now (300)")->type_name("S");
    jwt->add_flag("--body", sign_jwt_.as_body, "print the body {\"payload\":\"…\"}");
    jwt->footer("A file with a member `payload` is all claims, any other the payload.");
    auto* stripe = sign->add_subcommand("stripe", "Print the Stripe-Signature of a body");
    stripe->callback([this] { chosen_ = [this] { return sign_stripe(sign_); }; });
    stripe->add_option("BODY", sign_.body, "file of the event; -: standard input")->required()->type_name("");
    stripe->add_option("--secret-file,--key", sign_.secret_file, "that holds the whsec_…")->type_name("FILE");
    stripe->add_option("--secret", sign_.secret, "the whsec_… itself")->type_name("TEXT");
    stripe->add_option("--time", sign_.time_s, "of the signature (now)")->type_name("UNIX_S");
    stripe->footer("curl --data-binary @event.json -H \"Stripe-Signature: $(tote sign stripe …)\"");
  }

  // Every word after it is its own to understand, --help too.
  void add_more(const MoreCommand& more) {
    auto* command = app_.add_subcommand(more.name, more.meaning);
    command->callback(
        [this, command, run = more.run] { chosen_ = [command, run] { return run(command->remaining()); }; });
    command->footer("");
    command->set_help_flag();
    command->prefix_command();
  }

  void add_version() {
    add("version", "Print version, build and formats", [] { return print_version(); });
  }

  CLI::App app_{"Tote: an in-memory, actor-model transaction engine with a write-ahead log", "tote"};
  Inputs inputs_;
  DemoArguments demo_;
  LogArguments log_;
  TokenArguments token_;
  VerifyArguments verify_;
  ReplayArguments replay_;
  ExplainArguments explain_;
  SignArguments sign_;
  SignJwtArguments sign_jwt_;
  BackupArguments backup_;
  RestoreArguments restore_;
  FollowerArguments follower_;
  ImportArguments import_;
  WatchArguments watch_;
  ClusterArguments cluster_;
  const Kinds kinds_;
  std::function<int()> chosen_;
};

}  // namespace

int run(int argc, char** argv, char** environment, const Kinds& more_kinds, const std::vector<MoreCommand>& more) {
  Environment variables;
  for (char** entry = environment; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const auto equals = text.find('=');
    if (equals != std::string::npos) variables.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  try {
    return CommandLine(std::move(variables), kinds_with(more_kinds), more).run(argc, argv);
  } catch (const UsageError& error) {
    std::fprintf(stderr, "tote: %s\n", error.what());
    return exit_usage;
  } catch (const UnknownKind& error) {
    std::fprintf(stderr, "tote: %s\n", error.what());
    return exit_unknown;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "tote: %s\n", error.what());
    return exit_failure;
  }
}

}  // namespace tote::cli
