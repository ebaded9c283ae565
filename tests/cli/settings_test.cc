// Where a setting comes from, and what happens to one that nobody knows.
#include "adapters/cli/settings.h"

#include <doctest/doctest.h>

#include <set>

#include "adapters/cli/errors.h"
#include "tests/cli/program.h"

using namespace tote::cli;
using tote::cli::test::contains;
using tote::cli::test::TempDirectory;

namespace {

const std::string hash_a(64, 'a');
const std::string hash_b(64, 'b');

std::string error_of(const Inputs& inputs) {
  try {
    check_files(resolve(inputs).settings);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "no error";
}

std::string error_in_file(const std::string& text) {
  const TempDirectory directory;
  const auto path = directory.write("tote.toml", text);
  auto error = error_of({.config = path, .flags = {}, .environment = {}});
  if (error.starts_with(directory.path() + "/")) error.erase(0, directory.path().size() + 1);
  return error;
}

}  // namespace

TEST_CASE("a flag beats the environment, which beats the file, which beats the default") {
  const TempDirectory directory;
  Inputs inputs{
      .config = directory.write("tote.toml", "[server]\n\ndata = \"from-file\"\n"), .flags = {}, .environment = {}};
  CHECK(resolve({}).settings.data == "data");
  CHECK(resolve({}).source_of("server.data") == "default");
  CHECK(resolve(inputs).settings.data == "from-file");
  CHECK(resolve(inputs).source_of("server.data") == *inputs.config + ":3");
  inputs.environment = {{"TOTE_DATA", "from-environment"}, {"HOME", "/"}};
  CHECK(resolve(inputs).settings.data == "from-environment");
  CHECK(resolve(inputs).source_of("server.data") == "TOTE_DATA");
  inputs.flags = {{"--data", "from-flag"}};
  CHECK(resolve(inputs).settings.data == "from-flag");
  CHECK(resolve(inputs).source_of("server.data") == "--data");
}

TEST_CASE("TOTE_CONFIG names the file, --config beats it") {
  const TempDirectory directory;
  const auto one = directory.write("one.toml", "[http]\nconnections_max = 1\n");
  const auto two = directory.write("two.toml", "[http]\nconnections_max = 2\n");
  Inputs inputs{.config = std::nullopt, .flags = {}, .environment = {{"TOTE_CONFIG", one}}};
  CHECK(resolve(inputs).settings.connections_max == 1);
  inputs.config = two;
  CHECK(resolve(inputs).settings.connections_max == 2);
}

TEST_CASE("the file of API.md is understood") {
  const TempDirectory directory;
  const auto path = directory.write("tote.toml",
                                    "[server]\ndata = \"/var/lib/tote\"\nlisten = \"127.0.0.1:8080\"\n"
                                    "[http]\nrequire_idempotency_key = true\nidempotency_retention_s = 0\n"
                                    "[[tenant]]\nid = \"shop\"\ntoken_sha256 = [\"" +
                                        hash_a + "\", \"" + hash_b + "\"]\n");
  const auto settings = resolve({.config = path, .flags = {}, .environment = {}}).settings;
  CHECK(settings.data == "/var/lib/tote");
  CHECK(settings.require_idempotency_key);
  CHECK(settings.idempotency_retention_s == 0);
  CHECK(settings.tenants == std::vector<TenantSettings>{{"shop", {hash_a, hash_b}}});
}

TEST_CASE("what the file has wrong is named by file, line and key") {
  CHECK(error_in_file("[http]\n# x\nrequire_idempotency_keys = true\n")
            .starts_with(
                "tote.toml:3: http.require_idempotency_keys: unknown key; [http] knows require_idempotency_key"));
  CHECK(
      error_in_file("\n[htp]\nx = 1\n").starts_with("tote.toml:2: htp: unknown; known are [server], [http], [engine]"));
  CHECK(error_in_file("data = \"x\"\n").starts_with("tote.toml:1: data: unknown"));
  CHECK(error_in_file("server = 1\n") == "tote.toml:1: server: must be a table: [server]");
  CHECK(error_in_file("[server]\ndata = 5\n") == "tote.toml:2: server.data: must be a string");
  CHECK(error_in_file("[http]\nrequire_idempotency_key = \"true\"\n") ==
        "tote.toml:2: http.require_idempotency_key: must be true or false");
  CHECK(error_in_file("[http]\nconnections_max = 1.5\n").starts_with("tote.toml:2: http.connections_max: must be"));
  CHECK(error_in_file("[http]\nconnections_max = 0\n") == "tote.toml:2: http.connections_max: must be 1 to 1000000");
  CHECK(error_in_file("[server]\nlisten = \"8080\"\n").starts_with("tote.toml:2: server.listen: must be ADDRESS:PORT"));
  CHECK(error_in_file("[server]\nlog_level = \"loud\"\n").starts_with("tote.toml:2: server.log_level: must be debug"));
  CHECK(error_in_file("[server\n").starts_with("tote.toml:1: "));
  CHECK(error_in_file("[http]\nconnections_max = 1\nconnections_max = 2\n").starts_with("tote.toml:3: "));
}

TEST_CASE("the tables of the contract are known, with its defaults") {
  CHECK(error_in_file("[memory]\nentities_bytes = 0\nkeys_bytes = 0\n"
                      "[retention]\nlog_s = 86400\nlog_bytes = 17179869184\nmax_bytes = 68719476736\n"
                      "[snapshots]\ninterval_s = 60\n"
                      "[archive]\ndirectory = \"\"\nkeep_s = 0\ncommand = \"\"\n") == "no error");
  CHECK(error_in_file("[memory]\nentities_bytes = 1000000000\n") == "no error");
  CHECK(contains(error_in_file("[memory]\nentities_bytes = -1\n"), "tote.toml:2: memory.entities_bytes"));
  CHECK(contains(error_in_file("[engine]\nkeys_in_memory_max = 1000\n"), "unknown key"));
}

TEST_CASE("a tenant that nobody could use, or two could, is refused") {
  const std::string shop = "[[tenant]]\nid = \"shop\"\ntoken_sha256 = [\"" + hash_a + "\"]\n";
  CHECK(error_in_file(shop) == "no error");
  CHECK(contains(error_in_file(shop + shop), "tote.toml:4: tenant: tenant shop is there twice"));
  CHECK(contains(error_in_file(shop + "[[tenant]]\nid = \"b\"\ntoken_sha256 = [\"" + hash_a + "\"]\n"),
                 "is also one of tenant shop"));
  CHECK(contains(error_in_file("[[tenant]]\nid = \"a b\"\n"), "id must be 1 to 128"));
  CHECK(contains(error_in_file("[[tenant]]\nid = \"a\"\ntoken_sha256 = []\n"), "at least one hash"));
  CHECK(contains(error_in_file("[[tenant]]\nid = \"a\"\ntoken_sha256 = [\"secret\"]\n"), "64 lower-case hex digits"));
  CHECK(contains(error_in_file("[[tenant]]\nid = \"a\"\ntoken = \"x\"\n"), "tote.toml:3: tenant.token: unknown key"));
  CHECK(contains(error_in_file("[tenant]\nid = \"a\"\n"), "[[tenant]]"));
  CHECK(contains(error_in_file("tenant = [1]\n"), "[[tenant]]"));
}

TEST_CASE("a token may have a role and a name") {
  const auto tenant = [](const std::string& tokens) { return "[[tenant]]\nid = \"a\"\ntokens = " + tokens + "\n"; };
  const std::string hash = "sha256 = \"" + hash_a + "\"";
  CHECK(error_in_file(tenant("[{ " + hash + ", role = \"reader\", name = \"ann\" }]")) == "no error");
  CHECK(contains(error_in_file(tenant("[{ " + hash + ", role = \"king\" }]")),
                 "tote.toml:3: tenant.tokens.role: must be reader, writer, operator or issuer"));
  CHECK(contains(error_in_file(tenant("[{ " + hash + " }]")), "a token needs a role"));
  CHECK(contains(error_in_file(tenant("[{ role = \"reader\" }]")), "a token needs its sha256"));
  CHECK(contains(error_in_file(tenant("[{ " + hash + ", role = \"reader\", scope = 1 }]")), "unknown key"));
  CHECK(contains(error_in_file(tenant("[\"" + hash_a + "\"]")), "must be a list of tables"));
  CHECK(contains(error_in_file(tenant("[{ " + hash + ", role = \"reader\" }, { " + hash + ", role = \"writer\" }]")),
                 "is there twice"));
}

TEST_CASE("operators of the whole server: one token, a list, or with a role and a name") {
  static const std::string tenant =
      "[[tenant]]\nid = \"shop\"\ntoken_sha256 = "
      "[\"8766b9cb08e6040b704f1e3ee1e186efccf2635b1d2634d6525333007e6aeae1\"]\n";
  const std::string a(64, 'a'), b(64, 'b');
  const TempDirectory directory;
  const auto settings = [&](const std::string& console, bool has_tenant = true) {
    Inputs inputs;
    inputs.config = directory.write("tote.toml", (has_tenant ? tenant : "") + "[console]\n" + console);
    return resolve(inputs).settings;
  };
  const auto one = settings("operator_token_sha256 = \"" + a + "\"\n");
  REQUIRE(one.operators.size() == 1);
  CHECK(one.operators.front().role == tote::http::Role::operator_);
  CHECK(settings("operator_token_sha256 = [\"" + a + "\", \"" + b + "\"]\n").operators.size() == 2);
  const auto named = settings("operator_tokens = [{ sha256 = \"" + a + "\", role = \"reader\", name = \"ann\" }]\n");
  CHECK(named.operators == std::vector<tote::http::NamedToken>{{a, tote::http::Role::reader, "ann"}});
  for (const std::string& wrong :
       {std::string("operator_token_sha256 = \"my-secret\""), "operator_token_sha256 = [\"" + a + "\", \"" + a + "\"]",
        std::string("operator_token_sha256 = \"8766b9cb08e6040b704f1e3ee1e186efccf2635b1d2634d6525333007e6aeae1\""),
        std::string("operator_token = \"x\""), std::string("operator_token_sha256 = 5"),
        "operator_tokens = [{ sha256 = \"" + a + "\", role = \"reader\", name = \"a b\" }]"}) {
    CAPTURE(wrong);
    try {
      settings(wrong + "\n");
      FAIL("it was taken");
    } catch (const UsageError& error) {
      CHECK(std::string(error.what()).find("tote.toml:") != std::string::npos);
      CHECK(std::string(error.what()).find("my-secret") == std::string::npos);
    }
  }
  CHECK_THROWS_AS(settings("operator_token_sha256 = \"" + a + "\"\n", false), UsageError);
}

TEST_CASE("the environment's tenants replace the file's") {
  const TempDirectory directory;
  const auto path = directory.write("tote.toml", "[[tenant]]\nid = \"shop\"\ntoken_sha256 = [\"" + hash_a + "\"]\n");
  const auto tenants = "x=" + hash_a + ";y=" + hash_b;
  const auto effective = resolve({.config = path, .flags = {}, .environment = {{"TOTE_TENANTS", tenants}}});
  CHECK(effective.settings.tenants == std::vector<TenantSettings>{{"x", {hash_a}}, {"y", {hash_b}}});
  CHECK(effective.source_of("tenant") == "TOTE_TENANTS");
  CHECK(error_of({.config = {}, .flags = {}, .environment = {{"TOTE_TENANTS", "x"}}}).starts_with("TOTE_TENANTS: "));
}

TEST_CASE("a variable that isn't ours is ignored with a warning: container platforms set such") {
  const auto effective = resolve({.config = {},
                                  .flags = {},
                                  .environment = {{"TOTE_PORT", "tcp://10.0.0.7:8080"},
                                                  {"TOTE_SERVICE_HOST", "10.0.0.7"},
                                                  {"TOTE_DATA", "here"},
                                                  {"HOME", "/"}}});
  CHECK(effective.settings.data == "here");
  REQUIRE(effective.warnings.size() == 2);
  CHECK(effective.warnings[0].starts_with("TOTE_PORT: ignored, no such setting; known are TOTE_DATA"));
  CHECK(effective.warnings[1].starts_with("TOTE_SERVICE_HOST: ignored"));
}

TEST_CASE("a TOTE_TENANTS without a tenant is an error: without tenants no token is asked for") {
  for (const char* empty : {"", ";", ";;"})
    CHECK_MESSAGE(error_of({.config = {}, .flags = {}, .environment = {{"TOTE_TENANTS", empty}}})
                      .starts_with("TOTE_TENANTS: names no tenant"),
                  std::string(empty));
}

TEST_CASE("a wrong value of a variable is an error, not a default") {
  CHECK(error_of({.config = {}, .flags = {}, .environment = {{"TOTE_CONNECTIONS_MAX", "many"}}}) ==
        "TOTE_CONNECTIONS_MAX: must be an integer, not \"many\"");
  CHECK(error_of({.config = {}, .flags = {}, .environment = {{"TOTE_REQUIRE_IDEMPOTENCY_KEY", "yes"}}}) ==
        "TOTE_REQUIRE_IDEMPOTENCY_KEY: must be true or false, not \"yes\"");
  CHECK(error_of({.config = {}, .flags = {{"--requests-max", "9999999999999999999"}}, .environment = {}}) ==
        "--requests-max: must be an integer, not \"9999999999999999999\"");
  CHECK(error_of({.config = "/nowhere/tote.toml", .flags = {}, .environment = {}}) ==
        "/nowhere/tote.toml: there is no such file");
}

TEST_CASE("every row of the table can be set by flag, variable and key, and its default is valid") {
  std::set<std::string> names;
  for (const auto& setting : setting_table()) {
    Settings settings;
    CHECK_MESSAGE(assign_text(setting, value_of(setting, settings), settings).empty(), name_of(setting));
    CHECK_MESSAGE(names.insert(flag_of(setting)).second, name_of(setting));
  }
  CHECK(names.contains("--require-idempotency-key"));
  CHECK(environment_of(setting_table()[0]) == "TOTE_DATA");
}

TEST_CASE("addresses to listen on") {
  CHECK(endpoint_of("127.0.0.1:8080")->host == "127.0.0.1");
  CHECK(endpoint_of("127.0.0.1:8080")->port == 8080);
  CHECK(endpoint_of("localhost:0")->host == "localhost");
  CHECK(endpoint_of("[::1]:8080")->host == "::1");
  for (const char* wrong :
       {"", "8080", ":8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "::1:8080", "a:-1", "[]:80"})
    CHECK_MESSAGE(!endpoint_of(wrong), wrong);
}

TEST_CASE("webhooks are read from tote.toml, their secrets from there or from files") {
  const TempDirectory directory;
  const std::string secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
  directory.write("secret", secret + "\n");
  const std::string shop = "[[webhook]]\nname = \"shop\"\nurl = \"https://shop.example/hook\"\n";
  const auto path = directory.write("tote.toml", shop +
                                                     "secret_files = [\"secret\"]\ntypes = [\"order.*\"]\n"
                                                     "tenant = \"a\"\nallow_private = true\nretry_first_ms = 50\n");
  const auto settings = resolve({.config = path, .flags = {}, .environment = {}}).settings;
  REQUIRE(settings.webhooks.size() == 1);
  CHECK(settings.webhooks[0].name == "shop");
  CHECK(settings.webhooks[0].secrets == std::vector{secret});
  CHECK(settings.webhooks[0].types == std::vector<std::string>{"order.*"});
  CHECK(settings.webhooks[0].allow_private);
  CHECK(settings.webhooks[0].retry_first_ms == 50);
  const std::string good = shop + "secrets = [\"" + secret + "\"]\n";
  CHECK(contains(error_in_file(good + good), "tote.toml:5: webhook: webhook shop is there twice"));
  CHECK(contains(error_in_file(shop), "secret"));
  CHECK(contains(error_in_file(shop + "secret_files = [\"/nowhere\"]\n"), "/nowhere can't be read"));
  CHECK(contains(error_in_file(good + "colour = 1\n"), "webhook.colour: unknown key; [[webhook]] knows name, url,"));
  CHECK(contains(error_in_file(good + "timeout_ms = \"1\"\n"), "webhook.timeout_ms: must be an integer"));
  CHECK(contains(error_in_file(good + "ca_file = \"/nowhere\"\n"), "ca_file can't be read"));
  const auto wrong = error_in_file(shop + "secrets = [\"whsec_hush\"]\n");
  CHECK(contains(wrong, "secret"));
  CHECK_FALSE(contains(wrong, "hush"));
}

TEST_CASE("a tenant's limits: none but 16 streams unless said otherwise") {
  const TempDirectory directory;
  const std::string shop = "[[tenant]]\nid = \"shop\"\ntoken_sha256 = [\"" + hash_a + "\"]\n";
  const std::string limits = shop +
                             "[tenant.limits]\nrequests_in_flight_max = 5\nrequests_per_s_max = 6\nconnections_max = "
                             "7\nstreams_max = 8\nentities_max = 9\n";
  const auto limits_of = [&](const std::string& text) {
    const auto path = directory.write("tote.toml", text);
    return resolve({.config = path, .flags = {}, .environment = {}}).settings.tenants.at(0).limits;
  };
  CHECK(limits_of(shop) == tote::http::TenantLimits{0, 0, 0, 16});
  CHECK(limits_of(limits) == tote::http::TenantLimits{5, 6, 7, 8, 9});
  CHECK(contains(error_in_file(shop + "[tenant.limits]\nstreams = 1\n"),
                 "tote.toml:5: tenant.limits.streams: unknown key; [tenant.limits] knows "));
  CHECK(contains(error_in_file(shop + "[tenant.limits]\nstreams_max = -1\n"), "must be 0 (no limit) to"));
  CHECK(contains(error_in_file(shop + "limits = 5\n"), "must be a table"));
}

TEST_CASE("card webhooks are read from tote.toml, their secrets from files that lie beside it") {
  const TempDirectory directory;
  directory.write("whsec", "whsec_of_the_provider\n");
  const std::string stripe = "[[card_webhook]]\nname = \"stripe\"\npath = \"/webhooks/stripe\"\n";
  const std::string secrets = "secret_files = [\"" + directory.file("whsec") + "\"]\n";
  const auto path = directory.write(
      "tote.toml", stripe + "secret_files = [\"whsec\"]\ntolerance_s = 60\n" + "metadata = { match = \"game\" }\n");
  const auto read = resolve({.config = path, .flags = {}, .environment = {}}).settings.card_webhooks;
  REQUIRE(read.size() == 1);
  CHECK(read[0].options.tenant == "default");
  CHECK(read[0].options.tolerance_s == 60);
  CHECK(read[0].options.metadata.match == "game");
  CHECK(read[0].options.metadata.player == "player_id");
  CHECK(read[0].secrets == std::vector<std::string>{"whsec_of_the_provider"});
  CHECK(contains(error_in_file(stripe), "secret_files must name a file"));
  CHECK(contains(error_in_file(stripe + secrets + stripe + secrets),
                 "tote.toml:5: card_webhook: card_webhook stripe is"));
  CHECK(contains(error_in_file(stripe + "secret_files = [\"/nowhere\"]\n"),
                 "tote.toml:4: card_webhook.secret_files: /nowhere can't be read"));
  const std::string hushed = directory.write("hush", "hush_hush_hush_hush\n");
  const auto wrong = error_in_file(stripe + "secret_files = [\"" + hushed + "\"]\n");
  CHECK(contains(wrong, "begins with whsec_"));
  CHECK_FALSE(contains(wrong, "hush_hush"));
  CHECK(contains(error_in_file(stripe + secrets + "colour = 1\n"), "tote.toml:5: card_webhook.colour: unknown key"));
  CHECK(contains(error_in_file(stripe + secrets + "tolerance_s = 0\n"), "tolerance_s must be 1 to 86400"));
  CHECK(contains(error_in_file(stripe + secrets + "tenant = \"shop\"\n"),
                 "tote.toml:5: card_webhook.tenant: shop isn't"));
  CHECK(
      contains(error_in_file(stripe + secrets + "metadata = { colour = \"x\" }\n"), "card_webhook.metadata.colour: "));
  const std::string api = "[[card_webhook]]\nname = \"s\"\npath = \"/v1/wallets\"\n";
  CHECK(contains(error_in_file(api + secrets), "/v1/wallets is the API's"));
}

TEST_CASE("a gateway is a table, or a flag; Stripe's needs a key, and another's machine needs TLS") {
  const TempDirectory directory;
  const std::string key = "key_file = \"" + directory.write("key", "sk_test_hush\n") + "\"\n";
  const std::string stripe = "[gateway]\nkind = \"stripe\"\n";
  const auto path = directory.write("tote.toml", stripe + "key_file = \"key\"\nurl = \"http://127.0.0.1:1\"\n");
  const auto settings = resolve({.config = path, .flags = {}, .environment = {}}).settings;
  CHECK(settings.gateway == "stripe");
  CHECK(settings.stripe.key == "sk_test_hush");
  CHECK(settings.stripe.url == "http://127.0.0.1:1");
  CHECK(resolve({.config = path, .flags = {{"--gateway", "test"}}, .environment = {}}).settings.gateway == "test");
  CHECK(error_of({.config = {}, .flags = {{"--gateway", "stripe"}}, .environment = {}}) ==
        "gateway.key_file: is needed where the kind is stripe");
  CHECK(error_in_file(stripe) == "tote.toml:1: gateway.key_file: is needed where the kind is stripe");
  const auto plain = error_in_file(stripe + key + "url = \"http://stripe.example\"\n");
  CHECK(plain == "tote.toml:4: gateway.url: may be http:// on loopback only");
  CHECK(contains(error_in_file(stripe + key + "timeout_ms = 5\n"), "tote.toml:4: gateway.timeout_ms: must be 100 to"));
  CHECK(contains(error_in_file("[gateway]\nkind = \"gold\"\n"),
                 "tote.toml:2: gateway.kind: must be test, stripe or none"));
  CHECK(contains(error_in_file("[gateway]\ncolour = 1\n"), "tote.toml:2: gateway.colour: unknown key"));
}

TEST_CASE("as many tenants as the engine has beside its own are taken, and one more is refused by its line") {
  const TempDirectory directory;
  const auto tenant = [](int number) {
    const std::string digits = std::to_string(number);
    return "[[tenant]]\nid = \"t" + digits + "\"\ntoken_sha256 = [\"" + std::string(64 - digits.size(), 'a') + digits +
           "\"]\n";
  };
  std::string file;
  for (int i = 0; i < 4'095; ++i) file += tenant(i);
  const auto check = [&](const std::string& text) {
    return tote::cli::test::run_tote({"config", "check", "--config", directory.write("tote.toml", text)});
  };
  CHECK(check(file).code == 0);
  const auto more = check(file + tenant(4'095));
  CHECK(more.code == 2);
  CHECK_MESSAGE(contains(more.err, "there are more than 4095 tenants"), more.err);
}
