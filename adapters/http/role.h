// What a token may do (API.md, "Lists, corrections, roles"): each role includes those before it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tote::http {

enum class Role : std::uint8_t {
  reader,     // GET
  writer,     // moves money between wallets, books, orders
  operator_,  // retries, skips, resumes, freezes, refunds
  issuer,     // makes and destroys money: credits, debits, overdrafts
};

inline constexpr std::array<std::string_view, 4> role_names{"reader", "writer", "operator", "issuer"};

constexpr std::string_view name_of(Role role) { return role_names[static_cast<std::size_t>(role)]; }

constexpr std::optional<Role> role_of(std::string_view name) {
  for (std::size_t i = 0; i < role_names.size(); ++i)
    if (role_names[i] == name) return static_cast<Role>(i);
  return std::nullopt;
}

// Who gave a command that needs this role stands in its record.
constexpr bool is_told_of(Role needed) { return needed >= Role::operator_; }

// A token of a tenant that may not do everything, or whose name is to be known.
struct NamedToken {
  std::string sha256;  // 64 hex digits: what is kept instead of the token
  Role role = Role::issuer;
  std::string name;  // of who has it

  bool operator==(const NamedToken&) const = default;
};

// Before the name of an operator of the whole server, wherever a record says who did something: no tenant's token may
// have a name that begins so.
inline constexpr std::string_view operator_mark = "console:";

}  // namespace tote::http
