#include "adapters/http/gateway_port.h"

#include "adapters/http/json_writer.h"

namespace tote::http {

void append_entries(std::string& out, const std::vector<GatewayPort::Entry>& entries) {
  out += '[';
  for (const auto& entry : entries) {
    if (&entry != &entries.front()) out += ',';
    append_string(out += "{\"id\":", entry.id);
    append_string(out += ",\"key\":", entry.key);
    append_integer(out += ",\"amount\":", entry.amount);
    append_string(out += ",\"currency\":", entry.currency);
    append_string(out += ",\"status\":", entry.status);
    out += '}';
  }
  out += ']';
}

}  // namespace tote::http
