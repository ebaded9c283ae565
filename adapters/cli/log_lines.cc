#include "adapters/cli/log_lines.h"

#include <spdlog/pattern_formatter.h>

#include <string>

#include "adapters/events/clean_text.h"
#include "adapters/http/json_writer.h"
#include "engine/kernel/time.h"

namespace tote::cli {
namespace {

// What is told may come from elsewhere, such as a database's message of several lines: an entry of the log is one line.
class OneLine final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&, spdlog::memory_buf_t& out) override {
    bool is_blank = false;  // runs of line breaks and what indents the next line become one blank
    for (const char c : message.payload) {
      const bool breaks = c == '\n' || c == '\r' || (is_blank && (c == ' ' || c == '\t'));
      if (!breaks && is_blank) out.push_back(' ');
      if (!breaks) append(c, out);
      is_blank = breaks;
    }
  }
  std::unique_ptr<custom_flag_formatter> clone() const override { return std::make_unique<OneLine>(); }

 private:
  // What a terminal would obey is shown instead.
  static void append(char c, spdlog::memory_buf_t& out) {
    constexpr std::string_view hex = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\t' || (byte >= 0x20 && byte != 0x7f)) return out.push_back(c);
    for (const char shown : {'\\', 'x', hex[byte >> 4], hex[byte & 15]}) out.push_back(shown);
  }
};

class JsonLines final : public spdlog::formatter {
 public:
  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
    using namespace std::chrono;
    line_ = R"({"time":")";
    http::append_time(line_, Time{duration_cast<nanoseconds>(message.time.time_since_epoch()).count()});
    line_ += R"(","level":")";
    const auto& level = spdlog::level::to_string_view(message.level);
    line_.append(level.data(), level.size()) += R"(","message":)";
    http::append_string(line_, events::clean_text({message.payload.data(), message.payload.size()}));
    line_ += "}\n";
    out.append(line_.data(), line_.data() + line_.size());
  }
  std::unique_ptr<formatter> clone() const override { return std::make_unique<JsonLines>(); }

 private:
  std::string line_;  // of the sink, which has one writer at a time
};

}  // namespace

std::unique_ptr<spdlog::formatter> log_lines(std::string_view format) {
  if (format == "json") return std::make_unique<JsonLines>();
  auto text = std::make_unique<spdlog::pattern_formatter>();
  text->add_flag<OneLine>('*').set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %^%l%$ %*");
  return text;
}

}  // namespace tote::cli
