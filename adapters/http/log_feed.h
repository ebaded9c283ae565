// Reads the log for GET /v1/log, on a thread of its own: the loop only asks for pages and takes them.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "adapters/http/answers.h"
#include "engine/kernel/any_entity.h"
#include "engine/question_thread.h"
#include "wal/log_reader.h"

namespace tote::http {

// What one page may cost; whoever wants more asks again.
inline constexpr std::int64_t log_limit = 1'000;
inline constexpr std::int64_t log_limit_max = 10'000;       // records of the tenant
inline constexpr std::size_t log_page_bytes_max = 1 << 20;  // of text; at least one record
inline constexpr std::uint64_t log_scanned_max = 200'000;   // records of anybody

class LogFeed {
 public:
  using Clock = std::chrono::steady_clock;
  enum class Form : std::uint8_t { ndjson, events };

  struct Page {
    Code code = Code::ok;  // overloaded, log_damaged, trimmed, deadline_exceeded
    std::string text;      // whole lines, or whole events
    Lsn damaged{};         // log_damaged: there; trimmed: the first that is left
    Lsn to{};              // everything up to here has been looked at: go on after it
    Lsn found{};           // trimmed, and looked for by its time: it is there, in the archive
  };
  struct Question {
    std::string tenant;  // empty: all of them
    Lsn after{};
    std::optional<Time> from{};  // instead: from the first record that isn't older
    std::size_t limit = 0;
    Form form = Form::ndjson;
    Clock::time_point ends_at = Clock::time_point::max();  // later nobody waits for it
    std::function<void(Page&&)> done{};                    // on the feed's thread
  };

  LogFeed(const wal::LogReader& log, Kinds kinds);
  LogFeed(const LogFeed&) = delete;
  LogFeed& operator=(const LogFeed&) = delete;
  ~LogFeed();  // questions that wait are answered as overloaded

  // False: too many are waiting.
  bool ask(Question question) { return thread_.ask(std::move(question)); }

 private:
  static constexpr std::size_t waiting_max = 1'024;

  Page read(Question& question) const;
  bool find_time(Question& question, Page& page) const;

  const wal::LogReader& log_;
  const Kinds kinds_;
  QuestionThread<Question> thread_;
};

}  // namespace tote::http
