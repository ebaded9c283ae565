// How an entry of the program's own log looks: one line, whatever it tells.
#pragma once

#include <spdlog/formatter.h>

#include <memory>
#include <string_view>

namespace tote::cli {

// "text":  2026-01-02T03:04:05.678+00:00 info http: listening on 127.0.0.1:8080
// "json":  {"time":"2026-01-02T03:04:05.678Z","level":"info","message":"http: listening on 127.0.0.1:8080"}
std::unique_ptr<spdlog::formatter> log_lines(std::string_view format);

}  // namespace tote::cli
