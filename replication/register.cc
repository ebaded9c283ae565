#include "replication/register.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace tote::replication {
namespace {

constexpr std::string_view beginning = "tote 1 epoch=";

bool is_id_character(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
         c == ':' || c == '-';
}

// Takes what stands before `mark`, and the mark.
std::optional<std::string_view> take_before(std::string_view& text, std::string_view mark) {
  const std::size_t at = text.find(mark);
  if (at == std::string_view::npos) return {};
  const std::string_view taken = text.substr(0, at);
  text.remove_prefix(at + mark.size());
  return taken;
}

bool is_log_id(std::string_view text) {
  return text.size() == 32 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_sound(const Register& value) {
  return value.epoch.value > 0 && value.epoch.value <= std::numeric_limits<std::uint32_t>::max() &&
         (value.log.empty() || is_log_id(value.log)) && value.isr.size() <= in_sync_max && value.has(value.owner) &&
         std::ranges::is_sorted(value.isr) && std::ranges::adjacent_find(value.isr) == value.isr.end() &&
         std::ranges::all_of(value.isr, [](const NodeId& node) { return is_node_id(node.text); });
}

}  // namespace

bool is_node_id(std::string_view text) {
  return !text.empty() && text.size() <= node_id_bytes_max && std::ranges::all_of(text, is_id_character);
}

bool Register::has(const NodeId& node) const { return std::ranges::find(isr, node) != isr.end(); }

Register Register::with(const NodeId& node) const {
  Register out = *this;
  if (!has(node)) out.isr.insert(std::ranges::upper_bound(out.isr, node), node);
  return out;
}

Register Register::without(const NodeId& node) const {
  Register out = *this;
  std::erase(out.isr, node);
  return out;
}

std::string to_text(const Register& value) {
  std::string text(beginning);
  text += std::to_string(value.epoch.value) + " owner=" + value.owner.text + " isr=";
  for (const NodeId& node : value.isr) text += (node == value.isr.front() ? "" : ",") + node.text;
  if (!value.log.empty()) text += " log=" + value.log;
  return text;
}

std::optional<Register> read_register(std::string_view text) {
  if (!text.starts_with(beginning)) return {};
  std::string_view rest = text.substr(beginning.size());
  const auto epoch = take_before(rest, " owner=");
  const auto owner = take_before(rest, " isr=");
  if (!epoch || !owner) return {};
  Register value{{}, {std::string(*owner)}, {}, {}};
  if (std::from_chars(epoch->data(), epoch->data() + epoch->size(), value.epoch.value).ec != std::errc{}) return {};
  if (const std::size_t at = rest.find(" log="); at != std::string_view::npos) {
    value.log = rest.substr(at + 5);
    rest = rest.substr(0, at);
  }
  while (const auto node = take_before(rest, ",")) value.isr.push_back({std::string(*node)});
  value.isr.push_back({std::string(rest)});
  // One value, one text: whatever from_chars was generous about.
  if (!is_sound(value) || to_text(value) != text) return {};
  return value;
}

}  // namespace tote::replication
