// Commands in bodies, by their members (engine/kernel/members.h): read member by member, each with its pointer in what
// is refused, and described for the OpenAPI document. What a number may be, or a text, its rules say; sums and
// quantities are 1 to limits::amount_max unless they say otherwise.
#pragma once

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "actors/wallet/currency.h"
#include "adapters/http/reading.h"
#include "engine/kernel/members.h"

namespace tote::http {

// -- one member that is there
void read_member(JsonObject& body, std::string_view name, const Rules& rules, Money& into);
void read_member(JsonObject& body, std::string_view name, const Rules& rules, std::int64_t& into);
void read_member(JsonObject& body, std::string_view name, const Rules& rules, bool& into);
void read_member(JsonObject& body, std::string_view name, const Rules& rules, std::string& into);
void read_member(JsonObject& body, std::string_view name, const Rules& rules, Time& into);
void read_member(JsonObject& body, std::string_view name, const Rules& rules, Currency& into);

// -- its schema, as JSON
std::string schema_of(const Rules& rules, Money as_made);
std::string schema_of(const Rules& rules, std::int64_t as_made);
std::string schema_of(const Rules& rules, bool as_made);
std::string schema_of(const Rules& rules, const std::string& as_made);
std::string schema_of(const Rules& rules, Time as_made);
std::string schema_of(const Rules& rules, Currency as_made);

// A member that this body calls otherwise; it is read first.
struct Renamed {
  std::string_view member{}, name{};
};

// `from_path` is the member that the body doesn't have, because the path does.
template <auto from_path, class Member>
constexpr bool is_in_body([[maybe_unused]] Member member) {
  if constexpr (std::is_same_v<std::remove_const_t<decltype(from_path)>, Member>)
    return member != from_path;
  else
    return true;
}

template <auto from_path = nullptr, class C>
void read_members(JsonObject& body, C& command, Renamed renamed = {}) {
  const auto read = [&](bool is_renamed) {
    each_member<C>([&](std::string_view name, auto member, const Rules& rules) {
      if (!rules.is_told || !is_in_body<from_path>(member) || (name == renamed.member) != is_renamed) return;
      if (is_renamed) name = renamed.name;
      if (!rules.may_lack || body.has(name)) read_member(body, name, rules, command.*member);
    });
  };
  read(true);
  read(false);
}

template <class C>
C members_of(JsonObject& body, Renamed renamed = {}) {
  C command{};
  read_members(body, command, renamed);
  return command;
}

// Route::command of a command that is what its body says, but for the second id of the path.
template <class E, class C, auto from_path = nullptr>
void read_command(Reading& reading) {
  C command{};
  if constexpr (from_path != nullptr) command.*from_path = std::move(reading.second);
  read_members<from_path>(reading.body, command);
  reading.request.command = Command(typename E::Command(std::move(command)));
}

// Route::body_schema of it.
template <class C, auto from_path = nullptr>
std::string body_schema() {
  std::string required, properties;
  each_member<C>([&](std::string_view name, auto member, const Rules& rules) {
    if (!rules.is_told || !is_in_body<from_path>(member)) return;
    const std::string quoted = '"' + std::string(name) + '"';
    if (!rules.may_lack) required += (required.empty() ? "" : ",") + quoted;
    properties += (properties.empty() ? "" : ",") + quoted + ':' + schema_of(rules, C{}.*member);
  });
  if (!required.empty()) required = R"("required":[)" + required + "],";
  return R"({"type":"object","additionalProperties":false,)" + required + R"("properties":{)" + properties + "}}";
}

}  // namespace tote::http
