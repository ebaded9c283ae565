// `tote bench callbacks`, beside a server as an operator would start it.
#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <thread>

#include "tests/cli/program.h"
#include "tests/places.h"
#include "tests/support/free_port.h"

using namespace tote::cli::test;

namespace {

// Starts the bench, waits for its settings, starts the server that uses them.
struct Measured {
  TempDirectory directory;
  int code = -1;
  std::string out, err;

  explicit Measured(Child::Arguments more) {
    const std::string address = "127.0.0.1:" + std::to_string(tests::free_port());
    Child::Arguments words{"bench", "callbacks", "--url", "http://" + address, "--data", directory.path(), "--json"};
    words.insert(words.end(), more.begin(), more.end());
    Child bench(tests::program(), words, directory.path());
    REQUIRE(bench.wait_for_error("waiting for a server"));
    Child server(
        tests::program(),
        {"serve", "--data", directory.file("data"), "--listen", address, "--config", directory.file("callbacks.toml")},
        directory.path());
    REQUIRE_MESSAGE(server.wait_for_line("READY"), server.err());
    code = bench.wait(60);
    out = bench.out();
    err = bench.err();
  }
};

}  // namespace

TEST_CASE("bench callbacks: bets of one player at once all succeed, and the balance is what they leave") {
  const Measured measured({"--parallel", "2,20"});
  CHECK_MESSAGE(measured.code == 0, (measured.out + measured.err));
  CHECK(contains(measured.out, "\"parallel_2_succeeded\":2,"));
  CHECK(contains(measured.out, "\"parallel_20_succeeded\":20,"));
  CHECK(contains(measured.out, "\"parallel_20_max_ms\":"));
  CHECK(contains(measured.out,
                 R"({"name":"parallel_20_balance","holds":true,"detail":"200 after 20 stakes of 10 from 400"})"));
  CHECK(contains(measured.out, "\"valid\":true"));
  CHECK_FALSE(std::filesystem::exists(measured.directory.file("bench-es256.pem")));
}

TEST_CASE("bench callbacks: the door of an algorithm, beside what one core verifies") {
  const Measured measured({"--parallel", "1", "--algorithms", "es256", "--seconds", "0.3"});
  CHECK_MESSAGE(measured.code == 0, (measured.out + measured.err));
  CHECK(contains(measured.out, "\"es256_door_s\":"));
  CHECK(contains(measured.out, R"({"name":"es256_balance","holds":true)"));
  CHECK_FALSE(contains(measured.out, "rsa4096"));
}

TEST_CASE("bench callbacks: what can't be measured is said") {
  const std::vector<Child::Arguments> wrongs{{"--parallel", "0"}, {"--parallel", "5,"}, {"--algorithms", "hs256"}};
  for (const Child::Arguments& wrong : wrongs) {
    Child::Arguments words{"bench", "callbacks"};
    words.insert(words.end(), wrong.begin(), wrong.end());
    CHECK(run_tote(words).code == 2);
  }
}
