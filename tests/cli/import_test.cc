// `tote import --wallets`: another system's wallets, each once, and never over what has happened since.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <string>

#include "adapters/cli/wallets_file.h"
#include "tests/cli/program.h"

using namespace tote::cli::test;

namespace {

struct ImportFixture {
  TempDirectory directory;
  Server server{directory.file("data")};

  ImportFixture() { REQUIRE(server.ready()); }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(server.port()); }
  Finished import(const std::string& file, Child::Arguments more = {}) const {
    Child::Arguments arguments{"import", "--wallets", directory.write("wallets.csv", file), "--url", url()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_tote(arguments);
  }
  std::string wallet(const std::string& id) const { return request(server.port(), "GET", "/v1/wallets/" + id).body; }
  int change(const std::string& target, const std::string& body, const std::string& method = "POST") const {
    return request(server.port(), method, target, body, "Content-Type: application/json\r\n").status;
  }
};

std::string rows(int count) {
  std::string file = "id,currency,balance\n";
  for (int i = 0; i < count; ++i) file += "w" + std::to_string(i) + ",EUR," + std::to_string(i) + '\n';
  return file;
}

}  // namespace

TEST_CASE_FIXTURE(ImportFixture, "import opens each wallet with its balance, in its currency, overdrawn ones, too") {
  const auto done = import(
      "\"currency\",\"id\",\"overdraft_limit\",\"balance\"\r\nEUR,alice,,1250\r\n\"JPY\",\"bob\",0,7\r\n\r\nEUR,carol,"
      "500,-300\r\n"
      "EUR,dora,,0");
  CHECK_MESSAGE(done.code == 0, done.err);
  CHECK(contains(done.out,
                 "file     4 wallets, EUR 950, JPY 7\nopened   4, and 0 were there\nbalances EUR 950, JPY 7\n"));
  CHECK(contains(wallet("alice"), R"("currency":"EUR","balance":1250,"held":0,"available":1250,"version":2)"));
  CHECK(contains(wallet("bob"), R"("currency":"JPY","balance":7)"));
  CHECK(contains(wallet("carol"), R"("balance":-300,"held":0,"available":200)"));
  CHECK(contains(wallet("dora"), R"("balance":0,"held":0,"available":0,"version":1)"));
}

TEST_CASE_FIXTURE(ImportFixture, "imported again, all are there; many wallets over several connections, each once") {
  const std::string file = rows(5'000);
  const auto first = import(file, {"--batch", "300"});
  CHECK_MESSAGE(first.code == 0, first.err);
  CHECK(contains(first.out, "opened   5 000, and 0 were there\nbalances EUR 12497500\n"));
  const auto again = import(file);
  CHECK_MESSAGE(again.code == 0, again.err);
  CHECK(contains(again.out, "opened   0, and 5 000 were there\nbalances EUR 12497500\n"));
  CHECK(contains(wallet("w4999"), R"("balance":4999,"held":0,"available":4999,"version":2)"));
}

TEST_CASE_FIXTURE(ImportFixture,
                  "what was used since is left as it is, and named; one opened and not filled gets its balance") {
  REQUIRE(import(rows(4)).code == 0);
  REQUIRE(change("/v1/wallets/w3/debits", R"({"amount":1})") == 200);
  REQUIRE(change("/v1/wallets/half", R"({"currency":"EUR"})", "PUT") == 201);
  REQUIRE(change("/v1/wallets/yen", R"({"currency":"JPY"})", "PUT") == 201);
  const auto again = import(rows(4) + "half,EUR,50\nyen,EUR,5\n");
  CHECK(again.code == 1);
  CHECK(contains(again.err, "line 5: wallet/w3 has 2, the file says 3: it was used before, and is left as it is\n"));
  CHECK(contains(again.err, "line 7: wallet/yen can't be opened: "));
  CHECK(contains(again.err, "not all is as in the file"));
  CHECK(contains(again.out, "opened   1, and 4 were there\n"));
  CHECK(contains(wallet("half"), R"("balance":50)"));
  CHECK(contains(wallet("w3"), R"("balance":2)"));
}

TEST_CASE_FIXTURE(ImportFixture, "a file that is wrong anywhere is refused by its line, and nothing of it is sent") {
  const auto refused = [&](const std::string& file, const std::string& why) {
    const auto done = import(file);
    CHECK(done.code == 2);
    CHECK_MESSAGE(contains(done.err, why), done.err);
  };
  refused("", "is empty");
  refused("id,balance\na,1\n", "wallets.csv:1: has no column 'currency'");
  refused("id,currency,balance,name\n", "wallets.csv:1: unknown column 'name'");
  refused("id,currency,balance,id\n", "wallets.csv:1: has the column 'id' twice");
  const std::string good = "id,currency,balance\nalice,EUR,5\n";
  refused(good + "bob,EUR,12.50\n", "wallets.csv:3: balance must be a whole number of minor units (1250 for 12.50)");
  refused(good + "bob,EUR\n", "wallets.csv:3: has 2 fields");
  refused(good + "b b,EUR,5\n", "wallets.csv:3: 'b b' isn't");
  refused(good + "bob,EUX,5\n", "wallets.csv:3: 'EUX' isn't a currency");
  refused(good + "bob,EUR,-5\n", "wallets.csv:3: the balance is below the overdraft_limit");
  refused(good + "bob,EUR,1000000000000001\n", "wallets.csv:3: balance must be");
  refused(good + "bob,EUR,1\nalice,EUR,5\n", "lines 2 and 4 are of the same wallet");
  CHECK(request(server.port(), "GET", "/v1/wallets/alice").status == 404);
}

TEST_CASE_FIXTURE(ImportFixture, "a server that goes away ends the import, and the next one goes on where it was") {
  const std::string file = rows(3'000);
  REQUIRE(import(rows(1'000)).code == 0);
  server.child().signal(9);
  server.child().wait();
  Server next(directory.file("data"));
  REQUIRE(next.ready());
  const auto done = run_tote({"import", "--wallets", directory.write("wallets.csv", file), "--url",
                              "http://127.0.0.1:" + std::to_string(next.port())});
  CHECK_MESSAGE(done.code == 0, done.err);
  CHECK(contains(done.out, "opened   2 000, and 1 000 were there\n"));
}

TEST_CASE("import sends the token of the file, or of TOTE_TOKEN, and says what a role may not") {
  const TempDirectory directory;
  const auto drawn = run_tote({"token", "--role", "issuer"});
  const auto word = [&](const std::string& name) {
    const std::size_t at = drawn.out.find(name) + 8;
    return drawn.out.substr(at, drawn.out.find('\n', at) - at);
  };
  const std::string config = directory.write("tote.toml", "[[tenant]]\nid = \"shop\"\ntokens = [{ sha256 = \"" +
                                                              word("sha256") + "\", role = \"issuer\" }]\n");
  Server server(directory.file("data"), {"--config", config});
  REQUIRE(server.ready());
  const Child::Arguments arguments{"import", "--wallets", directory.write("wallets.csv", rows(2)), "--url",
                                   "http://127.0.0.1:" + std::to_string(server.port())};
  const auto without = run_tote(arguments);
  CHECK(without.code == 1);
  CHECK(contains(without.err, "the server refuses: 401"));
  CHECK(run_tote(arguments, "/", {{"TOTE_TOKEN", word("token")}}).code == 0);
  auto with_file = arguments;
  with_file.insert(with_file.end(), {"--token-file", directory.write("token", word("token") + "\n")});
  const auto again = run_tote(with_file);
  CHECK_MESSAGE(again.code == 0, again.err);
  CHECK(contains(again.out, "and 2 were there"));
}

TEST_CASE_FIXTURE(ImportFixture,
                  "a file of one endless line is refused by its first bytes, and so is what can't be read twice") {
  const auto endless = import("id,currency,balance\n" + std::string(10'000, 'x'));
  CHECK(endless.code == 2);
  CHECK_MESSAGE(contains(endless.err, "wallets.csv:2: is longer than 4096 bytes"), endless.err);
  CHECK(import("id,currency,balance\nalice,EUR," + std::string(5'000, ' ') + "5\n").code == 2);
  const std::string pipe = directory.file("pipe");
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  const auto piped = run_tote({"import", "--wallets", pipe, "--url", url()});
  CHECK(piped.code == 2);
  CHECK(contains(piped.err, "isn't a file"));
  const auto zero = run_tote({"import", "--wallets", "/dev/zero", "--url", url()});
  CHECK(zero.code == 2);
}

TEST_CASE("rows that are added to a file after it was checked aren't read") {
  const TempDirectory directory;
  const std::string path = directory.write("wallets.csv", rows(3));
  const auto checked = tote::cli::check_wallets(path);
  CHECK(checked.wallets == 3);
  directory.write("wallets.csv", rows(3) + "w1,EUR,100\nnot a row\n");
  tote::cli::WalletsFile file(path, checked.wallets);
  int count = 0;
  for (tote::cli::WalletRow row; file.next(row);) CHECK(row.id == "w" + std::to_string(count++));
  CHECK(count == 3);
}
