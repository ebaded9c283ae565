// One connection to PostgreSQL: libpq in pipeline mode, never waiting longer than it was told to, and stopping when its
// owner stops.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/events/follower.h"

struct pg_conn;
struct pg_result;

namespace tote::postgres {

// What PostgreSQL says, or that it doesn't say anything any more.
class Error : public events::Away {
 public:
  using events::Away::Away;
};

using Cell = std::optional<std::string>;  // none: NULL
using Row = std::vector<Cell>;

struct Statement {
  std::string sql;
  std::vector<Cell> parameters{};
};

class Connection {
 public:
  // `uri` as libpq has it. `stopped`: from then on every call throws soon.
  Connection(const std::string& uri, const std::atomic<bool>& stopped);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Several statements on their way at once; the first that fails throws, and those after it weren't executed. Between
  // BEGIN and COMMIT: all of them or none.
  void run(const std::vector<Statement>& statements);
  // Commands without parameters, as a script.
  void script(const std::string& sql);
  std::vector<Row> query(const Statement& statement);

 private:
  void wait(bool for_write);
  void flush();
  pg_result* next_result();

  pg_conn* connection_ = nullptr;
  const std::atomic<bool>& stopped_;
};

// What is wrong with it, without repeating it; empty when nothing is.
std::string uri_problem(const std::string& uri);
bool has_password(const std::string& uri);

// {"a","b",NULL}: one column of many rows, as a parameter.
class ArrayText {
 public:
  void add(const Cell& cell);
  std::string take();

 private:
  std::string text_ = "{";
};

}  // namespace tote::postgres
