#include "engine/kernel/code.h"

#include <algorithm>
#include <array>

namespace tote {
namespace {

constexpr auto all = std::to_array<RefusalText>({
#define TOTE_REFUSAL(name, number, category, retry_after_s, title, detail, help) \
  {Code::name, RefusalClass::category, retry_after_s, #name, title, detail, help},
#include "engine/kernel/refusals.inc"
#undef TOTE_REFUSAL
});
static_assert(std::ranges::is_sorted(all, std::ranges::less{}, &RefusalText::code));

}  // namespace

std::span<const RefusalText> refusals() { return all; }

std::string_view name_of(Code code) {
  switch (code) {
    case Code::ok: return "ok";
    case Code::created: return "created";
    case Code::accepted: return "accepted";
#define TOTE_REFUSAL(name, ...) \
  case Code::name:              \
    return #name;
#include "engine/kernel/refusals.inc"
#undef TOTE_REFUSAL
    case Code::first_of_users: break;
  }
  return {};
}

std::optional<Code> code_of(std::uint16_t number) {
  const auto code = static_cast<Code>(number);
  if (name_of(code).empty() && !is_of_users(code)) return std::nullopt;
  return code;
}

}  // namespace tote
