// Every answer the engine can give, by the name that clients are told. On disk by number: add, never renumber. Those
// that say no stand in one list, refusals.inc: 100 to 199 are of the door and the engine, 200 on of the domain.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace tote {

enum class Code : std::uint16_t {
  ok = 0,
  created = 1,
  accepted = 2,

#define TOTE_REFUSAL(name, number, ...) name = number,
#include "engine/kernel/refusals.inc"
#undef TOTE_REFUSAL

  // From here on: refusals of users' kinds, each kind with its own (CodeText below).
  first_of_users = 40'000,
};

// A refusal of a users' kind, frozen like those of the domain. Registered by the kind (`codes`, entity.h).
struct CodeText {
  Code code{};
  std::string_view name;      // "seat_taken": small letters, digits and _, none of ours
  std::string_view sentence;  // what a person is told
};
constexpr Code user_code(std::uint16_t number) { return static_cast<Code>(number); }
constexpr bool is_of_users(Code code) { return code >= Code::first_of_users; }

constexpr bool is_success(Code code) { return static_cast<std::uint16_t>(code) < 100; }

// Stored under the idempotency key: successes and the domain's refusals, never transport failures.
constexpr bool is_stored(Code code) { return is_success(code) || static_cast<std::uint16_t>(code) >= 200; }

// What a "no" is, for doors: each has its own way to say that (HTTP: a status).
enum class RefusalClass : std::uint8_t {
  invalid,          // not what can be asked
  unauthenticated,  // who asks isn't known
  unpaid,           // money or another right is missing
  forbidden,        // not to whoever asks
  absent,           // what it is about isn't there
  conflict,         // the state of things is against it
  stale,            // it was decided by an older version
  gone,             // it was there
  too_large,
  reused,       // the key stands for something else
  limited,      // too often
  failed,       // a defect or damage here
  unavailable,  // not now
  late,         // its deadline has passed
};
struct RefusalText {
  Code code{};
  RefusalClass category{};
  std::int64_t retry_after_s = 0;
  std::string_view name, title, detail, help;  // static
};
// All of ours, in the order of their numbers.
std::span<const RefusalText> refusals();

// "insufficient_funds"; an empty view for a number that no version has given out. Codes of users have their names with
// their kinds (kinds.h).
std::string_view name_of(Code code);

// A code of ours, or one in the range of users, which only its kind knows more of.
std::optional<Code> code_of(std::uint16_t number);

}  // namespace tote
