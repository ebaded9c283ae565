#include "engine/answer_check.h"

#include <map>

namespace tote {
namespace {

// The fields of an answer at its top level. A nested object is about what the command asked, which the log doesn't
// keep.
class Flat final : public Fields {
 public:
  void integer(std::string_view name, std::int64_t value) override { add(name, std::to_string(value)); }
  void text(std::string_view name, std::string_view value) override { add(name, std::string(value)); }
  void time(std::string_view name, Time value) override { add(name, std::to_string(value.ns)); }
  void begin(std::string_view) override { ++depth_; }
  void end() override { --depth_; }

  std::map<std::string, std::string> fields;

 private:
  void add(std::string_view name, std::string value) {
    if (depth_ == 0) fields[std::string(name)] = std::move(value);
  }

  int depth_ = 0;
};

std::string differing_field(const Flat& recorded, const Flat& state) {
  for (const auto& [name, value] : state.fields)
    if (const auto found = recorded.fields.find(name); found != recorded.fields.end() && found->second != value)
      return name + " " + found->second + ", but the state after it has " + value;
  return {};
}

}  // namespace

std::string problem_of_answer(const Kind& kind, std::string_view id, const AnyEntity* entity, std::string_view answer) {
  if (entity == nullptr || answer.empty() || kind.is_active()) return {};
  Flat recorded, state;
  if (!kind.describe_answer(id, answer, recorded)) return "has an answer that can't be read";
  std::string read;
  entity->answer({}, read);
  kind.describe_answer(id, read, state);
  const auto difference = differing_field(recorded, state);
  return difference.empty() ? difference : "was answered with " + difference;
}

}  // namespace tote
