#include "adapters/http/response.h"

#include "adapters/http/json_writer.h"

namespace tote::http {
namespace {

void append_head(std::string& out, const Response& response, const Framing& framing) {
  if (response.is_stream)
    server::begin_stream(out, response.status, response.content_type);
  else
    server::begin_response(out, response.status, response.content_type, response.body.size());
  if (response.etag.value != 0) {
    out += "ETag: \"v";
    append_unsigned(out, response.etag.value);
    out += "\"\r\n";
  }
  if (response.lsn) server::append_header(out, "Tote-Lsn", response.lsn->value);
  if (response.replayed) out += "Idempotent-Replayed: true\r\nX-Idempotent-Replayed: true\r\n";
  if (response.retry_after_s > 0)
    server::append_header(out, "Retry-After", static_cast<std::uint64_t>(response.retry_after_s));
  if (!response.location.empty()) server::append_header(out, "Location", response.location);
  if (!response.allow.empty()) server::append_header(out, "Allow", response.allow);
  if (!response.trace.is_none()) server::append_header(out, "traceparent", traceparent_of(response.trace));
  if (response.status == 401) server::append_header(out, "WWW-Authenticate", "Bearer");
  server::end_headers(out, framing);
}

}  // namespace

void append_response(std::string& out, const Response& response, const Framing& framing) {
  append_head(out, response, framing);
  if (!framing.head_only && response.status != 304) out += response.body;
}

void move_response(std::string& out, const Response& response, const Framing& framing, std::string&& body) {
  append_head(out, response, framing);
  if (framing.head_only) return;
  body.insert(0, out);
  out = std::move(body);
}

}  // namespace tote::http
