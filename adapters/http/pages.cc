#include "adapters/http/pages.h"

#include "adapters/http/json_writer.h"

namespace tote::http {
namespace {

std::string escape_html(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '&')
      out += "&amp;";
    else
      out += c;
  }
  return out;
}

std::string_view detail_of(std::string_view reason) {
  if (reason == "recovering") return "The server is still reading its log; nothing is answered from it yet.";
  if (reason == "log_full") return "The disk is nearly full: changes are refused until there is room, reads go on.";
  return "The server is going down: what was accepted is answered, nothing new is.";
}

}  // namespace

std::string home_page(std::string_view version) {
  return "Tote " + std::string(version) +
         ": an in-memory transaction engine with a write-ahead log.\n\n"
         "/openapi.json     what can be asked\n"
         "/problems/<code>  what an error means, for example /problems/insufficient_funds\n"
         "/livez /readyz    health\n"
         "/metrics          Prometheus\n"
         "/console          the same for people\n"
         "/version\n\n"
         "curl -X PUT  HOST/v1/wallets/alice         -d '{\"currency\":\"EUR\"}'\n"
         "curl -X POST HOST/v1/wallets/alice/credits -d '{\"amount\":1000}' -H 'Idempotency-Key: topup-1'\n"
         "curl         HOST/v1/wallets/alice\n";
}

std::string version_page(std::string_view version, std::string_view instance) {
  std::string out = "{\"name\":\"tote\",\"version\":";
  append_string(out, version);
  out += ",\"instance\":";
  append_string(out, instance);
  out += '}';
  return out;
}

std::string problem_page(const ProblemKind& kind) {
  const std::string title = escape_html(kind.title);
  std::string out =
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + title + "</title></head>\n<body>\n";
  out += "<h1>" + title + "</h1>\n<p><code>" + std::string(kind.code) + "</code>, status " +
         std::to_string(kind.status) + "</p>\n";
  out += "<p>" + escape_html(kind.help) + "</p>\n";
  if (kind.retry_after_s > 0)
    out += "<p>Retry after " + std::to_string(kind.retry_after_s) + " s unless the answer says otherwise.</p>\n";
  return out + "<p>The whole list is in <a href=\"/openapi.json\">/openapi.json</a>.</p>\n</body></html>\n";
}

std::string ready_page(std::string_view reason) {
  if (reason.empty()) return "{\"ready\":true}";
  std::string out = "{\"ready\":false,\"reason\":";
  append_string(out, reason);
  append_string(out += ",\"detail\":", detail_of(reason));
  return out += '}';
}

}  // namespace tote::http
