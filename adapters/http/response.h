// A response of the API: with the headers of its own, in the order that they
// always had.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/server/response.h"
#include "engine/kernel/ordinal.h"
#include "engine/kernel/trace.h"

namespace tote::http {

inline constexpr std::string_view json_type = "application/json";
inline constexpr std::string_view problem_type = "application/problem+json";
inline constexpr std::string_view text_type = "text/plain; charset=utf-8";
inline constexpr std::string_view ndjson_type = "application/x-ndjson";
inline constexpr std::string_view event_stream_type = "text/event-stream";
inline constexpr std::string_view html_type = "text/html; charset=utf-8";

using server::Framing, server::http_date;

struct Response {
  unsigned status = 200;
  std::string_view content_type = json_type;
  std::string_view body{};
  Version etag{};            // 0: none
  std::optional<Lsn> lsn{};  // Tote-Lsn
  bool replayed = false;
  std::int64_t retry_after_s = 0;  // 0: none
  std::string_view allow{};        // of 405
  std::string_view location{};     // where to look
  Trace trace{};                   // traceparent, if the caller named one
  bool is_stream = false;          // the body comes afterwards, until the connection is closed
};

void append_response(std::string& out, const Response& response, const Framing& framing);
// The same for a large body, which `response.body` views: it becomes the text instead of being copied. `out` is empty.
void move_response(std::string& out, const Response& response, const Framing& framing, std::string&& body);

}  // namespace tote::http
