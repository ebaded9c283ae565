// Keeps the tables of a PostgreSQL database up to date with the log: on a thread of its own, behind the engine, which
// it never holds up. Rows and cursor are one SQL transaction, so each record is in the tables exactly once, whatever
// dies when.
//
// PostgreSQL away, slow or killed: the connection is made again, with back-off, and the same batch is sent again if its
// cursor says that it wasn't committed. A cursor that is ahead of the log, or of another log, is never overwritten.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "adapters/postgres/rows_of.h"
#include "engine/tote.h"

namespace tote::postgres {

// The log that is followed: an engine's, or one that lies on disk. Any thread.
struct LogSource {
  std::string id;
  std::function<Lsn()> durable;
  std::function<bool(Lsn from, Lsn to, const Engine::RecordVisit& visit)> read;  // false: it can't be read

  static LogSource of(const Engine& engine);  // which outlives it
};

struct ProjectorOptions {
  std::string uri;
  std::string schema = "tote";
  bool outbox = false;                                  // domain events, too, from now on
  std::size_t batch_records_max = 5'000;                // of one SQL transaction
  bool ends = false;                                    // stop at the end of the log instead of waiting for more
  std::function<void(Lsn at, Lsn last)> on_progress{};  // on the projector's thread, after each batch
};

struct ProjectionFigures {
  Lsn cursor{};  // everything up to here is in the tables
  bool connected = false;
  std::string problem{};  // why it stands still; empty: it doesn't. For the log: it may name hosts
  std::string reason{};   // the same in a word: "disconnected", "stopped"
  double lag_seconds = 0;
  std::uint64_t rows = 0;  // written, since the start
};

class Projector {
 public:
  Projector(LogSource log, Kinds kinds, ProjectorOptions options);
  ~Projector() { stop(); }
  Projector(const Projector&) = delete;
  Projector& operator=(const Projector&) = delete;

  void start();
  void stop();  // before the engine is closed
  // Waits for the end (options.ends). What went wrong, empty when nothing did.
  std::string join();
  ProjectionFigures figures() const;

  // Asks once, on the calling thread: why this database can't be that log's projection, empty when it can, or when it
  // isn't there now.
  std::string check();

 private:
  using Clock = std::chrono::steady_clock;
  struct Batch {
    Lsn from{}, to{};  // cursor before and after
    Rows rows;
  };

  void run();
  void follow();
  void open();
  void catch_up(Lsn cursor);
  bool next_batch();
  void commit_batch();
  void make_way(Clock::time_point began_at, Lsn durable, std::size_t rows);
  void put_events(Lsn lsn, const wal::Record& record, Rows& rows) const;
  void open_outbox(Lsn cursor);
  Lsn read_cursor(Connection& connection) const;
  bool pause(std::chrono::milliseconds time);  // false: stopped
  void set_problem(std::string problem, std::string reason);

  const LogSource log_;
  const Kinds kinds_;
  const ProjectorOptions options_;
  std::atomic<bool> stopped_{false};
  bool failed_ = false;  // for good: nothing is retried
  std::unique_ptr<Connection> connection_;
  std::unique_ptr<Collector> collector_;
  Lsn outbox_at_{};  // events up to here have been told
  Batch batch_;      // the one on its way; empty when to == from
  std::chrono::milliseconds backoff_{0};
  Clock::time_point caught_up_at_ = Clock::now();

  mutable std::mutex mutex_;  // figures, and to be woken
  std::condition_variable woken_;
  ProjectionFigures figures_;
  std::thread thread_;
};

}  // namespace tote::postgres
