// What programs before this one wrote of events and commands: tests/golden/members-v1, one a line.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "engine/kernel/kind_of.h"
#include "tests/actors/samples.h"
#include "tests/places.h"

namespace tote {
namespace {

std::string hex(std::string_view bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    out += digits[static_cast<unsigned char>(c) >> 4U];
    out += digits[static_cast<unsigned char>(c) & 0xfU];
  }
  return out;
}

// As history, logs and events show it.
class Shown final : public Fields {
 public:
  void integer(std::string_view name, std::int64_t value) override { add(name) += std::to_string(value); }
  void text(std::string_view name, std::string_view value) override {
    add(name).append(1, '\'').append(value).append(1, '\'');
  }
  void time(std::string_view name, Time value) override { (add(name) += '@') += std::to_string(value.ns); }
  void none(std::string_view name) override { add(name) += '-'; }
  void begin(std::string_view name) override { add(name) += '('; }
  void end() override { line += " )"; }

  std::string line;

 private:
  std::string& add(std::string_view name) { return line.append(1, ' ').append(name).append(1, '='); }
};

template <class E>
std::vector<std::string> recorded_events() {
  std::vector<std::string> lines;
  for (const typename E::Event& event : samples<E>().events) {
    std::string bytes;
    E::encode(event, bytes);
    Shown fields;
    E::describe_event(event, fields);
    lines.push_back(std::string(E::kind).append(1, ' ').append(E::name_of(event)) + ' ' + hex(bytes) + fields.line);
  }
  return lines;
}

template <class E>
std::vector<std::string> recorded_digests() {
  std::vector<std::string> lines;
  for (const typename E::Command& command : samples<E>().commands) {
    std::string bytes;
    E::digest(command, bytes);
    lines.push_back(std::string(E::kind).append(1, ' ') + std::to_string(command.index()) + ' ' + hex(bytes));
  }
  return lines;
}

const std::string golden = ::tests::source_directory() + "/tests/golden/members-v1/";

std::vector<std::string> lines_of(const std::string& name) {
  std::ifstream file(golden + name);
  REQUIRE(file.good());
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

void check_recorded(const std::string& name, const std::vector<std::string>& now) {
  const std::vector<std::string> before = lines_of(name);
  CHECK(before.size() == now.size());
  for (std::size_t i = 0; i < std::min(before.size(), now.size()); ++i) CHECK(now[i] == before[i]);
}

std::vector<std::string> all_events() {
  std::vector<std::string> lines;
  each_kind([&]<class E>() {
    for (auto& line : recorded_events<E>()) lines.push_back(std::move(line));
  });
  return lines;
}

std::vector<std::string> all_digests() {
  std::vector<std::string> lines;
  each_kind([&]<class E>() {
    for (auto& line : recorded_digests<E>()) lines.push_back(std::move(line));
  });
  return lines;
}

// Kept as the recipe; what was written is never written again.
TEST_CASE("recorded: write" * doctest::skip()) {
  const auto write = [](const std::string& name, const std::vector<std::string>& lines) {
    REQUIRE_FALSE(std::filesystem::exists(golden + name));
    std::ofstream file(golden + name);
    for (const std::string& line : lines) file << line << '\n';
  };
  write("events.txt", all_events());
  write("digests.txt", all_digests());
}

TEST_CASE("recorded: events of every kind have the bytes and the description that they always had") {
  check_recorded("events.txt", all_events());
}

TEST_CASE("recorded: commands of every kind have the digest that they always had, so retries are known") {
  check_recorded("digests.txt", all_digests());
}

TEST_CASE("recorded: what was written is read, and written again it is the same") {
  each_kind([]<class E>() {
    for (const typename E::Event& event : samples<E>().events) {
      std::string bytes, again;
      E::encode(event, bytes);
      typename E::Event back;
      CAPTURE(E::name_of(event));
      REQUIRE(E::decode(bytes, back));
      E::encode(back, again);
      CHECK(again == bytes);
    }
  });
}

}  // namespace
}  // namespace tote
