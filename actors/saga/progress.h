// actors/saga/progress.h: how far a saga has come, and the changes that bring it on.
//
//   running       steps go forward; the current one is the first that is pending
//   compensating  what was done is undone, last step first. A step that was called and never answered may have
//                 happened: it is asked again, with the same key, until the answer is definite, and only then
//                 undone
//   stuck         an undo was refused for good: an operator retries or skips it, with a reason
//   completed, compensated: the two ends
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/kernel/code.h"
#include "engine/kernel/time.h"

namespace tote::saga {

inline constexpr std::size_t steps_max = 8;
inline constexpr std::size_t text_bytes_max = 1'000;  // an error, a provider's id, an operator's reason

// On disk by number: add, never renumber.
enum class Status : std::uint8_t {
  none = 0,  // never started
  running = 1,
  compensating = 2,
  completed = 3,
  compensated = 4,
  stuck = 5
};
enum class StepStatus : std::uint8_t { pending = 0, completed = 1, failed = 2, compensated = 3, skipped = 4 };

std::string_view name_of(Status status);
std::string_view name_of(StepStatus status);

// One thing that happened to the current step. On disk by number: add, never renumber.
enum class ChangeType : std::uint8_t {
  called = 1,       // an attempt is out; `at` is the deadline of the step
  completed = 2,    // `text` is what the outside named it (a charge's id)
  failed = 3,       // a final no: `code`, `text`
  unreachable = 4,  // no answer: it may have happened or not; tried again `at`
  turned_back = 5,  // no definite answer in time: compensation begins
  compensated = 6,
  stuck = 7,
  retried = 8,  // by an operator, who said `text`
  skipped = 9
};
std::string_view name_of(ChangeType type);

struct Change {
  ChangeType type{};
  std::uint8_t step = 0;
  Code code = Code::ok;
  Time at{};
  std::string text{};
};
using Changes = std::vector<Change>;  // of one record: a driver's run changes each step a few times at most
inline constexpr std::size_t changes_max = 8 * steps_max;

struct StepState {
  StepStatus status = StepStatus::pending;
  Code code = Code::ok;             // of the last refusal
  std::uint32_t attempts = 0;       // calls made to do it
  std::uint32_t undo_attempts = 0;  // and to undo it

  static constexpr void members(auto&& is) {
    is("status", &StepState::status);
    is("code", &StepState::code);
    is("attempts", &StepState::attempts);
    is("undo_attempts", &StepState::undo_attempts);
  }
};

// What few steps have: sagas that stay inside the engine keep none.
struct Note {
  std::uint8_t step = 0;
  std::string result{};  // what the outside named it
  std::string error{};   // for people

  static constexpr void members(auto&& is) {
    is("step", &Note::step);
    is("result", &Note::result);
    is("error", &Note::error);
  }
};

struct Progress {
  Status status = Status::none;
  std::uint8_t steps_count = 0;
  bool is_calling = false;         // an attempt of the current step is out
  std::uint32_t tries = 0;         // attempts since the last turn, against Retry::attempts_max
  std::uint64_t calls_before = 0;  // in earlier runs under the same id: an effect id never comes twice
  Time started_at{};
  Time retry_at = Time::never();  // of the current step's next attempt
  Time deadline = Time::never();  // of the current step, forward
  Code code = Code::ok;           // why it was turned back
  std::array<StepState, steps_max> steps{};
  std::vector<Note> notes{};

  static constexpr void members(auto&& is) {
    is("status", &Progress::status);
    is("steps_count", &Progress::steps_count);
    is("is_calling", &Progress::is_calling);
    is("tries", &Progress::tries);
    is("calls_before", &Progress::calls_before);
    is("started_at", &Progress::started_at);
    is("retry_at", &Progress::retry_at);
    is("deadline", &Progress::deadline);
    is("code", &Progress::code);
    is("steps", &Progress::steps);
    is("notes", &Progress::notes);
  }

  std::string_view result(std::size_t step) const;
  // In words, or the code's name; empty when there was none.
  std::string_view error(std::size_t step) const;
};

// The step that is next to be done or undone, or waits for its answer; none at the end.
std::optional<std::size_t> current(const Progress& progress);
// The current step is to be undone (and not, as yet, to be done or cleared up).
bool is_undoing(const Progress& progress);
// Something is next that the driver can do now: nobody outside is waited for.
bool wants_driver(const Progress& progress);

// A new run from the first step: fits() when there was none, or when it was compensated.
bool fits_start(const Progress& progress, std::size_t steps_count);
void start(Progress& progress, std::size_t steps_count, Time at);
bool fits(const Progress& progress, const Change& change);
void apply(Progress& progress, const Change& change);
bool check(const Progress& progress);

Time next_due(const Progress& progress);
Change due(const Progress& progress);

}  // namespace tote::saga
