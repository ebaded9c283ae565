#include "engine/backup_desk.h"

#include <pthread.h>

#include <chrono>
#include <filesystem>
#include <fstream>

#include "wal/backup.h"
#include "wal/trimmer.h"

namespace tote {
namespace {

constexpr std::chrono::milliseconds look_every{100};
constexpr int looks_at_requests = 5;  // every so many: ends quickly, looks seldom

}  // namespace

void BackupDesk::start() {
  std::error_code error;  // a request of somebody who has gone, and what a crash left
  std::filesystem::remove(directory_ + "/" + request_name, error);
  std::filesystem::remove_all(directory_ + "/" + wal::backup_links_name, error);
  thread_ = std::thread([this] { run(); });
}

void BackupDesk::stop() {
  stopped_ = true;
  if (thread_.joinable()) thread_.join();
}

void BackupDesk::run() {
  pthread_setname_np(pthread_self(), "tote-backup");
  for (int look = 0; !stopped_; ++look) {
    std::this_thread::sleep_for(look_every);
    if (look % looks_at_requests != 0) continue;
    std::ifstream request(directory_ + "/" + request_name);
    std::string to;
    if (!request || !std::getline(request, to)) continue;
    std::error_code error;
    std::filesystem::remove(directory_ + "/" + request_name, error);
    serve(to);
  }
}

void BackupDesk::serve(const std::string& to) {
  wal::BackupDone done;
  const std::string reason = log_.trimmer()->back_up({.to = to, .stopped = &stopped_}, done);
  const std::string path = directory_ + "/" + answer_name;
  {
    std::ofstream answer(path + ".new");
    if (reason.empty())
      answer << "done " << done.name << ' ' << done.last.value << ' ' << done.copied_bytes << ' ' << done.linked_bytes
             << '\n';
    else
      answer << "failed " << reason << '\n';
  }
  std::error_code error;
  std::filesystem::rename(path + ".new", path, error);
}

}  // namespace tote
