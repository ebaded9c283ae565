// Opening the engine for a server: settings in, one clear sentence when it can't be done, progress on a terminal.
#pragma once

#include <functional>
#include <memory>

#include "adapters/cli/settings.h"
#include "engine/tote.h"

namespace tote::cli {

// `wake`, `on_effect`, `holds`, `open_log` and `on_standing_by` as in Options: no `wake`, and the engine runs a thread
// of its own. Throws Failure.
std::unique_ptr<Engine> open_engine(const Settings& settings, const Kinds& kinds, std::function<void()> wake,
                                    std::function<bool(EffectCall&)> on_effect = {},
                                    std::function<std::vector<wal::Hold>()> holds = {},
                                    std::function<wal::Log::Opened(wal::LogOptions)> open_log = {},
                                    std::function<void(Engine*)> on_standing_by = {});

}  // namespace tote::cli
