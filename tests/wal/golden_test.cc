// A log that an earlier build wrote, and the worked example of FORMAT.md: both must read for ever.
#include <doctest/doctest.h>

#include <cctype>
#include <filesystem>
#include <sstream>

#include "tests/places.h"
#include "tests/wal/fixture.h"
#include "wal/codec.h"
#include "wal/frame.h"
#include "wal/log.h"

namespace tote::wal {
namespace {

const std::filesystem::path golden_v1 = std::filesystem::path(::tests::source_directory()) / "tests/golden/wal-v1";

std::string listing(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out += line + '\n';
  return out;
}

// Kept as the recipe; a written golden log is never written again (a new format version gets a new directory).
TEST_CASE("golden: write" * doctest::skip()) {
  REQUIRE_FALSE(std::filesystem::exists(golden_v1));
  const std::string log = (golden_v1 / "log").string();
  write_log(log, {1, 3, 200, 2}, true);
  write_log(log, {4}, true);
  write_file((golden_v1 / "expected.txt").string(), listing(read_history(log).lines));
  for (const auto& entry : std::filesystem::directory_iterator(log)) {
    const std::string name = entry.path().filename().string();  // not needed to open, and full of this machine
    if (name.starts_with("LO") || name.starts_with("OPTIONS")) std::filesystem::remove(entry.path());
  }
}

TEST_CASE("golden: version 1 reads as it did when it was written, and goes on") {
  const TemporaryDirectory directory;
  std::filesystem::copy(golden_v1 / "log", directory.path());
  const std::string expected = read_file((golden_v1 / "expected.txt").string());
  CHECK(listing(read_history(directory.path()).lines) == expected);
  CHECK(listing(read_history(options_for(directory.path())).lines) == expected);
  write_log(directory.path(), {2}, true);
  CHECK(read_history(directory.path()).lines == sample_lines(212));
}

// The bytes between the lines "```hex" and "```": pairs of digits up to a "|", where the explanation begins.
std::string example_bytes() {
  std::istringstream in(read_file((std::filesystem::path(::tests::source_directory()) / "wal/FORMAT.md").string()));
  std::string bytes;
  bool inside = false;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("```")) {
      inside = line == "```hex";
      continue;
    }
    std::istringstream digits(inside ? line.substr(0, line.find('|')) : std::string());
    for (std::string pair; digits >> pair;) bytes += static_cast<char>(std::stoi(pair, nullptr, 16));
  }
  return bytes;
}

TEST_CASE("golden: the example in FORMAT.md is what the code writes, byte for byte, and reads") {
  const Change change{1, "alice", {1}, {}};
  Record record;
  record.time = {1'700'000'000'000'000'000};
  record.key = "k1";
  record.changes = {&change, 1};
  RecordEncoder encoder;
  std::string records;
  encoder.append(record, records);
  FrameBuilder builder;
  const FrameBuilder::Frame frame = builder.build({1}, 1, records, chain_start("000102030405060708090a0b0c0d0e0f"));
  const std::string written = std::string(frame.header) + std::string(frame.payload);

  std::ostringstream hex;
  for (const char c : written) hex << "0123456789abcdef"[(c >> 4) & 15] << "0123456789abcdef"[c & 15] << ' ';
  REQUIRE_MESSAGE(example_bytes() == written, hex.str());

  FrameHeader header;
  REQUIRE(open_frame(example_bytes(), header).empty());
  std::string unpacked(header.raw_bytes, '\0');
  REQUIRE(unpack_frame(written, header, unpacked.data()).empty());
  DecodedRecords decoded;
  REQUIRE(decoded.add(unpacked, header.count, {}).empty());
  CHECK(describe({1}, decoded.records()[0]) == describe({1}, record));
}

}  // namespace
}  // namespace tote::wal
