// The digest of a command by its members (engine/kernel/members.h), in the bytes that wallets and items always had:
//
//   the number of the alternative, one byte, then each member
//     numbers, sums   8 bytes
//     texts           how many bytes, as a number, and these
//     a later one     nothing while it is as the struct makes it; else its number among these, one byte, from 1, and of
//                     what isn't true or false its value
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "engine/kernel/members.h"

namespace tote {

class DigestWriter {
 public:
  explicit DigestWriter(std::string& out) : out_(out) {}

  template <class T>
  void put(const T& value) {
    if constexpr (std::is_same_v<T, std::string>)
      text(value);
    else if constexpr (TextValue<T>)
      text(value.text());
    else if constexpr (std::is_same_v<T, Money>)
      number(value.minor);
    else if constexpr (std::is_same_v<T, Time>)
      number(value.ns);
    else
      number(static_cast<std::int64_t>(value));
  }
  template <class T>
  void put_later(std::uint8_t number, const T& value, const T& as_made) {
    if (value == as_made) return;
    out_.push_back(static_cast<char>(number));
    if constexpr (!std::is_same_v<T, bool>) put(value);
  }

 private:
  void number(std::int64_t value) { out_.append(reinterpret_cast<const char*>(&value), sizeof value); }
  void text(std::string_view value) {
    number(static_cast<std::int64_t>(value.size()));
    out_.append(value);
  }

  std::string& out_;
};

// Appends.
template <class... Commands>
void digest(const std::variant<Commands...>& command, std::string& out) {
  out.push_back(static_cast<char>(command.index()));
  std::visit(
      [&out]<class T>(const T& one) {
        static_assert(check_members<T>());
        DigestWriter to(out);
        std::uint8_t later = 0;
        each_member<T>([&](std::string_view, auto member, const Rules& rules) {
          if (rules.is_later)
            to.put_later(++later, one.*member, T{}.*member);
          else
            to.put(one.*member);
        });
      },
      command);
}

}  // namespace tote
