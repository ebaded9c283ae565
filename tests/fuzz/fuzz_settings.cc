// Any bytes as tote.toml, or as values of the environment: refused in words, or settings whose values can be set again.
//
//   first byte: 't' for the file, all else for the environment, a NAME=value a line
#include <string>
#include <string_view>

#include "adapters/cli/errors.h"
#include "adapters/cli/settings.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/memory_file.h"

namespace tote::cli {
namespace {

void check_settings(const Effective& effective) {
  Settings again;
  for (const Setting& setting : setting_table()) {
    const std::string value = value_of(setting, effective.settings);
    const bool is_given = effective.sources.contains(name_of(setting));
    const std::string problem = assign_text(setting, value, again);
    TOTE_INVARIANT(!is_given || problem.empty());
    TOTE_INVARIANT(!is_given || value_of(setting, again) == value);
  }
  TOTE_INVARIANT(endpoint_of(effective.settings.listen).has_value());
}

void check_file(std::string_view text) {
  static fuzz::MemoryFile file("tote.toml");
  file.write(text);
  Effective effective;
  try {
    read_file(file.path(), effective);
  } catch (const UsageError& error) {
    TOTE_INVARIANT(std::string_view(error.what()).starts_with(file.path()));  // it names the file
    return;
  }
  check_settings(effective);
}

void check_environment(std::string_view rest) {
  Inputs inputs;
  while (!rest.empty()) {
    std::string_view line = fuzz::take_until(rest, '\n');
    const std::string name(fuzz::take_until(line, '='));
    inputs.environment.emplace_back(name, line);
  }
  Effective effective;
  try {
    read_environment(inputs, effective);
  } catch (const UsageError& error) {
    TOTE_INVARIANT(std::string_view(error.what()).starts_with("TOTE_"));  // it names the variable
    return;
  }
  check_settings(effective);
}

}  // namespace
}  // namespace tote::cli

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view rest = tote::fuzz::text_of(data + 1, size - 1);
  data[0] == 't' ? tote::cli::check_file(rest) : tote::cli::check_environment(rest);
  return 0;
}
