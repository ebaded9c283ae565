// Makes backups beside the loop for whoever may write into the log's directory: a request is a file there, and so is
// the answer. No port, no token, and a program that embeds the engine can be asked just as well. Who has a directory of
// backups in the options asks without files.
//
//   DIR/backup.request   one line: the directory to back up to
//   DIR/backup.taken     the request, while it is served
//   DIR/backup.answer    one line: "done <name> <LSN> <bytes copied> <bytes linked>" or "failed <why>"
//
// Each appears as a whole, under a temporary name first. What was asked for before a program could serve it is served;
// one that ended while it served leaves it to the next one to say so: who asked may not have noticed that there is
// another.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

#include "engine/backup_status.h"
#include "wal/backup.h"
#include "wal/log.h"

namespace tote {

class BackupDesk {
 public:
  // The log outlives it, and is running. `to`: where ask() has them put; empty: it isn't asked.
  BackupDesk(wal::Log& log, std::string directory, std::string to = {})
      : log_(log), directory_(std::move(directory)), to_(std::move(to)) {}
  BackupDesk(const BackupDesk&) = delete;
  BackupDesk& operator=(const BackupDesk&) = delete;
  ~BackupDesk() { stop(); }

  void start();
  // A backup that is being made is given up.
  void stop();

  // False: nobody says where to, or one is being made. Any thread, as is the next.
  bool ask();
  BackupStatus status() const;

  static constexpr const char* request_name = "backup.request";
  static constexpr const char* taken_name = "backup.taken";
  static constexpr const char* answer_name = "backup.answer";

 private:
  void run();
  struct Made {
    wal::BackupDone done;
    std::string reason;  // empty: it is made
  };

  std::string path_of(const char* name) const { return directory_ + "/" + name; }
  bool has_file(const char* name) const;
  void say(const std::string& answer) const;
  std::string take_file() const;
  bool begin();
  void serve_file();
  Made make(const std::string& to);

  wal::Log& log_;
  const std::string directory_, to_;
  mutable std::mutex mutex_;  // guards the next two
  BackupStatus status_;
  bool is_asked_ = false;
  std::atomic<std::uint64_t> copied_bytes_{0};  // of the one that is being made
  Time last_ended_{};                           // its thread's own
  std::atomic<bool> stopped_{false};
  std::thread thread_;
};

}  // namespace tote
