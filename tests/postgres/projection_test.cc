// The projection into a real PostgreSQL: it shows what the log says, exactly once, whoever is killed when.
#include <doctest/doctest.h>
#include <signal.h>

#include <atomic>
#include <boost/json.hpp>
#include <chrono>
#include <thread>

#include "tests/http/client.h"
#include "tests/postgres/cluster.h"
#include "tests/support/shop.h"
#include "tests/support/workload.h"

using namespace tests;
using tests::http::Client;
using tote::cli::test::contains;
using tote::cli::test::run_tote;
using tote::cli::test::Server;
using tote::cli::test::TempDirectory;
namespace json = boost::json;

namespace {

struct ProjectionFixture {
  Cluster cluster;
  TempDirectory directory;
  const std::string data = directory.file("data");
  std::unique_ptr<Server> server;

  void start() {
    server = std::make_unique<Server>(
        data, tote::cli::test::Child::Arguments{"--gateway", "test", "--postgres", cluster.uri(), "--postgres-outbox"});
    REQUIRE_MESSAGE(server->ready(), server->child().err());
  }
  std::uint16_t port() const { return static_cast<std::uint16_t>(server->port()); }
  void must(const std::string& method, const std::string& path, const std::string& body) const {
    const auto response = Client(port()).ask(method, path, body);
    REQUIRE_MESSAGE(response.status < 300, response.body);
  }
  // Until everything that is durable now is in the tables.
  void wait() const {
    Client client(port());
    const std::string page = client.get("/metrics").body;
    const std::string name = "\ntote_log_durable_lsn ";
    const auto at = page.find(name);
    REQUIRE(at != std::string::npos);
    const auto lsn = page.substr(at + name.size(), page.find('\n', at + 1) - at - name.size());
    // However slow the machine: each time it waits for as long as a read may.
    auto response = client.get("/v1/projection", {{"Tote-Min-Lsn", lsn}, {"Tote-Deadline-Ms", "20000"}});
    for (int again = 0; again < 10 && response.status == 504; ++again)
      response = client.get("/v1/projection", {{"Tote-Min-Lsn", lsn}, {"Tote-Deadline-Ms", "20000"}});
    REQUIRE_MESSAGE(response.status == 200, response.status << " " << response.body);
  }
  tote::cli::test::Finished projection(const std::string& what) const {
    return run_tote({"projection", what, "--data", data, "--postgres", cluster.uri()});
  }
  void open_all() const { REQUIRE(open_shop(port())); }
  // Each movement of money is told once, in order, and nothing else.
  void check_outbox() const {
    CHECK(cluster.ask("SELECT count(*) FROM tote.outbox WHERE type IN ('wallet.credited', 'wallet.debited', "
                      "'hold.captured')") == cluster.ask("SELECT count(*) FROM tote.ledger_entries"));
    CHECK(cluster.ask("SELECT count(*) FROM tote.ledger_entries l WHERE (SELECT count(*) FROM tote.outbox o WHERE "
                      "o.lsn = l.lsn AND o.aggregateid = l.wallet AND o.aggregatetype = 'wallet' AND "
                      "(o.payload->'data'->>'amount')::bigint = abs(l.amount)) <> 1") == "0");
    CHECK(cluster.ask("SELECT (count(*) FILTER (WHERE status = 'confirmed') = (SELECT count(*) FROM tote.outbox "
                      "WHERE type = 'order.confirmed'))::text FROM tote.orders") == "true");
  }
};

}  // namespace

TEST_CASE_FIXTURE(ProjectionFixture,
                  "projection: what is written can be read in PostgreSQL, once the projection has come so far") {
  start();
  open_all();
  must("POST", "/v1/wallets/alice/debits", R"({"amount":300})");
  must("POST", "/v1/wallets/alice/holds", R"({"hold":"h1","amount":20,"expires_in_s":900})");
  must("POST", "/v1/matches/thu/bookings", R"({"player":"alice","pay":{"wallet":"alice"}})");
  must("POST", "/v1/orders",
       R"({"order":"o1","lines":[{"item":"ball","quantity":2}],"pay":{"wallet":"alice","amount":10}})");
  wait();
  CHECK(cluster.ask("SELECT balance || ' ' || held || ' ' || available FROM tote.wallets WHERE id = 'alice'") ==
        "99685 20 99665");
  CHECK(cluster.ask("SELECT status FROM tote.holds WHERE wallet = 'alice' AND id = 'h1'") == "open");
  CHECK(cluster.ask("SELECT on_hand FROM tote.items") == "99998");
  CHECK(cluster.ask("SELECT taken FROM tote.matches WHERE id = 'thu'") == "1");
  CHECK(cluster.ask("SELECT status || ' ' || paid_by FROM tote.bookings WHERE player = 'alice'") == "in wallet");
  CHECK(cluster.ask("SELECT status || ' ' || (lines->0->>'quantity') FROM tote.orders") == "confirmed 2");
  CHECK(cluster.ask("SELECT sum(amount) = (SELECT sum(balance) FROM tote.wallets) FROM tote.ledger_entries") == "t");
  const auto verified = projection("verify");
  CHECK_MESSAGE(verified.code == 0, verified.out << verified.err);
  CHECK(contains(verified.out, " 0 differences"));
  check_outbox();
  const auto event = json::parse(cluster.ask("SELECT payload::text FROM tote.outbox WHERE type = 'match.seat_taken'"));
  CHECK(event.at("specversion").as_string() == "1.0");
  CHECK(event.at("source").as_string() == "/tenants/default/match");
  CHECK(event.at("type").as_string() == "tote.match.seat_taken.v1");
  CHECK(event.at("subject").as_string() == "thu");
  CHECK(event.at("data").at("player").as_string() == "alice");
  CHECK(event.at("id").as_string() == cluster.ask("SELECT id::text FROM tote.outbox WHERE type = 'match.seat_taken'"));
}

TEST_CASE_FIXTURE(ProjectionFixture, "projection: tote and PostgreSQL are killed under load, and no row differs") {
  Random random(choose_seed());
  std::uint64_t number = 0;
  start();
  open_all();
  for (int round = 0; round < 8; ++round) {
    CAPTURE(round);
    std::atomic<bool> killed{false};
    std::thread load([&, seed = random()] {
      Random own(seed);
      Client client(port());
      while (!killed && client.ask("POST", "/v1/batch", shop_batch(own, number)).status != 0) continue;
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(20 + pick(random, 200)));  // the stimulus itself
    const bool kills_postgres = chance(random, 50);
    if (kills_postgres) cluster.kill();
    if (!kills_postgres || chance(random, 30)) {
      server->child().signal(SIGKILL);
      CHECK(server->child().wait() == 128 + SIGKILL);
      killed = true;
      load.join();
      start();  // with or without PostgreSQL
    } else {
      // The engine serves on without it.
      must("POST", "/v1/wallets/alice/credits", R"({"amount":1})");
    }
    if (kills_postgres) cluster.start();
    killed = true;
    if (load.joinable()) load.join();
  }
  wait();
  check_outbox();
  const auto verified = projection("verify");
  CHECK_MESSAGE(verified.code == 0, verified.out << verified.err);
  CHECK(std::stoull(cluster.ask("SELECT count(*) FROM tote.ledger_entries")) > 500);
}

TEST_CASE_FIXTURE(ProjectionFixture, "projection: without PostgreSQL the engine serves, later the tables catch up") {
  cluster.kill();
  start();
  open_all();
  Client client(port());
  CHECK(client.get("/readyz").status == 200);
  const auto view = json::parse(client.get("/v1/projection").body);
  CHECK_FALSE(view.at("connected").as_bool());
  CHECK_FALSE(view.at("problem").as_string().empty());
  CHECK(client.get("/v1/projection", {{"Tote-Min-Lsn", "5"}, {"Tote-Deadline-Ms", "50"}}).status == 504);
  cluster.start();
  wait();
  CHECK(cluster.ask("SELECT count(*) FROM tote.wallets") == "8");
}

TEST_CASE_FIXTURE(ProjectionFixture,
                  "projection: differences are found, and a rebuild mends them under a running server") {
  start();
  open_all();
  wait();
  cluster.script(
      "UPDATE tote.wallets SET balance = 1 WHERE id = 'alice'; DELETE FROM tote.items; DELETE FROM tote.ledger_entries "
      "WHERE wallet = 'w3'; INSERT INTO tote.bookings VALUES ('default', 'thu', 'eve', 'in', 'pass', 'x', 0, NULL, "
      "NULL, 1, 1)");
  const auto found = projection("verify");
  CHECK(found.code == 1);
  CHECK(contains(found.out, "wallets default/alice: balance is 1, but by the log 100000"));
  CHECK(contains(found.out, "items default/ball is in the log and not in the database"));
  CHECK(contains(found.out, "ledger_entries default/w3/2/0 is in the log and not in the database"));
  CHECK(contains(found.out, "bookings default/thu/eve is in the database and not in the log"));
  CHECK(contains(found.out, " 4 differences"));
  const std::string told = cluster.ask("SELECT count(*) FROM tote.outbox");
  cluster.script("DELETE FROM tote.outbox WHERE type = 'wallet.opened'");  // taken by its reader
  const auto rebuilt = projection("rebuild");
  CHECK_MESSAGE(rebuilt.code == 0, rebuilt.err);
  must("POST", "/v1/wallets/alice/credits", R"({"amount":5})");
  wait();
  CHECK(cluster.ask("SELECT balance FROM tote.wallets WHERE id = 'alice'") == "100005");
  CHECK(cluster.ask("SELECT count(*) FROM tote.outbox") == std::to_string(std::stoi(told) - 8 + 1));
  CHECK(projection("verify").code == 0);
}

TEST_CASE_FIXTURE(ProjectionFixture,
                  "projection: a rebuild beside a busy server loses no row and tells no event twice") {
  start();
  open_all();
  std::atomic<bool> is_over{false};
  std::thread load([&] {
    Random random(7);
    std::uint64_t number = 0;
    for (Client client(port()); !is_over;) client.ask("POST", "/v1/batch", shop_batch(random, number));
  });
  for (int i = 0; i < 3; ++i) {
    const auto rebuilt = projection("rebuild");
    CHECK_MESSAGE(rebuilt.code == 0, rebuilt.err);
  }
  is_over = true;
  load.join();
  wait();
  check_outbox();
  const auto verified = projection("verify");
  CHECK_MESSAGE(verified.code == 0, verified.out << verified.err);
}

TEST_CASE_FIXTURE(ProjectionFixture,
                  "projection: a cursor ahead of the log, or of another log, is refused at the start") {
  start();
  open_all();
  wait();
  server->child().signal(SIGTERM);
  CHECK(server->child().wait() == 0);
  cluster.script("UPDATE tote.tote_projection SET lsn = lsn + 1000");
  const Server ahead(data, {"--postgres", cluster.uri()});
  CHECK_FALSE(ahead.ready());
  const auto said = run_tote({"serve", "--data", data, "--listen", "127.0.0.1:0", "--postgres", cluster.uri()});
  CHECK(said.code == 1);
  CHECK(contains(said.err, "acknowledged records were lost"));
  const auto other =
      run_tote({"serve", "--data", directory.file("other"), "--listen", "127.0.0.1:0", "--postgres", cluster.uri()});
  CHECK(other.code == 1);
  CHECK(contains(other.err, "is the projection of another log"));
}

TEST_CASE_FIXTURE(ProjectionFixture,
                  "projection: what clients write on orders and bookings is in their rows, also in a migrated schema") {
  start();
  open_all();
  const std::string labels = R"("reference":"invoice 17","metadata":{"zone":"a","city":"Z\u00fcrich","a":"\"\\"}})";
  must("POST", "/v1/orders",
       R"({"order":"o1","lines":[{"item":"ball","quantity":1}],"pay":{"wallet":"alice","amount":1},)" + labels);
  must("POST", "/v1/matches/thu/bookings", R"({"player":"bob","pay":{"wallet":"alice"},)" + labels);
  must("POST", "/v1/matches/thu/bookings", R"({"player":"alice","pay":{"wallet":"alice"}})");
  wait();
  const auto check_rows = [this] {
    const std::string texts = R"(invoice 17{"a": "\"\\", "city": "Zürich", "zone": "a"})";
    CHECK(cluster.ask("SELECT reference || metadata::text || currency FROM tote.orders WHERE id = 'o1'") ==
          texts + "EUR");
    CHECK(cluster.ask("SELECT booking_reference || metadata::text || reference FROM tote.bookings WHERE player = "
                      "'bob'") == texts + "alice");
    CHECK(cluster.ask("SELECT count(*) FROM tote.bookings WHERE player = 'alice' AND booking_reference IS NULL AND "
                      "metadata IS NULL") == "1");
  };
  check_rows();
  std::string undo;  // of one version after the other, the newest first
  for (const char* older :
       {"ALTER TABLE tote.bookings DROP COLUMN booking_reference, DROP COLUMN metadata; UPDATE tote.tote_projection "
        "SET "
        "schema_version = 3; ",
        "ALTER TABLE tote.orders DROP COLUMN reference, DROP COLUMN metadata; UPDATE tote.tote_projection SET "
        "schema_version = 2; ",
        "ALTER TABLE tote.tote_projection DROP COLUMN record_time; ALTER TABLE tote.tote_outbox DROP COLUMN "
        "record_time; UPDATE tote.tote_projection SET schema_version = 1; "}) {
    server->child().signal(SIGTERM);
    REQUIRE(server->child().wait() == 0);
    cluster.script(undo += older);
    start();
    CHECK(cluster.ask("SELECT schema_version FROM tote.tote_projection") == "4");
    CHECK(projection("rebuild").code == 0);
    CHECK(projection("verify").code == 0);
    check_rows();
  }
}

TEST_CASE_FIXTURE(ProjectionFixture, "projection: a schema of version 1 is migrated, and a restored log is found out") {
  start();
  open_all();
  wait();
  const auto restart = [this] {
    server->child().signal(SIGTERM);
    REQUIRE(server->child().wait() == 0);
    start();
  };
  cluster.script(
      "ALTER TABLE tote.tote_projection DROP COLUMN record_time; ALTER TABLE tote.tote_outbox DROP COLUMN record_time; "
      "UPDATE tote.tote_projection SET schema_version = 1");
  restart();
  CHECK(cluster.ask("SELECT schema_version FROM tote.tote_projection") == "4");
  must("POST", "/v1/wallets/alice/credits", R"({"amount":1})");
  wait();
  CHECK(cluster.ask("SELECT record_time > 0 FROM tote.tote_projection") == "t");
  restart();
  CHECK(projection("verify").code == 0);
  server->child().signal(SIGTERM);
  CHECK(server->child().wait() == 0);
  CHECK(cluster.ask("SELECT record_time > 0 FROM tote.tote_outbox") == "t");
  // As a backup that has grown past the cursor again, with other records.
  cluster.script("UPDATE tote.tote_projection SET record_time = record_time - 1");
  const auto said = run_tote({"serve", "--data", data, "--listen", "127.0.0.1:0", "--postgres", cluster.uri()});
  CHECK(said.code == 1);
  CHECK(contains(said.err, "PostgreSQL knows another record of LSN"));
}

TEST_CASE_FIXTURE(ProjectionFixture, "projection: PostgreSQL out of disk, or waiting for a lock, holds nobody up") {
  start();
  open_all();
  wait();
  const auto credits = [this](int times) {
    for (int i = 0; i < times; ++i) must("POST", "/v1/wallets/alice/credits", R"({"amount":1})");
  };
  cluster.script(
      "CREATE FUNCTION no_space() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION 'could not extend file: "
      "No "
      "space left on device' USING ERRCODE = 'disk_full'; END$$; CREATE TRIGGER no_space BEFORE UPDATE ON tote.wallets "
      "EXECUTE FUNCTION no_space()");
  credits(50);
  REQUIRE(server->child().wait_for_error("No space left on device"));
  CHECK(json::parse(Client(port()).get("/v1/projection").body).at("connected").as_bool() == false);
  cluster.script("DROP TRIGGER no_space ON tote.wallets");
  wait();
  CHECK(cluster.ask("SELECT balance FROM tote.wallets WHERE id = 'alice'") == "100050");
  auto other = cluster.connect();
  other.script("BEGIN; LOCK TABLE tote.wallets IN ACCESS EXCLUSIVE MODE");
  credits(50);
  CHECK(Client(port()).get("/v1/projection", {{"Tote-Min-Lsn", "1000000"}, {"Tote-Deadline-Ms", "50"}}).status == 504);
  other.script("COMMIT");
  wait();
  CHECK(cluster.ask("SELECT balance FROM tote.wallets WHERE id = 'alice'") == "100100");
  CHECK(projection("verify").code == 0);
}
