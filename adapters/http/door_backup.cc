// The part of the door that has backups made, where the settings say, and tells what became of them. They are of all
// tenants, so they are the whole server's operators'.
#include <spdlog/spdlog.h>

#include <algorithm>
#include <ctime>

#include "adapters/http/backups.h"
#include "adapters/http/door.h"
#include "adapters/http/json_writer.h"

namespace tote::http {
namespace {

std::string_view name_of(BackupStatus::State state) {
  switch (state) {
    case BackupStatus::State::none: return "none";
    case BackupStatus::State::running: return "running";
    case BackupStatus::State::done: return "done";
    case BackupStatus::State::failed: return "failed";
  }
  return {};
}

}  // namespace

void append_backup(std::string& out, const BackupStatus& backup, Time now) {
  using State = BackupStatus::State;
  append_string(out += "{\"status\":", name_of(backup.state));
  if (backup.state == State::done) {
    append_string(out += ",\"name\":", backup.name);
    append_unsigned(out += ",\"lsn\":", backup.last.value);
  }
  if (backup.began != Time{}) append_time_member(out, "began_at", backup.began);
  if (backup.ended != Time{}) append_time_member(out, "ended_at", backup.ended);
  if (backup.state != State::none) append_unsigned(out += ",\"copied_bytes\":", backup.copied_bytes);
  if (backup.state == State::done) append_unsigned(out += ",\"linked_bytes\":", backup.linked_bytes);
  if (backup.state == State::failed) append_string(out += ",\"reason\":", backup.reason);
  out += ",\"age_s\":";
  backup.newest == Time{} ? static_cast<void>(out += "null")
                          : append_integer(out, std::max<std::int64_t>((now.ns - backup.newest.ns) / ns_per_s, 0));
  out += '}';
}

// False: this is about all tenants, and the token is of one; that was said.
bool Door::concerns_asker(Asked& asked) {
  if (asked.ticket.is_of_server || open_to_all()) return true;
  refuse(asked.ticket, forbidden_to_tenants(), asked.out);
  return false;
}

// False: not by this token, or there is no place for them; that was said.
bool Door::may_back_up(Asked& asked) {
  if (!concerns_asker(asked)) return false;
  if (!options_.makes_backups)
    refuse(asked.ticket, Problem(problem::not_found, "This server has no directory for backups."), asked.out);
  return options_.makes_backups;
}

void Door::say_backup(Asked& asked, unsigned status) {
  std::string text;
  append_backup(text, engine_->backup(), Time{std::time(nullptr) * ns_per_s});
  Response response;
  response.status = status;
  response.body = text;
  if (status == 202) response.location = "/v1/admin/backup";
  write(asked.ticket, response, asked.out);
}

bool Door::serve_backup(Asked& asked) {
  if (may_back_up(asked)) say_backup(asked, 200);
  return true;
}

bool Door::begin_backup(Asked& asked) {
  if (!may_back_up(asked)) return true;
  if (engine_->back_up()) {
    spdlog::info("http: a backup was asked for by {}",
                 asked.ticket.actor.empty() ? "nobody known" : asked.ticket.actor);
    say_backup(asked, 202);
  } else {
    refuse(asked.ticket, Problem(*find_problem("backup_running")), asked.out);
  }
  return true;
}

}  // namespace tote::http
