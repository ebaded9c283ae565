// Keeps the tables of a PostgreSQL database up to date with the log: on a thread of its own, behind the engine, which
// it never holds up. Rows and cursor are one SQL transaction, so each record is in the tables exactly once, whatever
// dies when.
//
// PostgreSQL away, slow or killed: the connection is made again, with back-off, and the same batch is sent again if its
// cursor says that it wasn't committed. A cursor that is ahead of the log, or of another log, is never overwritten.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "adapters/events/follower.h"
#include "adapters/postgres/rows_of.h"

namespace tote::postgres {

struct ProjectorOptions {
  std::string uri;
  std::string schema = "tote";
  bool outbox = false;                                  // domain events, too, from now on
  std::size_t batch_records_max = 10'000;               // of one SQL transaction
  bool ends = false;                                    // stop at the end of the log instead of waiting for more
  std::function<void(Lsn at, Lsn last)> on_progress{};  // on the projector's thread, after each batch
};

class Projector final : public events::Follower {
 public:
  Projector(const wal::LogReader& log, Kinds kinds, ProjectorOptions options);
  ~Projector() override { stop(); }

  static constexpr events::Role role = events::Role::projection;
  std::string destination() const override { return options_.outbox ? "PostgreSQL, with an outbox" : "PostgreSQL"; }
  // Why this database can't be that log's projection, empty when it can, or when it isn't there now.
  std::string check() override;

 private:
  struct Batch {
    Lsn from{}, to{};  // cursor before and after
    Rows rows;
    Time time{};  // of the last record
  };

  void follow() override;
  void lost() override { connection_.reset(); }
  bool gives_up() const override { return options_.ends; }
  void open();
  void catch_up(Lsn cursor);
  bool next_batch();
  void commit_batch();
  void put_events(Lsn lsn, const wal::Record& record, Rows& rows) const;
  void open_outbox(Lsn cursor);
  void check_history(const std::string& who, Lsn at, const Cell& record_time) const;
  Lsn read_cursor(Connection& connection) const;

  const Kinds kinds_;
  const Tables tables_{kinds_};
  const ProjectorOptions options_;
  std::unique_ptr<Connection> connection_;
  std::unique_ptr<Collector> collector_;
  Lsn outbox_at_{};  // events up to here have been told
  Batch batch_;      // the one on its way; empty when to == from
};

}  // namespace tote::postgres
