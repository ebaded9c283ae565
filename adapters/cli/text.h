// Lines for people: "credited amount=1000 reference=topup-1".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/kernel/fields.h"
#include "engine/kernel/sum.h"
#include "engine/kernel/time.h"

namespace tote::cli {

// Appends " name=value" for each field; a nested object is " name(…)".
class TextFields : public Fields {
 public:
  explicit TextFields(std::string& out) : out_(out) {}

  void integer(std::string_view name, std::int64_t value) override { add(name, std::to_string(value)); }
  void text(std::string_view name, std::string_view value) override { add(name, value); }
  void time(std::string_view name, Time value) override;
  void begin(std::string_view name) override;
  void end() override;

 private:
  void add(std::string_view name, std::string_view value);

  std::string& out_;
};

// The same for the events of a record, which come as nested objects: "debited amount=5, held hold=h1 amount=3".
class EventText final : public Fields {
 public:
  explicit EventText(std::string& out) : out_(out), fields_(out) {}

  void integer(std::string_view name, std::int64_t value) override { fields_.integer(name, value); }
  void text(std::string_view name, std::string_view value) override { fields_.text(name, value); }
  void time(std::string_view name, Time value) override { fields_.time(name, value); }
  void begin(std::string_view name) override;
  void end() override;

 private:
  std::string& out_;
  TextFields fields_;
  int depth_ = 0;
  bool first_ = true;
};

// "2026-01-02T03:04:05.123Z"
std::string time_text(Time time);
// "0.021 s"
std::string seconds(std::uint64_t nanoseconds);

}  // namespace tote::cli
