// What providers say, as rows of a real PostgreSQL: bets with their operations, what they named, payment events.
#include <doctest/doctest.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <signal.h>

#include <memory>

#include "tests/http/client.h"
#include "tests/postgres/cluster.h"

using namespace tests;
using tests::http::Client;
using tote::cli::test::contains;
using tote::cli::test::run_tote;
using tote::cli::test::Server;
using tote::cli::test::TempDirectory;

namespace {

struct ProvidersFixture {
  Cluster cluster;
  TempDirectory directory;
  const std::string data = directory.file("data"), secret = "whsec_of_the_provider";
  std::unique_ptr<Server> server;

  ProvidersFixture() {
    EVP_PKEY* key = EVP_EC_gen("P-256");
    for (const bool is_public : {true, false}) {
      BIO* file = BIO_new_file(directory.file(is_public ? "acme.pem" : "acme.key").c_str(), "w");
      is_public ? PEM_write_bio_PUBKEY(file, key)
                : PEM_write_bio_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr);
      BIO_free(file);
    }
    EVP_PKEY_free(key);
    directory.write("whsec", secret + "\n");
    directory.write("tote.toml",
                    "[[sportsbook]]\nname = \"acme\"\npath = \"/callbacks/acme\"\nkeys = [\"acme.pem\"]\n"
                    "[[card_webhook]]\nname = \"stripe\"\npath = \"/webhooks/stripe\"\nsecret_files = [\"whsec\"]\n");
    start();
    must("PUT", "/v1/wallets/ann", R"({"currency":"EUR"})");
    must("POST", "/v1/wallets/ann/credits", R"({"amount":1000})");
  }

  void start() {
    server = std::make_unique<Server>(
        data, tote::cli::test::Child::Arguments{"--gateway", "test", "--postgres", cluster.uri(), "--config",
                                                directory.file("tote.toml")});
    REQUIRE_MESSAGE(server->ready(), server->child().err());
  }
  void restart() {
    server->child().signal(SIGKILL);
    CHECK(server->child().wait() == 128 + SIGKILL);
    start();
  }
  Client client() const { return Client(static_cast<std::uint16_t>(server->port())); }
  void must(const std::string& method, const std::string& path, const std::string& body) const {
    const auto response = client().ask(method, path, body);
    REQUIRE_MESSAGE(response.status < 300, response.body);
  }
  void call(const std::string& action, const std::string& payload, unsigned status = 200) const {
    directory.write("payload.json", payload);
    const auto body =
        run_tote({"sign", "jwt", "--key", directory.file("acme.key"), "--body", directory.file("payload.json")});
    const auto response = client().ask("POST", "/callbacks/acme/bet/" + action, body.out);
    CHECK_MESSAGE(response.status == status, action << ": " << response.body);
  }
  void paid(const std::string& player) const {
    const std::string event =
        R"({"id":"evt_)" + player + R"(","type":"checkout.session.completed","data":{"object":{"id":"cs_)" + player +
        R"(","payment_status":"paid","payment_intent":"pi_)" + player +
        R"(","amount_total":500,"currency":"eur","metadata":{"match_id":"thu","player_id":")" + player + R"("}}}})";
    directory.write("event.json", event);
    const auto header =
        run_tote({"sign", "stripe", "--secret-file", directory.file("whsec"), directory.file("event.json")});
    const auto response = client().ask("POST", "/webhooks/stripe", event,
                                       {{"Stripe-Signature", header.out.substr(0, header.out.find('\n'))}});
    CHECK_MESSAGE(response.status == 200, response.body);
  }
  // Until the tables have everything, and no event waits to be acted upon.
  void wait() const {
    std::string lsn;
    for (;;) {
      auto response = client().get("/v1/payment-events?status=received");
      REQUIRE(response.status == 200);
      if (contains(response.body, R"("payment_events":[])")) break;
    }
    const std::string page = client().get("/metrics").body, name = "\ntote_log_durable_lsn ";
    const auto at = page.find(name);
    REQUIRE(at != std::string::npos);
    lsn = page.substr(at + name.size(), page.find('\n', at + 1) - at - name.size());
    const auto response = client().get("/v1/projection", {{"Tote-Min-Lsn", lsn}, {"Tote-Deadline-Ms", "60000"}});
    REQUIRE_MESSAGE(response.status == 200, response.body);
  }
  void check_no_difference() const {
    const auto verified = run_tote({"projection", "verify", "--data", data, "--postgres", cluster.uri()});
    CHECK_MESSAGE(verified.code == 0, verified.out << verified.err);
    CHECK(contains(verified.out, " 0 differences"));
  }
  std::string bet(const std::string& id, const std::string& columns) const {
    return cluster.ask("SELECT concat_ws(' ', " + columns + ") FROM tote.bets WHERE id = 'acme:" + id + "'");
  }
};

std::string make(const std::string& id) {
  return R"({"amount":300,"currency":"EUR","player_id":"ann","transaction":{"id":")" + id +
         R"("},"betslip":{"id":"slip","bets":[{"event_id":"e1","sport_id":"s1","sport_name":"Soccer","tournament_id":"t1",)"
         R"("competitor_name":["Home","Away"],"odds":"1.85"}]}})";
}
std::string operation(const std::string& bet, const std::string& id, const std::string& more) {
  return R"({"bet_transaction_id":")" + bet + R"(",)" + more + R"("transaction":{"id":")" + id + R"("}})";
}

}  // namespace

TEST_CASE_FIXTURE(
    ProvidersFixture,
    "projection: bets, their operations and what they named are rows, also after a rollback and kill -9") {
  call("make", make("1"));
  call("commit", R"({"bet_transaction_id":"1"})");
  call("win", operation("1", "2", R"("amount":500,"currency":"EUR",)"));
  wait();
  CHECK(bet("1", "player, wallet, status, stake, payout, currency") == "ann ann won 300 500 EUR");
  CHECK(cluster.ask("SELECT string_agg(operation || ' ' || amount || ' ' || rolled_back || ' ' || balance, ', ' "
                    "ORDER BY id) FROM tote.bet_operations WHERE bet = 'acme:1'") == "bet 300 no 700, win 500 no 1200");
  restart();
  call("rollback", operation("1", "3", R"("parent_transaction_id":"acme:1:2",)"));
  call("make", make("9"));
  call("discard", R"({"transaction_id":"9"})");
  call("discard", R"({"transaction_id":"never"})");
  call("make", R"({"amount":90000,"currency":"EUR","player_id":"ann","transaction":{"id":"much"}})", 400);
  wait();
  CHECK(bet("1", "status, payout") == "committed 0");
  CHECK(cluster.ask("SELECT rolled_back FROM tote.bet_operations WHERE id = 'acme:1:2'") == "yes");
  CHECK(cluster.ask("SELECT parent || ' ' || balance FROM tote.bet_operations WHERE id = 'acme:1:3'") ==
        "acme:1:2 700");
  CHECK(bet("9", "status") == "discarded");
  CHECK(bet("never", "status, stake") == "tombstoned 0");
  CHECK(bet("much", "status").empty());
  CHECK(cluster.ask("SELECT selections->0->>'odds' FROM tote.bets WHERE id = 'acme:1'") == "1.85");
  CHECK(cluster.ask("SELECT string_agg(type || ' ' || name, ', ' ORDER BY type, name) FROM tote.references "
                    "WHERE type IN ('sport', 'competitor')") == "competitor Away, competitor Home, sport Soccer");
  CHECK(cluster.ask("SELECT sum(stake - payout) FROM tote.bets WHERE status <> 'discarded'") == "300");
  CHECK(cluster.ask("SELECT 1000 - balance FROM tote.wallets WHERE id = 'ann'") == "300");
  check_no_difference();
}

TEST_CASE_FIXTURE(ProvidersFixture, "projection: payment events are rows with what became of them") {
  must("PUT", "/v1/matches/thu", R"({"seats":1,"price":{"amount":500,"currency":"EUR"}})");
  must("PUT", "/test-gateway/balance", R"({"amount":500})");
  paid("bob");
  paid("cid");
  paid("cid");
  wait();
  CHECK(cluster.ask("SELECT string_agg(concat_ws(' ', id, status, outcome, reason, payment, amount, currency), ', ' "
                    "ORDER BY id) FROM tote.payment_events") ==
        "evt_bob processed booked pi_bob 500 EUR, evt_cid processed refunded match_full pi_cid 500 EUR");
  restart();
  wait();
  CHECK(cluster.ask("SELECT player FROM tote.bookings WHERE status = 'in'") == "bob");
  check_no_difference();
}
