// `tote demo`: a server that is gone afterwards, and lines to paste that show what it does.
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string_view>

#include "actors/item/item.h"
#include "actors/match/booking.h"
#include "actors/wallet/wallet.h"
#include "adapters/cli/commands.h"
#include "adapters/cli/demo_lines.h"
#include "adapters/cli/demo_providers.h"
#include "adapters/cli/errors.h"
#include "adapters/cli/opening.h"
#include "adapters/cli/service.h"
#include "adapters/cli/tour.h"
#include "adapters/postgres/connection.h"

namespace tote::cli {
namespace {

constexpr int port_first = 8080, port_last = 8180;

// Of the database, when there is one: never that of a server that means it.
constexpr const char* schema = "tote_demo";

struct Question {
  std::string_view expect;
  std::string_view sql;
};
constexpr Question questions[] = {
    {"alice: 150, as of version 6, written by the record lsn.",
     "SELECT balance, version, lsn FROM tote_demo.wallets WHERE id = 'alice'"},
    {"her ledger, a row for each movement of money: 1000, -300, -450, -100.",
     "SELECT version, event, amount, balance, reference, key FROM tote_demo.ledger_entries "
     "WHERE wallet = 'alice' ORDER BY version, entry"},
    {"revenue by day and match: 8000 from wallets, what was paid back already taken off.",
     "SELECT l.time::date AS day, m.id AS match, count(*) AS movements, -sum(l.amount) AS revenue, m.currency "
     "FROM tote_demo.ledger_entries l "
     "JOIN tote_demo.matches m ON (m.tenant, m.id) = (l.tenant, l.reference) "
     "GROUP BY day, match, m.currency ORDER BY day, match"},
};

class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "tote-demo-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw Failure("no temporary directory can be made: " + name);
    path_ = name;
  }
  ~TemporaryDirectory() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

template <class E>
void must(Engine& engine, const std::string& id, typename E::Command command) {
  const auto outcome = engine.call(request<E>(id, std::move(command)));
  if (!is_success(outcome.code)) throw Failure("the demo can't be set up: " + std::string(name_of(outcome.code)));
}

void fill(Engine& engine, const std::string& wallet, const char* currency, std::int64_t amount) {
  must<Wallet>(engine, wallet, Wallet::Open{*currency_of(currency)});
  must<Wallet>(engine, wallet, Wallet::Credit{{amount}, "seed"});
}

// 17 seats at 5.00, 16 of them taken.
void sell_all_but_one(Engine& engine) {
  constexpr int seats = 17;
  constexpr std::int64_t price = 500;
  Match::Open open;
  open.seats = seats;
  open.price = {price};
  open.currency = *currency_of("EUR");
  must<Match>(engine, "thu", open);
  for (int i = 1; i < seats; ++i) {
    const std::string player = "early" + std::to_string(i);
    fill(engine, player, "EUR", price);
    Request booking{.kind = Match::kind_id, .entity = "thu"};
    booking.command = book_command({"thu", player, Match::Method::wallet, player});
    if (const auto outcome = engine.call(std::move(booking)); outcome.code != Code::created)
      throw Failure("the demo's match can't be filled: " + std::string(name_of(outcome.code)));
  }
}

// Through an engine of its own, so that the server then recovers them like any log.
void seed(const Settings& settings, const Kinds& kinds) {
  const auto engine = open_engine(settings, kinds, {});
  fill(*engine, "alice", "EUR", 1000);
  fill(*engine, "bob", "EUR", 250);
  fill(*engine, "carol", "JPY", 5000);
  fill(*engine, "dave", "EUR", 5000);
  for (int i = 1; i <= 8; ++i) fill(*engine, "p" + std::to_string(i), "EUR", 500);
  must<Item>(*engine, "ball", Item::Open{10});
  must<Item>(*engine, "cap", Item::Open{0});
  sell_all_but_one(*engine);
  Match::Open friday;
  friday.seats = 1;
  friday.price = {DemoProviders::seat_price};
  friday.currency = *currency_of("EUR");
  must<Match>(*engine, "fri", friday);
  engine->close();
}

// `address` empty: the first port that is free.
void listen(Service& service, const std::string& address = {}) {
  std::string problem = address.empty() ? std::string() : service.listen(address);
  for (int port = port_first; address.empty() && port <= port_last; ++port) {
    problem = service.listen("127.0.0.1:" + std::to_string(port));
    if (problem.empty()) return;
  }
  if (!problem.empty()) throw Failure(problem);
}

// The log is new each time, and a projection belongs to one log.
void prepare_database(const std::string& uri) {
  if (const auto problem = postgres::uri_problem(uri); !problem.empty()) throw UsageError("--postgres: " + problem);
  const std::atomic<bool> never{false};
  try {
    postgres::Connection(uri, never).script("DROP SCHEMA IF EXISTS " + std::string(schema) + " CASCADE");
  } catch (const postgres::Error& error) {
    throw Failure(std::string("PostgreSQL: ") + error.what());
  }
}

std::string shell_word(std::string_view text) {
  std::string out = "'";
  for (const char c : text) c == '\'' ? out += "'\\''" : out += c;
  return out += '\'';
}

// What psql is told to connect to. A password is never printed.
std::string database_of(const std::string& uri) {
  return postgres::has_password(uri) ? R"("$TOTE_POSTGRES")" : shell_word(uri);
}

void print_questions(const std::string& url, const std::string& uri) {
  std::puts("# 200: when the tables have it, too: Tote-Min-Lsn waits for the Tote-Lsn of an answer, here the order's.");
  std::printf("curl -siw '\\n' %s/v1/projection", url.c_str());
  std::printf(" -H \"Tote-Min-Lsn: $(curl -so /dev/null -w '%%header{tote-lsn}' %s/v1/orders/o1)\"\n\n", url.c_str());
  const std::string database = database_of(uri);
  for (const auto& [expect, sql] : questions)
    std::printf("# %s\npsql %s -c \"%s\"\n\n", std::string(expect).c_str(), database.c_str(), std::string(sql).c_str());
}

void print(const std::string& url, const std::string& uri, const std::string& files) {
  std::printf("# The console: %s/console\n", url.c_str());
  std::printf("# tote %s at %s: paste these lines into another terminal, in order.\n", version_text().c_str(),
              url.c_str());
  if (!uri.empty())
    std::printf("# The tables are in the database's schema %s, made anew at every start of the demo.\n", schema);
  if (postgres::has_password(uri))
    std::puts("# psql needs the URI, whose password isn't printed: export TOTE_POSTGRES='postgresql://…' there first.");
  std::puts("");
  for (const auto& line : demo_lines())
    std::printf("# %s\n%s\n\n", std::string(line.expect).c_str(), command_of(line, url, files).c_str());
  if (!uri.empty()) print_questions(url, uri);
  std::puts("# Ctrl-C ends the demo and removes its log.\nREADY");
  std::fflush(stdout);
}

}  // namespace

int demo(const DemoArguments& arguments, const Kinds& kinds) {
  if (!arguments.postgres.empty()) prepare_database(arguments.postgres);
  const TemporaryDirectory directory;
  Settings settings;
  settings.data = directory.path() + "/data";
  settings.gateway = "test";
  settings.log_level = "warn";
  settings.postgres = arguments.postgres;
  add_demo_providers(settings, directory.path());
  if (arguments.is_tour)
    return take_tour(directory.path(), [&](const std::string& address, const Told& told) {
      if (address.empty()) seed(settings, kinds);
      Service service(settings, kinds, schema);
      listen(service, address);
      service.run([&](const Engine&) { told(service.url()); });
    });
  seed(settings, kinds);
  Service service(settings, kinds, schema);
  listen(service);
  service.run([&](const Engine&) { print(service.url(), arguments.postgres, directory.path()); });
  return exit_ok;
}

}  // namespace tote::cli
