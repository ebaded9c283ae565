#include "adapters/server/response.h"

#include <charconv>
#include <ctime>

#include "adapters/server/handler.h"

namespace tote::server {
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

}  // namespace

Framing framing_of(const Exchange& exchange, std::string_view date) {
  return {exchange.head_only, exchange.close, exchange.http_1_0, date};
}

void append_header(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  out += ": ";
  out += value;
  out += "\r\n";
}

void append_header(std::string& out, std::string_view name, std::uint64_t value) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  append_header(out, name, std::string_view(digits, static_cast<std::size_t>(end - digits)));
}

void begin_response(std::string& out, unsigned status, std::string_view content_type, std::size_t body_bytes) {
  out += status_line(status);
  if (status == 304) return;
  append_header(out, "Content-Type", content_type);
  append_header(out, "Content-Length", static_cast<std::uint64_t>(body_bytes));
}

void begin_stream(std::string& out, unsigned status, std::string_view content_type) {
  out += status_line(status);
  append_header(out, "Content-Type", content_type);
  append_header(out, "Cache-Control", "no-store");
}

void end_headers(std::string& out, const Framing& framing) {
  if (!framing.date.empty()) append_header(out, "Date", framing.date);
  if (framing.close)
    out += "Connection: close\r\n";
  else if (framing.http_1_0)
    out += "Connection: keep-alive\r\n";
  out += "\r\n";
}

void append_response(std::string& out, unsigned status, std::string_view content_type, std::string_view body,
                     const Framing& framing) {
  begin_response(out, status, content_type, body.size());
  end_headers(out, framing);
  if (!framing.head_only && status != 304) out += body;
}

std::string http_date(std::int64_t unix_s) {
  const std::time_t time = unix_s;
  std::tm utc{};
  gmtime_r(&time, &utc);
  char text[40];
  return {text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &utc)};
}

}  // namespace tote::server
