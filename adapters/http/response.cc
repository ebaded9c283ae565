#include "adapters/http/response.h"

#include <ctime>

#include "adapters/http/json_writer.h"

namespace tote::http {
namespace {

std::string_view status_line(unsigned status) {
  switch (status) {
    case 200: return "HTTP/1.1 200 OK\r\n";
    case 201: return "HTTP/1.1 201 Created\r\n";
    case 202: return "HTTP/1.1 202 Accepted\r\n";
    case 304: return "HTTP/1.1 304 Not Modified\r\n";
    case 400: return "HTTP/1.1 400 Bad Request\r\n";
    case 401: return "HTTP/1.1 401 Unauthorized\r\n";
    case 402: return "HTTP/1.1 402 Payment Required\r\n";
    case 403: return "HTTP/1.1 403 Forbidden\r\n";
    case 404: return "HTTP/1.1 404 Not Found\r\n";
    case 405: return "HTTP/1.1 405 Method Not Allowed\r\n";
    case 408: return "HTTP/1.1 408 Request Timeout\r\n";
    case 409: return "HTTP/1.1 409 Conflict\r\n";
    case 410: return "HTTP/1.1 410 Gone\r\n";
    case 412: return "HTTP/1.1 412 Precondition Failed\r\n";
    case 413: return "HTTP/1.1 413 Content Too Large\r\n";
    case 422: return "HTTP/1.1 422 Unprocessable Content\r\n";
    case 429: return "HTTP/1.1 429 Too Many Requests\r\n";
    case 431: return "HTTP/1.1 431 Request Header Fields Too Large\r\n";
    case 503: return "HTTP/1.1 503 Service Unavailable\r\n";
    case 504: return "HTTP/1.1 504 Gateway Timeout\r\n";
    default: return "HTTP/1.1 500 Internal Server Error\r\n";
  }
}

void append_header(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  out += ": ";
  out += value;
  out += "\r\n";
}

void append_head(std::string& out, const Response& response, const Framing& framing) {
  out += status_line(response.status);
  if (response.status != 304) {
    append_header(out, "Content-Type", response.content_type);
    if (response.is_stream) {
      append_header(out, "Cache-Control", "no-store");
    } else {
      out += "Content-Length: ";
      append_unsigned(out, response.body.size());
      out += "\r\n";
    }
  }
  if (response.etag.value != 0) {
    out += "ETag: \"v";
    append_unsigned(out, response.etag.value);
    out += "\"\r\n";
  }
  if (response.lsn) {
    out += "Tote-Lsn: ";
    append_unsigned(out, response.lsn->value);
    out += "\r\n";
  }
  if (response.replayed) out += "Idempotent-Replayed: true\r\nX-Idempotent-Replayed: true\r\n";
  if (response.retry_after_s > 0) append_header(out, "Retry-After", std::to_string(response.retry_after_s));
  if (!response.allow.empty()) append_header(out, "Allow", response.allow);
  if (response.status == 401) append_header(out, "WWW-Authenticate", "Bearer");
  if (!framing.date.empty()) append_header(out, "Date", framing.date);
  if (framing.close)
    out += "Connection: close\r\n";
  else if (framing.http_1_0)
    out += "Connection: keep-alive\r\n";
  out += "\r\n";
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

std::string http_date(std::int64_t unix_s) {
  const std::time_t time = unix_s;
  std::tm utc{};
  gmtime_r(&time, &utc);
  char text[40];
  return {text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &utc)};
}

}  // namespace tote::http
