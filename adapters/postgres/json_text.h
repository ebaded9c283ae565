// An object or a list as the text that PostgreSQL shows of a jsonb: what is written can be compared with what is read.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/kernel/fields.h"

namespace tote::postgres {

class JsonText final : public Fields {
 public:
  void integer(std::string_view name, std::int64_t value) override { add(name, std::to_string(value)); }
  void text(std::string_view name, std::string_view value) override { add(name, quoted(value)); }
  void time(std::string_view name, Time value) override;
  void none(std::string_view name) override { add(name, "null"); }
  void begin(std::string_view name) override { open_.push_back({std::string(name), false, {}}); }
  void end() override { close(); }
  void begin_list(std::string_view name) override { open_.push_back({std::string(name), true, {}}); }
  void end_list() override { close(); }

  // The outermost object or list has ended.
  bool is_whole() const { return open_.empty(); }
  std::string take() { return std::exchange(text_, {}); }

 private:
  using Member = std::pair<std::string, std::string>;  // name and text; of a list the names are empty
  struct Open {
    std::string name;
    bool is_list;
    std::vector<Member> members;
  };

  static std::string quoted(std::string_view text);
  static std::string text_of(Open open);
  void add(std::string_view name, std::string text) { open_.back().members.emplace_back(name, std::move(text)); }
  void close();

  std::vector<Open> open_;
  std::string text_;
};

}  // namespace tote::postgres
