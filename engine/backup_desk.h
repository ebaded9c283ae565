// Makes backups beside the loop for whoever may write into the log's directory: a request is a file there, and so is
// the answer. No port, no token, and a program that embeds the engine can be asked just as well.
//
//   DIR/backup.request   one line: the directory to back up to
//   DIR/backup.answer    one line: "done <name> <LSN> <bytes copied> <bytes linked>" or "failed <why>"
//
// Each appears as a whole, under a temporary name first.
#pragma once

#include <atomic>
#include <string>
#include <thread>

#include "wal/log.h"

namespace tote {

class BackupDesk {
 public:
  // The log outlives it, and is running.
  BackupDesk(wal::Log& log, std::string directory) : log_(log), directory_(std::move(directory)) {}
  BackupDesk(const BackupDesk&) = delete;
  BackupDesk& operator=(const BackupDesk&) = delete;
  ~BackupDesk() { stop(); }

  void start();
  // A backup that is being made is given up.
  void stop();

  static constexpr const char* request_name = "backup.request";
  static constexpr const char* answer_name = "backup.answer";

 private:
  void run();
  void serve(const std::string& to);

  wal::Log& log_;
  const std::string directory_;
  std::atomic<bool> stopped_{false};
  std::thread thread_;
};

}  // namespace tote
