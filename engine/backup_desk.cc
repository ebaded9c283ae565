#include "engine/backup_desk.h"

#include <pthread.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <utility>

#include "engine/clock.h"
#include "wal/backup.h"
#include "wal/trimmer.h"

namespace tote {
namespace {

constexpr std::chrono::milliseconds look_every{100};
constexpr int looks_at_requests = 5;  // every so many: ends quickly, looks seldom

Time now() { return SystemClock().wall(); }

}  // namespace

void BackupDesk::start() {
  std::error_code error;  // what a crash left
  std::filesystem::remove_all(path_of(wal::backup_links_name), error);
  if (has_file(taken_name)) say("failed the server was started anew: ask again");
  thread_ = std::thread([this] { run(); });
}

void BackupDesk::stop() {
  stopped_ = true;
  if (thread_.joinable()) thread_.join();
}

bool BackupDesk::begin() {
  const std::lock_guard lock(mutex_);
  if (status_.state == BackupStatus::State::running) return false;
  status_ = {.state = BackupStatus::State::running,
             .began = now(),
             .newest = status_.newest,
             .made = status_.made,
             .failed = status_.failed};
  copied_bytes_ = 0;
  return true;
}

bool BackupDesk::ask() {
  if (to_.empty() || stopped_ || !begin()) return false;
  const std::lock_guard lock(mutex_);
  return is_asked_ = true;
}

BackupStatus BackupDesk::status() const {
  const std::lock_guard lock(mutex_);
  BackupStatus status = status_;
  if (status.state == BackupStatus::State::running) status.copied_bytes = copied_bytes_.load();
  return status;
}

bool BackupDesk::has_file(const char* name) const {
  std::error_code error;
  return std::filesystem::exists(path_of(name), error);
}

std::string BackupDesk::take_file() const {
  std::error_code error;
  std::filesystem::rename(path_of(request_name), path_of(taken_name), error);
  std::string to;
  std::ifstream request(path_of(taken_name));
  std::getline(request, to);
  return to;
}

// The request goes first: who has read the answer may ask again.
void BackupDesk::say(const std::string& answer) const {
  std::error_code error;
  for (const char* name : {request_name, taken_name}) std::filesystem::remove(path_of(name), error);
  const std::string path = path_of(answer_name);
  std::ofstream file(path + ".new");
  file << answer << '\n';
  file.close();
  if (file) std::filesystem::rename(path + ".new", path, error);  // else who asks sees that there is none
}

// One after the other: a file that comes while one is made waits for it.
void BackupDesk::run() {
  pthread_setname_np(pthread_self(), "tote-backup");
  if (!to_.empty()) {
    const Time newest = log_.trimmer()->newest_backup(to_);
    const std::lock_guard lock(mutex_);
    status_.newest = newest;
  }
  for (int look = 0; !stopped_; ++look) {
    std::this_thread::sleep_for(look_every);
    if (now().ns / ns_per_s == last_ended_.ns / ns_per_s) continue;  // their names tell seconds apart
    bool is_asked = false;
    {
      const std::lock_guard lock(mutex_);
      is_asked = std::exchange(is_asked_, false);
    }
    if (is_asked)
      make(to_);
    else if (look % looks_at_requests == 0 && has_file(request_name) && begin())  // else who asked meanwhile is first
      serve_file();
  }
}

// What `begin` has said.
BackupDesk::Made BackupDesk::make(const std::string& to) {
  Made made;
  made.reason = log_.trimmer()->back_up({.to = to, .stopped = &stopped_, .copied = &copied_bytes_}, made.done);
  const bool is_good = made.reason.empty();
  last_ended_ = now();
  const std::lock_guard lock(mutex_);
  status_.ended = last_ended_;
  status_.copied_bytes = is_good ? made.done.copied_bytes : copied_bytes_.load();
  status_.linked_bytes = made.done.linked_bytes;
  status_.reason = made.reason;
  status_.state = is_good ? BackupStatus::State::done : BackupStatus::State::failed;
  ++(is_good ? status_.made : status_.failed);
  if (!is_good) return made;
  status_.name = made.done.name;
  status_.last = made.done.last;
  status_.newest = status_.ended;
  return made;
}

void BackupDesk::serve_file() {
  const auto [done, reason] = make(take_file());
  if (!reason.empty()) return say("failed " + reason);
  std::string answer = "done " + done.name;
  for (const std::uint64_t each : {done.last.value, done.copied_bytes, done.linked_bytes})
    answer += ' ' + std::to_string(each);
  say(answer);
}

}  // namespace tote
