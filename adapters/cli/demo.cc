// `tote demo`: a server that is gone afterwards, and lines to paste that show what it does.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string_view>

#include "actors/wallet/wallet.h"
#include "adapters/cli/commands.h"
#include "adapters/cli/errors.h"
#include "adapters/cli/opening.h"
#include "adapters/cli/service.h"

namespace tote::cli {
namespace {

constexpr int port_first = 8080, port_last = 8180;

// Each comment begins with the status to expect; tests/cli pastes every line and compares.
struct Line {
  std::string_view expect;
  std::string_view path;
  std::string_view more;  // the rest of the curl line
};
constexpr Line lines[] = {
    {"200: alice has 1000 (10.00 EUR: amounts are in minor units).", "wallets/alice", ""},
    {"200: she pays 300 for order 17.", "wallets/alice/debits",
     R"( -H 'Idempotency-Key: order-17' -d '{"amount":300}')"},
    {"200: the same again, as after a lost answer: the same bytes, Idempotent-Replayed: true, no money moved.",
     "wallets/alice/debits", R"( -H 'Idempotency-Key: order-17' -d '{"amount":300}')"},
    {"422: the same key for something else is a mistake of the client's.", "wallets/alice/debits",
     R"( -H 'Idempotency-Key: order-17' -d '{"amount":400}')"},
    {"412: only if nothing changed since version 1; but it did.", "wallets/alice/debits",
     R"( -H 'If-Match: "v1"' -d '{"amount":1}')"},
    {"402: more than she has.", "wallets/alice/debits", R"( -H 'Idempotency-Key: order-18' -d '{"amount":5000}')"},
    {"201: a hold: 500 of her 700 are set aside, 200 are available.", "wallets/alice/holds",
     R"( -H 'Idempotency-Key: hold-1' -d '{"hold":"h1","amount":500,"expires_in_s":900}')"},
    {"402: what is held can't be spent twice.", "wallets/alice/debits",
     R"( -H 'Idempotency-Key: order-19' -d '{"amount":300}')"},
    {"200: 450 of the hold are captured, the rest is released: 250 are left.", "wallets/alice/holds/h1/capture",
     R"( -H 'Idempotency-Key: capture-1' -d '{"amount":450}')"},
    {"200: what was answered to order 18, for a client that lost it.", "outcomes/order-18", ""},
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

void must(Engine& engine, const std::string& wallet, Wallet::Command command) {
  Request request;
  request.kind = Wallet::kind_id;
  request.entity = wallet;
  request.command = Command(std::move(command));
  const auto outcome = engine.call(std::move(request));
  if (!is_success(outcome.code))
    throw Failure("the demo's wallets can't be made: " + std::string(name_of(outcome.code)));
}

// Through an engine of its own, so that the server then recovers them like any log.
void seed(const Settings& settings) {
  const auto engine = open_engine(settings, {});
  struct Seed {
    const char* wallet;
    const char* currency;
    std::int64_t amount;
  };
  for (const auto& [wallet, currency, amount] :
       {Seed{"alice", "EUR", 1000}, {"bob", "EUR", 250}, {"carol", "JPY", 5000}}) {
    must(*engine, wallet, Wallet::Open{*currency_of(currency)});
    must(*engine, wallet, Wallet::Credit{{amount}, "seed"});
  }
  engine->close();
}

void listen(Service& service) {
  std::string problem;
  for (int port = port_first; port <= port_last; ++port) {
    problem = service.listen("127.0.0.1:" + std::to_string(port));
    if (problem.empty()) return;
  }
  throw Failure(problem);
}

void print(const std::string& url) {
  std::printf("# tote %s at %s: paste these lines into another terminal, in order.\n\n", version_text().c_str(),
              url.c_str());
  for (const auto& line : lines) {
    std::printf("# %s\n", std::string(line.expect).c_str());
    std::printf("curl -siw '\\n' %s/v1/%s%s\n\n", url.c_str(), std::string(line.path).c_str(),
                std::string(line.more).c_str());
  }
  std::puts("# Ctrl-C ends the demo and removes its log.\nREADY");
  std::fflush(stdout);
}

}  // namespace

int demo() {
  const TemporaryDirectory directory;
  Settings settings;
  settings.data = directory.path();
  settings.log_level = "warn";
  seed(settings);
  Service service(settings);
  listen(service);
  service.run([&](const Engine&) { print(service.url()); });
  return exit_ok;
}

}  // namespace tote::cli
