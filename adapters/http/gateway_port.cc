#include "adapters/http/gateway_port.h"

#include "adapters/http/json_writer.h"

namespace tote::http {

std::string entries_text(const std::vector<GatewayPort::Entry>& entries) {
  std::string out = "[";
  for (const auto& entry : entries) {
    if (&entry != &entries.front()) out += ',';
    append_string(out += "{\"id\":", entry.id);
    append_string(out += ",\"key\":", entry.key);
    append_integer(out += ",\"amount\":", entry.amount);
    append_string(out += ",\"currency\":", entry.currency);
    append_string(out += ",\"status\":", entry.status);
    out += '}';
  }
  return out += ']';
}

}  // namespace tote::http
