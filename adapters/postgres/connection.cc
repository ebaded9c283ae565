#include "adapters/postgres/connection.h"

#include <poll.h>
#include <postgresql/libpq-fe.h>

#include <chrono>

namespace tote::postgres {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int poll_ms = 100;                               // how soon a stop is seen
constexpr auto answer_timeout = std::chrono::seconds(30);  // of one wait: beyond, the server counts as gone

struct Clear {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Result = std::unique_ptr<PGresult, Clear>;

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  return text;
}

void check(const PGresult* result) {
  const ExecStatusType status = PQresultStatus(result);
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_PIPELINE_SYNC) return;
  if (status == PGRES_PIPELINE_ABORTED) throw Error("a statement before it failed");
  throw Error(trimmed(PQresultErrorMessage(result)));
}

}  // namespace

Connection::Connection(const std::string& uri, const std::atomic<bool>& stopped) : stopped_(stopped) {
  connection_ = PQconnectStart(uri.c_str());
  if (connection_ == nullptr) throw Error("no memory for a connection");
  const auto fail = [this](const std::string& text) {
    PQfinish(connection_);
    throw Error(text);
  };
  if (PQstatus(connection_) == CONNECTION_BAD) fail(trimmed(PQerrorMessage(connection_)));
  PostgresPollingStatusType status = PGRES_POLLING_WRITING;  // libpq's rule: wait first, then poll
  for (const auto ends_at = Clock::now() + answer_timeout; status != PGRES_POLLING_OK;) {
    pollfd waiting{PQsocket(connection_), static_cast<short>(status == PGRES_POLLING_READING ? POLLIN : POLLOUT), 0};
    if (::poll(&waiting, 1, poll_ms) > 0) status = PQconnectPoll(connection_);
    if (status == PGRES_POLLING_FAILED) fail(trimmed(PQerrorMessage(connection_)));
    if (stopped_) fail("stopped");
    if (Clock::now() > ends_at) fail("no answer while connecting");
  }
  PQsetErrorVerbosity(connection_, PQERRORS_TERSE);  // no values of rows
  PQsetnonblocking(connection_, 1);
  PQsetNoticeProcessor(
      connection_, [](void*, const char*) {}, nullptr);
}

Connection::~Connection() { PQfinish(connection_); }

void Connection::wait(bool for_write) {
  for (const auto ends_at = Clock::now() + answer_timeout;;) {
    pollfd waiting{PQsocket(connection_), static_cast<short>(for_write ? POLLIN | POLLOUT : POLLIN), 0};
    if (::poll(&waiting, 1, poll_ms) > 0) break;
    if (stopped_) throw Error("stopped");
    if (Clock::now() > ends_at) throw Error("no answer for 30 s");
  }
  if (PQconsumeInput(connection_) == 0) throw Error(trimmed(PQerrorMessage(connection_)));
}

void Connection::flush() {
  for (;;) {
    const int left = PQflush(connection_);
    if (left == 0) return;
    if (left < 0) throw Error(trimmed(PQerrorMessage(connection_)));
    wait(true);
  }
}

// Null at the end of one statement's results.
PGresult* Connection::next_result() {
  flush();
  while (PQisBusy(connection_) != 0) wait(false);
  return PQgetResult(connection_);
}

void Connection::run(const std::vector<Statement>& statements) {
  if (PQenterPipelineMode(connection_) == 0) throw Error("pipeline mode isn't there");
  for (const Statement& statement : statements) {
    std::vector<const char*> values;
    for (const Cell& cell : statement.parameters) values.push_back(cell ? cell->c_str() : nullptr);
    if (PQsendQueryParams(connection_, statement.sql.c_str(), static_cast<int>(values.size()), nullptr, values.data(),
                          nullptr, nullptr, 0) == 0)
      throw Error(trimmed(PQerrorMessage(connection_)));
  }
  if (PQpipelineSync(connection_) == 0) throw Error(trimmed(PQerrorMessage(connection_)));
  std::string problem;
  for (std::size_t at = 0; at <= statements.size(); ++at) {
    for (;;) {
      const Result result(next_result());
      if (result == nullptr) break;
      const bool is_sync = PQresultStatus(result.get()) == PGRES_PIPELINE_SYNC;
      try {
        check(result.get());
      } catch (const Error& error) {
        if (problem.empty()) problem = error.what();
      }
      if (is_sync) break;
    }
    if (PQstatus(connection_) == CONNECTION_BAD) throw Error(trimmed(PQerrorMessage(connection_)));
  }
  PQexitPipelineMode(connection_);
  if (problem.empty()) return;
  script("ROLLBACK");
  throw Error(problem);
}

void Connection::script(const std::string& sql) {
  if (PQsendQuery(connection_, sql.c_str()) == 0) throw Error(trimmed(PQerrorMessage(connection_)));
  std::string problem;
  while (const Result result{next_result()}) {
    try {
      check(result.get());
    } catch (const Error& error) {
      if (problem.empty()) problem = error.what();
    }
  }
  if (!problem.empty()) throw Error(problem);
}

std::vector<Row> Connection::query(const Statement& statement) {
  std::vector<const char*> values;
  for (const Cell& cell : statement.parameters) values.push_back(cell ? cell->c_str() : nullptr);
  if (PQsendQueryParams(connection_, statement.sql.c_str(), static_cast<int>(values.size()), nullptr, values.data(),
                        nullptr, nullptr, 0) == 0)
    throw Error(trimmed(PQerrorMessage(connection_)));
  std::vector<Row> rows;
  std::string problem;
  while (const Result result{next_result()}) {
    try {
      check(result.get());
    } catch (const Error& error) {
      problem = error.what();
    }
    for (int row = 0; row < PQntuples(result.get()); ++row) {
      Row& cells = rows.emplace_back();
      for (int column = 0; column < PQnfields(result.get()); ++column) {
        if (PQgetisnull(result.get(), row, column) != 0)
          cells.emplace_back();
        else
          cells.emplace_back(PQgetvalue(result.get(), row, column));
      }
    }
  }
  if (!problem.empty()) throw Error(problem);
  return rows;
}

std::string uri_problem(const std::string& uri) {
  char* error = nullptr;
  PQconninfoOption* options = PQconninfoParse(uri.c_str(), &error);
  PQfreemem(error);  // it repeats the text, which may have a password
  if (options == nullptr) return "must be a URI such as postgresql://user@host/database";
  PQconninfoFree(options);
  return {};
}

bool has_password(const std::string& uri) {
  using Options = std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)>;
  const Options options(PQconninfoParse(uri.c_str(), nullptr), PQconninfoFree);
  for (const auto* option = options.get(); option != nullptr && option->keyword != nullptr; ++option)
    if (std::string_view(option->keyword).ends_with("password") && option->val != nullptr) return true;
  return false;
}

void ArrayText::add(const Cell& cell) {
  if (text_.size() > 1) text_ += ',';
  if (!cell) {
    text_ += "NULL";
    return;
  }
  text_ += '"';
  for (const char c : *cell) {
    if (c == '"' || c == '\\') text_ += '\\';
    text_ += c;
  }
  text_ += '"';
}

std::string ArrayText::take() {
  text_ += '}';
  return std::move(text_);
}

}  // namespace tote::postgres
