// A request as another node is given it.
#include <charconv>

#include "adapters/server/answer_reader.h"
#include "adapters/server/forwarder.h"

namespace tote::server {
namespace {

// Nobody's to take away: where the log is it counts, whatever Connection says of it.
bool is_of_the_contract(std::string_view name) {
  for (std::size_t i = 0; i < headers_known; ++i)
    if (is_same_name(name, name_of(static_cast<Header>(i)))) return true;
  return false;
}

void append_line(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  out += ": ";
  out += value;
  out += "\r\n";
}

// What is left of it; what isn't a number is for the other node to refuse.
std::string left_of_deadline(std::string_view value, std::int64_t waited_ms) {
  std::int64_t given = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), given);
  if (error != std::errc{} || end != value.data() + value.size() || given < 1) return std::string(value);
  return std::to_string(given > waited_ms ? given - waited_ms : 1);
}

}  // namespace

std::string forwarded_text(const Message& message, std::string_view node, std::int64_t waited_ms) {
  std::string listed;
  message.headers.each([&](std::string_view name, std::string_view value) {
    if (is_same_name(name, "Connection")) (listed += listed.empty() ? "" : ",") += value;
  });
  std::string out(name_of(message.method));
  out.append(" ").append(message.target).append(" HTTP/1.1\r\n");
  if (!message.headers.has(Header::host)) append_line(out, "Host", "localhost");  // of HTTP/1.0
  message.headers.each([&](std::string_view name, std::string_view value) {
    if (is_hop_by_hop(name, is_of_the_contract(name) ? std::string_view() : listed) ||
        is_same_name(name, "Content-Length") || is_same_name(name, "Expect") || is_same_name(name, forwarded_header))
      return;
    if (is_same_name(name, name_of(Header::tote_deadline_ms)))
      append_line(out, name, left_of_deadline(value, waited_ms));
    else
      append_line(out, name, value);
  });
  append_line(out, forwarded_header, node);
  const bool may_have_body = message.method != Method::get && message.method != Method::head;
  if (may_have_body || !message.body.empty()) append_line(out, "Content-Length", std::to_string(message.body.size()));
  return out.append("\r\n").append(message.body);
}

}  // namespace tote::server
