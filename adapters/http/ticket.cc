#include "adapters/http/ticket.h"

namespace tote::http {

void Ticket::reset() {
  Exchange::reset();
  target = {};
  match = {};
  route = nullptr;
  tenant = 0;
  is_of_server = is_of_all = false;
  role = Role::reader;
  actor.clear();
  trace = {};
  parent_span = 0;
  denial.reset();
  if_none_match.clear();
  argument.clear();
  line.clear();
  is_keyed = false;
}

std::string line_for_log(const Message& message) {
  std::string line(name_of(message.method));
  const std::string_view path = split_target(message.target).path;
  constexpr std::string_view outcomes = "/v1/outcomes/";
  return line.append(" ").append(path.starts_with(outcomes) ? "/v1/outcomes/{key}" : path);
}

}  // namespace tote::http
