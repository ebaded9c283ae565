#include "tests/postgres/cluster.h"

#include <doctest/doctest.h>
#include <pwd.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "tests/support/free_port.h"

namespace tests {

using tote::cli::test::Child;

namespace {

constexpr auto patience = std::chrono::seconds(60);

std::string program_path(const std::string& name) {
  for (const auto& version : std::filesystem::directory_iterator("/usr/lib/postgresql"))
    if (const auto path = version.path() / "bin" / name; std::filesystem::exists(path)) return path;
  FAIL("PostgreSQL isn't installed");
  return {};
}

// PostgreSQL doesn't run as root.
std::unique_ptr<Child> as_somebody(const std::string& program, Child::Arguments arguments) {
  if (::geteuid() != 0) return std::make_unique<Child>(program, arguments, "/");
  Child::Arguments all{"--reuid=postgres", "--regid=postgres", "--clear-groups", program};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return std::make_unique<Child>("/usr/bin/setpriv", all, "/");
}

}  // namespace

Cluster::Cluster() : port_(free_port()) {
  if (::geteuid() == 0) {
    const passwd* user = ::getpwnam("postgres");
    REQUIRE(user != nullptr);
    REQUIRE(::chown(directory_.path().c_str(), user->pw_uid, user->pw_gid) == 0);
  }
  const auto made = as_somebody(program_path("initdb"),
                                {"-D", data_, "-A", "trust", "-U", "tote", "-E", "UTF8", "--no-locale", "--no-sync"});
  REQUIRE_MESSAGE(made->wait(120) == 0, made->err());
  start();
}

Cluster::~Cluster() {
  if (server_ == nullptr) return;
  server_->signal(SIGINT);
  server_->wait();
}

std::string Cluster::uri() const { return "postgresql://tote@127.0.0.1:" + std::to_string(port_) + "/postgres"; }

void Cluster::start() {
  const auto ends_at = std::chrono::steady_clock::now() + patience;
  for (;;) {
    // After a kill the children of the last one may hold the directory for a moment.
    if (server_ == nullptr || server_->wait(0) >= 0)
      server_ = as_somebody(program_path("postgres"), {"-D", data_, "-p", std::to_string(port_), "-c",
                                                       "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="});
    try {
      connect();
      return;
    } catch (const tote::postgres::Error& error) {
      REQUIRE_MESSAGE(std::chrono::steady_clock::now() < ends_at, error.what());
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
  }
}

void Cluster::kill() {
  server_->signal(SIGKILL);
  server_->wait();
  server_.reset();
}

std::string Cluster::ask(const std::string& sql) const {
  auto connection = connect();
  const auto rows = connection.query({sql, {}});
  return rows.empty() ? std::string() : rows[0][0].value_or("");
}

void Cluster::script(const std::string& sql) const { connect().script(sql); }

}  // namespace tests
