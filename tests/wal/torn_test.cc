// What a power cut leaves of the last group: any subset of its sectors, which is the end of the log, and never damage.
#include <doctest/doctest.h>

#include <filesystem>

#include "tests/wal/fixture.h"
#include "wal/crc32c.h"
#include "wal/log.h"
#include "wal/recovery_file.h"

namespace tote::wal {
namespace {

constexpr std::size_t sector_bytes = 512;

// Small groups, and a last one over several sectors, the first of which it shares with the group before.
struct LogWithLargeEnd {
  LogWithLargeEnd() {
    write_log(directory.path(), {2, 1, 12}, false);
    path = recovery_file_path(directory.path());
    bytes = read_file(path);
    RecoveryFile file(bytes);
    RecoveryFile::Group group;
    while (file.next(group)) ends.push_back(file.end());
    begin = ends[ends.size() - 2];
    for (std::size_t at = begin; at < bytes.size(); at += sector_bytes - at % sector_bytes) pieces.push_back(at);
    REQUIRE(begin % sector_bytes != 0);
    REQUIRE(pieces.size() >= 4);
  }

  // The file in which only the pieces of this subset reached the disk.
  std::string with(std::size_t subset) const {
    std::string left = bytes;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      const std::size_t end = i + 1 < pieces.size() ? pieces[i + 1] : bytes.size();
      if ((subset >> i & 1U) == 0) left.replace(pieces[i], end - pieces[i], end - pieces[i], '\0');
    }
    return left;
  }

  TemporaryDirectory directory;
  std::string path, bytes;
  std::vector<std::size_t> ends, pieces;
  std::size_t begin = 0;  // of the last group
};

TEST_CASE("torn: every subset of the last group's sectors, its first shared one among them, is a torn tail") {
  const LogWithLargeEnd log;
  const std::size_t all = (std::size_t{1} << log.pieces.size()) - 1;
  for (std::size_t subset = 0; subset < all; ++subset) {
    const std::string left = log.with(subset);
    RecoveryFile file(left);
    RecoveryFile::Group group;
    while (file.next(group)) {
    }
    CAPTURE(subset);
    REQUIRE(file.tail() == RecoveryFile::Tail::torn);
    REQUIRE(file.end() == log.begin);
  }
}

TEST_CASE("torn: a log without the first sector of its last group opens, goes on, and opens again") {
  const LogWithLargeEnd log;
  const std::size_t all = (std::size_t{1} << log.pieces.size()) - 1;
  for (const std::size_t subset : {all - 1, std::size_t{0}, std::size_t{2}, all / 2}) {
    const TemporaryDirectory copy;
    std::filesystem::copy(log.directory.path(), copy.path());
    write_file(recovery_file_path(copy.path()), log.with(subset));
    CHECK(read_history(copy.path()).lines == sample_lines(3));
    {
      const auto opened = open_log(options_for(copy.path()));
      REQUIRE(opened->start().detail.empty());
      append_group(*opened, 2);
    }
    CHECK(read_history(copy.path()).lines == sample_lines(5));
  }
}

TEST_CASE("torn: a flipped bit anywhere in the last group is damage, because one bit makes it whole") {
  const LogWithLargeEnd log;
  for (std::size_t at = log.begin; at < log.bytes.size(); ++at) {
    std::string changed = log.bytes;
    changed[at] = static_cast<char>(changed[at] ^ (1 << (at % 8)));
    RecoveryFile file(changed);
    RecoveryFile::Group group;
    while (file.next(group)) {
    }
    CAPTURE(at);
    REQUIRE(file.tail() == RecoveryFile::Tail::changed);
  }
}

TEST_CASE("torn: a checksum tells one changed bit, and not two") {
  std::string bytes(100, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 37);
  const std::uint32_t masked = masked_crc32c(bytes);
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string changed = bytes;
    changed[at] = static_cast<char>(changed[at] ^ 0x10);
    REQUIRE(is_one_change_from(changed, masked));
    char& other = changed[(at + 50) % bytes.size()];
    other = static_cast<char>(other ^ 1);
    REQUIRE_FALSE(is_one_change_from(changed, masked));
  }
  CHECK(is_one_change_from(bytes, masked ^ 0x00ff0000U));
  CHECK_FALSE(is_one_change_from(bytes, masked ^ 0x00ff0100U));
}

std::string manifest_path(const std::string& directory) {
  std::string name = read_file(directory + "/CURRENT");
  name.pop_back();
  return directory + "/" + name;
}

TEST_CASE("torn: a MANIFEST whose next record was torn across a sector opens with all that was acknowledged") {
  const TemporaryDirectory directory;
  write_log(directory.path(), {2, 2}, false);
  const std::string path = manifest_path(directory.path());
  const std::string bytes = read_file(path);
  RecoveryFile records(bytes, RecoveryFile::Content::edits);
  RecoveryFile::Group record;
  std::size_t begin = 0;
  for (std::size_t end = 0; records.next(record); end = records.end()) begin = end;
  std::string torn = bytes.substr(begin) + std::string(700, 'x');
  torn[4] = static_cast<char>(torn.size() & 0xffU);  // a length beyond what is there
  torn[5] = static_cast<char>(torn.size() >> 8U);
  SUBCASE("cut off") { write_file(path, bytes + torn.substr(0, 300)); }
  SUBCASE("only zeros") { write_file(path, bytes + std::string(900, '\0')); }
  SUBCASE("without its first sector") {
    const std::size_t missing = sector_bytes - bytes.size() % sector_bytes;
    write_file(path, bytes + std::string(missing, '\0') + torn.substr(missing));
  }
  CHECK(read_history(directory.path()).lines == sample_lines(4));
  CHECK(read_history(options_for(directory.path())).lines == sample_lines(4));
  write_log(directory.path(), {1}, true);
  CHECK(read_history(directory.path()).lines == sample_lines(5));
}

}  // namespace
}  // namespace tote::wal
