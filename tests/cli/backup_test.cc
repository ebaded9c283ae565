// `tote backup` without a server, and a server that starts meanwhile.
#include <doctest/doctest.h>
#include <signal.h>

#include <filesystem>
#include <memory>
#include <sstream>
#include <string>
#include <thread>

#include "tests/cli/program.h"
#include "tests/places.h"

namespace tote::cli::test {
namespace {

namespace files = std::filesystem;

void make_log(const std::string& data) {
  Server server(data);
  REQUIRE(server.ready());
  CHECK(request(server.port(), "PUT", "/v1/wallets/w", R"({"currency":"EUR"})").status == 201);
  server.child().signal(SIGTERM);
  CHECK(server.child().wait() == 0);
}

// Stopped in its middle, with the log open to write.
std::unique_ptr<Child> backup_in_its_middle(const std::string& data, const std::string& to) {
  for (;;) {
    auto backup = std::make_unique<Child>(::tests::program(), Child::Arguments{"backup", data, "--to", to}, "/");
    while (!files::exists(data + "/backup.tmp") && files::exists("/proc/" + std::to_string(backup->pid()) + "/exe"))
      std::this_thread::yield();
    backup->signal(SIGSTOP);
    if (files::exists(data + "/backup.tmp")) return backup;
    backup->signal(SIGCONT);
    CHECK(backup->wait() == 0);
  }
}

}  // namespace

TEST_CASE("backup: without a server it gives way to one that starts, which makes it then") {
  const TempDirectory directory;
  const std::string data = directory.path() + "/data", backups = directory.path() + "/backups";
  make_log(data);
  const auto backup = backup_in_its_middle(data, backups);
  Child server(::tests::program(), {"serve", "--data", data, "--listen", "127.0.0.1:0"}, "/");
  while (!files::exists(data + "/serve.waits")) std::this_thread::yield();
  backup->signal(SIGCONT);
  CHECK(server.wait_for_line("READY"));
  CHECK(backup->wait() == 0);
  INFO(backup->err());
  CHECK_FALSE(files::exists(data + "/serve.waits"));
  std::istringstream said(backup->out());  // backup    DIR/NAME
  std::string word, made;
  said >> word >> made;
  CHECK(made.starts_with(backups));
  CHECK(run_tote({"verify", made}).code == 0);
  CHECK(request(port_in(server.out()), "GET", "/v1/wallets/w").status == 200);
}

}  // namespace tote::cli::test
