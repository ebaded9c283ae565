#include "adapters/cli/opening.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>

#include "adapters/cli/errors.h"
#include "adapters/cli/log_file.h"
#include "adapters/cli/process.h"
#include "adapters/cli/progress.h"
#include "wal/archive_command.h"

namespace tote::cli {
namespace {

// An entry takes about 200 bytes, with a long key and answer up to several times that: the engine bounds both, so the
// bytes are never exceeded.
std::size_t keys_in_memory_of(std::int64_t keys_bytes) {
  constexpr std::uint64_t bytes_a_key = 512;
  const std::uint64_t bytes = keys_bytes == 0 ? memory_bytes() / 16 : static_cast<std::uint64_t>(keys_bytes);
  return std::max<std::uint64_t>(bytes / bytes_a_key, 1'000);
}

std::uint64_t entities_in_memory_of(std::int64_t entities_bytes) {
  return entities_bytes == 0 ? memory_bytes() / 4 : static_cast<std::uint64_t>(entities_bytes);
}

Retention retention_of(const Settings& settings) {
  Retention retention;
  retention.log_s = settings.log_s;
  retention.log_bytes = static_cast<std::uint64_t>(settings.log_bytes);
  retention.max_bytes = static_cast<std::uint64_t>(settings.max_bytes);
  retention.archive_directory = settings.archive_directory;
  retention.archive_keep_s = settings.archive_keep_s;
  retention.archive_command = settings.archive_command;
  const auto directory = settings.archive_directory.empty() ? settings.data : settings.archive_directory;
  if (const auto problem = wal::problem_of_archive_command(settings.archive_command, directory); !problem.empty())
    throw UsageError("archive.command: " + problem);
  return retention;
}

}  // namespace

void tell_alert(const Alert& alert) {
  if (alert.entity.empty())
    spdlog::error("alert: {}{}{}", alert.kind, alert.kind.empty() ? "" : ": ", alert.text);
  else
    spdlog::error("alert: {}/{}{}{}: {}", alert.kind, alert.entity, alert.tenant.empty() ? "" : " of ", alert.tenant,
                  alert.text);
}

Time wall_time() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::nanoseconds>(now).count()};
}

std::unique_ptr<Engine> open_engine(const Settings& settings, const Kinds& kinds, std::function<void()> wake,
                                    std::function<bool(EffectCall&)> on_effect,
                                    std::function<std::vector<wal::Hold>()> holds,
                                    std::function<wal::Log::Opened(wal::LogOptions)> open_log,
                                    std::function<void(Engine*)> on_standing_by, http::Alerts* alerts) {
  Progress progress("recovered");
  Options options;
  options.directory = settings.data;
  options.kinds = kinds;
  options.key_retention_s = settings.idempotency_retention_s;
  options.keys_in_memory_max = keys_in_memory_of(settings.keys_bytes);
  options.entities_bytes = entities_in_memory_of(settings.entities_bytes);
  options.requests_max = static_cast<std::size_t>(settings.requests_max);
  options.disk_free_bytes_min = static_cast<std::uint64_t>(settings.disk_free_bytes_min);
  options.accept_clock_skew = settings.accept_clock_skew;
  options.snapshot_interval_ms = settings.snapshot_interval_s * 1'000;
  options.on_progress = [&progress](std::uint64_t records, std::uint64_t total) { progress.at(records, total); };
  options.wake = std::move(wake);
  options.on_effect = std::move(on_effect);
  options.retention = retention_of(settings);
  options.retention.holds = std::move(holds);
  options.open_log = std::move(open_log);
  options.on_standing_by = std::move(on_standing_by);
  options.backups_directory = settings.backup_directory;
  options.on_alert = [alerts](const Alert& alert) {
    tell_alert(alert);
    if (alerts != nullptr) alerts->tell(alert, wall_time());
  };
  if (alerts != nullptr) options.on_alert_change = [alerts](const Alert& alert) { alerts->change(alert, wall_time()); };
  auto opened = Engine::open(std::move(options));
  if (const auto* error = std::get_if<OpenError>(&opened)) {
    if (error->is_unknown_kind) throw UnknownKind(sentence_of_unknown(error->lsn, error->detail));
    throw Failure(sentence_of({error->lsn, error->detail}));
  }
  return std::move(std::get<std::unique_ptr<Engine>>(opened));
}

}  // namespace tote::cli
