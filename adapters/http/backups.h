// What is told of backups.
#pragma once

#include <string>

#include "engine/backup_status.h"
#include "engine/kernel/time.h"

namespace tote::http {

// The body of GET and POST /v1/admin/backup. `now`: by the wall clock.
void append_backup(std::string& out, const BackupStatus& backup, Time now);

}  // namespace tote::http
