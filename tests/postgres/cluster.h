// A PostgreSQL of the test's own: a temporary directory, a free port on loopback, stopped by process id.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "adapters/postgres/connection.h"
#include "tests/cli/program.h"

namespace tests {

class Cluster {
 public:
  Cluster();  // made and started
  ~Cluster();
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;

  std::string uri() const;
  void start();  // and waits until it answers
  void kill();   // -9

  tote::postgres::Connection connect() const { return {uri(), never_}; }
  // The first cell of the first row; empty when there is none.
  std::string ask(const std::string& sql) const;
  void script(const std::string& sql) const;

 private:
  void run(const std::string& program, const tote::cli::test::Child::Arguments& arguments);

  tote::cli::test::TempDirectory directory_;
  const std::string data_ = directory_.file("db");
  int port_ = 0;
  std::unique_ptr<tote::cli::test::Child> server_;
  std::atomic<bool> never_{false};
};

}  // namespace tests
