#include "adapters/cli/text.h"

#include <array>
#include <cstdio>

#include "adapters/http/json_writer.h"

namespace tote::cli {

void TextFields::add(std::string_view name, std::string_view value) {
  if (!out_.empty() && out_.back() != '(') out_ += ' ';
  out_.append(name).append("=").append(value);
}

void TextFields::time(std::string_view name, Time value) { add(name, time_text(value)); }

void TextFields::begin(std::string_view name) {
  if (!out_.empty() && out_.back() != '(') out_ += ' ';
  out_.append(name).append("(");
}

void TextFields::end() { out_ += ')'; }

void EventText::begin(std::string_view name) {
  if (depth_++ > 0) return fields_.begin(name);
  out_.append(first_ ? "" : ", ").append(name);
  first_ = false;
}

void EventText::end() {
  if (--depth_ > 0) fields_.end();
}

std::string time_text(Time time) {
  std::string text;
  http::append_time(text, time);
  return text;
}

std::string seconds(std::uint64_t nanoseconds) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.3f s", static_cast<double>(nanoseconds) / 1e9);
  return text.data();
}

}  // namespace tote::cli
