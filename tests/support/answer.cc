#include "tests/support/answer.h"

#include <boost/json.hpp>
#include <chrono>
#include <cstdlib>

namespace tests {
namespace {

namespace json = boost::json;

std::string text_in(const json::object& object, std::string_view name) {
  const auto* found = object.if_contains(name);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

std::int64_t number_in(const json::object& object, std::string_view name) {
  const auto* found = object.if_contains(name);
  return found != nullptr && found->is_int64() ? found->get_int64() : 0;
}

void read_hold(const json::object& hold, Answer& answer) {
  answer.hold = text_in(hold, "id");
  answer.hold_status = text_in(hold, "status");
  answer.hold_amount = number_in(hold, "amount");
  answer.hold_captured = number_in(hold, "captured");
  answer.hold_expires_at_ms = ms_of(text_in(hold, "expires_at"));
}

void read_problem(const json::object& problem, Answer& answer) {
  answer.code = text_in(problem, "code");
  answer.outcome = text_in(problem, "outcome");
  for (const auto& member : problem)
    if (member.value().is_int64()) answer.facts.emplace(member.key(), member.value().get_int64());
}

}  // namespace

std::optional<Answer> parse_answer(const std::string& body) {
  boost::system::error_code error;
  const auto value = json::parse(body, error);
  if (error || !value.is_object()) return std::nullopt;
  const auto& object = value.get_object();
  Answer answer;
  if (object.contains("code")) {
    read_problem(object, answer);
    return answer;
  }
  answer.id = text_in(object, "id");
  answer.currency = text_in(object, "currency");
  answer.balance = number_in(object, "balance");
  answer.held = number_in(object, "held");
  answer.available = number_in(object, "available");
  answer.overdraft_limit = number_in(object, "overdraft_limit");
  answer.version = static_cast<std::uint64_t>(number_in(object, "version"));
  answer.lsn = static_cast<std::uint64_t>(number_in(object, "lsn"));
  if (const auto* hold = object.if_contains("hold"); hold != nullptr && hold->is_object())
    read_hold(hold->get_object(), answer);
  return answer;
}

std::int64_t ms_of(const std::string& time) {
  const auto part = [&](std::size_t at, std::size_t size) {
    return time.size() >= at + size ? static_cast<int>(std::strtol(time.substr(at, size).c_str(), nullptr, 10)) : 0;
  };
  using namespace std::chrono;
  const auto day = sys_days(year(part(0, 4)) / month(static_cast<unsigned>(part(5, 2))) /
                            std::chrono::day(static_cast<unsigned>(part(8, 2))));
  const auto at = day + hours(part(11, 2)) + minutes(part(14, 2)) + seconds(part(17, 2)) + milliseconds(part(20, 3));
  return duration_cast<milliseconds>(at.time_since_epoch()).count();
}

}  // namespace tests
