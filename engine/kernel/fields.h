// How events and answers name their fields to the edges (JSON, SQL, a terminal) without knowing any of them.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/kernel/time.h"

namespace tote {

// A visitor: describe() of an entity calls it once per field.
class Fields {
 public:
  virtual ~Fields() = default;
  virtual void integer(std::string_view name, std::int64_t value) = 0;
  virtual void text(std::string_view name, std::string_view value) = 0;
  virtual void time(std::string_view name, Time value) = 0;  // RFC 3339 in JSON
  virtual void none(std::string_view) {}                     // there is no value: null in JSON, nothing elsewhere
  virtual void begin(std::string_view name) = 0;             // a nested object
  virtual void end() = 0;
  // A list of objects, begin({}) … end() for each. Where lists aren't known, they are objects.
  virtual void begin_list(std::string_view name) { begin(name); }
  virtual void end_list() { end(); }
};

// Passes on the whole numbers that stand at the top.
class FiguresOnly final : public Fields {
 public:
  explicit FiguresOnly(Fields& to) : to_(to) {}
  void integer(std::string_view name, std::int64_t value) override {
    if (depth_ == 0) to_.integer(name, value);
  }
  void text(std::string_view, std::string_view) override {}
  void time(std::string_view, Time) override {}
  void begin(std::string_view) override { ++depth_; }
  void end() override { --depth_; }

 private:
  Fields& to_;
  int depth_ = 0;
};

}  // namespace tote
