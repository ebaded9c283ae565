// Opening the engine for a server: settings in, one clear sentence when it can't be done, progress on a terminal.
#pragma once

#include <functional>
#include <memory>

#include "adapters/cli/settings.h"
#include "adapters/http/alerts.h"
#include "engine/tote.h"

namespace tote::cli {

// `wake`, `on_effect`, `holds`, `open_log` and `on_standing_by` as in Options: no `wake`, and the engine runs a thread
// of its own. Throws Failure. `alerts` is told what the program's log is, and outlives the engine; null: nobody asks.
std::unique_ptr<Engine> open_engine(const Settings& settings, const Kinds& kinds, std::function<void()> wake,
                                    std::function<bool(EffectCall&)> on_effect = {},
                                    std::function<std::vector<wal::Hold>()> holds = {},
                                    std::function<wal::Log::Opened(wal::LogOptions)> open_log = {},
                                    std::function<void(Engine*)> on_standing_by = {}, http::Alerts* alerts = nullptr);

// The line `alert:` of the program's log.
void tell_alert(const Alert& alert);
Time wall_time();

}  // namespace tote::cli
