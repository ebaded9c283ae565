// Writes compact JSON into a string. No clock, no locale: equal calls give equal bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/kernel/fields.h"

namespace tote::http {

void append_integer(std::string& out, std::int64_t value);
void append_unsigned(std::string& out, std::uint64_t value);
// Quoted and escaped. The text is UTF-8.
void append_string(std::string& out, std::string_view text);
// RFC 3339, UTC, milliseconds: 2026-01-02T03:04:05.123Z, unquoted.
void append_time(std::string& out, Time time);
// A member that isn't the first of its object.
void append_time_member(std::string& out, std::string_view name, Time time);

// The members of an entity's answer. Nested objects come last, after `tail` was written once (version and lsn).
class JsonFields final : public Fields {
 public:
  // Writes into `out`, which holds an open object.
  JsonFields(std::string& out, std::string_view tail) : out_(out), tail_(tail), first_(out.ends_with('{')) {}

  void integer(std::string_view name, std::int64_t value) override;
  void text(std::string_view name, std::string_view value) override;
  void time(std::string_view name, Time value) override;
  void none(std::string_view name) override;
  void begin(std::string_view name) override;
  void end() override;
  void begin_list(std::string_view name) override;
  void end_list() override;
  void finish();  // the tail, when no nested object brought it

 private:
  void member(std::string_view name);

  std::string& out_;
  std::string_view tail_;
  bool first_;  // the next member is the first of its object
  bool tail_written_ = false;
};

}  // namespace tote::http
