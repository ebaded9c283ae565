// Records to bytes and back.
#include "wal/codec.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <array>
#include <deque>

#include "tests/wal/fixture.h"
#include "wal/limits.h"

namespace tote::wal {
namespace {

std::string encoded(const Record& record) {
  RecordEncoder encoder;
  std::string out;
  encoder.append(record, out);
  return out;
}

// The reason, or the record as a line.
std::string decoded(std::string_view bytes, Time last_time = {}) {
  const std::string aligned(bytes);
  DecodedRecords records;
  std::string reason = records.add(aligned, 1, last_time);
  return reason.empty() ? describe({1}, records.records().at(0)) : reason;
}

TEST_CASE("codec: every sample comes back as it went in") {
  for (std::uint64_t number = 1; number <= 8; ++number) {
    with_sample(number, [&](const Record& record) { CHECK(decoded(encoded(record)) == describe({1}, record)); });
  }
}

TEST_CASE("codec: a record's bytes are a multiple of 8 and begin with their size") {
  with_sample(2, [](const Record& record) {
    const std::string bytes = encoded(record);
    CHECK(bytes.size() % 8 == 0);
    CHECK(static_cast<unsigned char>(bytes[0]) + 4U == bytes.size());
  });
}

TEST_CASE("codec: absent and zero fields take no bytes") {
  const Record record = record_at(1);
  Record named = record;
  named.tenant = default_tenant;
  CHECK(encoded(record) == encoded(named));
  CHECK(encoded(record).size() <= 32);
}

TEST_CASE("codec: several records lie one after the other") {
  RecordEncoder encoder;
  std::string bytes;
  for (std::uint64_t number = 1; number <= 5; ++number) {
    with_sample(number, [&](const Record& record) { encoder.append(record, bytes); });
  }
  DecodedRecords records;
  REQUIRE(records.add(bytes, 5, {}).empty());
  for (std::uint64_t number = 1; number <= 5; ++number) {
    CHECK(describe({number}, records.records()[number - 1]) == sample_line(number));
  }
}

TEST_CASE("codec: records of two frames stay right when the second makes the first move") {
  std::deque<std::string> frames;
  DecodedRecords records;
  for (std::uint64_t number = 1; number <= 200; ++number) {
    with_sample(number, [&](const Record& record) { frames.push_back(encoded(record)); });
    REQUIRE(records.add(frames.back(), 1, {static_cast<std::int64_t>(number) * 1000 - 1}).empty());
  }
  for (std::uint64_t number = 1; number <= 200; ++number) {
    CHECK(describe({number}, records.records()[number - 1]) == sample_line(number));
  }
}

TEST_CASE("codec: a count that is too high is refused") {
  DecodedRecords records;
  CHECK(records.add(encoded(record_at(1)), 2, {}) == "a record's size is cut off");
  CHECK(records.records().empty());
}

TEST_CASE("codec: a count that is too low is refused") {
  DecodedRecords records;
  CHECK(records.add(encoded(record_at(1)) + encoded(record_at(2)), 1, {}) ==
        "the frame has bytes after its last record");
  CHECK(records.records().empty());
}

TEST_CASE("codec: time must rise") {
  CHECK(decoded(encoded(record_at(5)), {5}) == "a record isn't later than the one before it");
  CHECK(decoded(encoded(record_at(5)), {4}) == describe({1}, record_at(5)));
}

TEST_CASE("codec: an unknown code is refused") {
  Record record = record_at(1);
  record.code = Code::insufficient_funds;
  std::string bytes = encoded(record);
  const std::size_t at = bytes.find(static_cast<char>(203));
  REQUIRE(at != std::string::npos);
  bytes[at] = static_cast<char>(255);
  CHECK(decoded(bytes) == "a record has an unknown code");
}

TEST_CASE("codec: a version of zero is refused") {
  const Change change{1, "a", {0x77}, {}};
  Record record = record_at(1);
  record.changes = {&change, 1};
  std::string bytes = encoded(record);
  bytes[bytes.find(char{0x77})] = 0;
  CHECK(decoded(bytes) == "a change is beyond the limits of the format");
}

TEST_CASE("codec: an unknown fact is refused") {
  Record record = record_at(1);
  record.code = Code::insufficient_funds;
  record.facts = {{FactName::limit, 0x11}};
  std::string bytes = encoded(record);
  const std::size_t value = bytes.find(char{0x11});
  REQUIRE(bytes[value + 8] == static_cast<char>(FactName::limit));
  bytes[value + 8] = 99;
  CHECK(decoded(bytes) == "a fact has an unknown name");
}

TEST_CASE("codec: the largest record of every bound passes") {
  const std::string id(limits::id_bytes_max, 'i');
  const std::string key(limits::idempotency_key_bytes_max, 'k');
  const std::string answer(limits::answer_bytes_max, 'a');
  const std::vector<Change> changes(limits::changes_max, Change{65535, id, {~0ULL}, "events"});
  Record record = record_at(1);
  record.tenant = id;
  record.key = key;
  record.answer = answer;
  record.changes = changes;
  CHECK(decoded(encoded(record)) == describe({1}, record));
}

TEST_CASE("codec: no truncation of a record passes or is read beyond its end") {
  with_sample(2, [](const Record& record) {
    const std::string bytes = encoded(record);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      const std::vector<char> exact(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
      DecodedRecords records;
      CHECK_FALSE(records.add({exact.data(), exact.size()}, 1, {}).empty());
    }
  });
}

// Without the frame's checksum: whatever a flip makes of a record, reading it stays within its bytes and the limits.
TEST_CASE("codec: every bit flip of a record is refused or reads as a record within the limits") {
  with_sample(2, [](const Record& record) {
    const std::string bytes = encoded(record);
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
      std::string flipped = bytes;
      flipped[bit / 8] = static_cast<char>(static_cast<unsigned char>(flipped[bit / 8]) ^ (1U << (bit % 8)));
      DecodedRecords records;
      if (!records.add(flipped, 1, {}).empty()) continue;
      REQUIRE(records.records().size() == 1);
      CHECK(records.records()[0].changes.size() <= limits::changes_max);
      CHECK(describe({1}, records.records()[0]).size() < 4096);
    }
  });
}

// What owns the bytes of an arbitrary record.
struct Owned {
  std::deque<std::string> texts;
  std::vector<Change> changes;
  Record record;
};

std::string_view arbitrary_text(Owned& owned, std::size_t size_min, std::size_t size_max) {
  const auto size = *rc::gen::inRange(size_min, size_max + 1);
  owned.texts.push_back(*rc::gen::container<std::string>(size, rc::gen::arbitrary<char>()));
  return owned.texts.back();
}

void fill(Owned& owned) {
  Record& record = owned.record;
  record.time = {*rc::gen::inRange<std::int64_t>(1, Time::never().ns)};
  record.tenant = arbitrary_text(owned, 1, 40);
  record.key = arbitrary_text(owned, 0, limits::idempotency_key_bytes_max);
  record.fingerprint = {*rc::gen::arbitrary<std::uint64_t>(), *rc::gen::arbitrary<std::uint64_t>()};
  record.code = *rc::gen::element(Code::ok, Code::created, Code::accepted, Code::not_found, Code::too_many_holds);
  record.answer = arbitrary_text(owned, 0, 300);
  record.actor = arbitrary_text(owned, 0, limits::actor_bytes_max);
  if (*rc::gen::arbitrary<bool>())
    record.trace = {*rc::gen::arbitrary<std::uint64_t>(), *rc::gen::arbitrary<std::uint64_t>(),
                    *rc::gen::arbitrary<std::uint64_t>(), *rc::gen::arbitrary<std::uint8_t>()};
  for (auto i = *rc::gen::inRange(0, 5); i > 0; --i) {
    record.facts.add({*rc::gen::element(FactName::available, FactName::limit), *rc::gen::arbitrary<std::int64_t>()});
  }
  for (auto i = *rc::gen::inRange(0, 9); i > 0; --i) {
    const std::string_view entity = arbitrary_text(owned, 1, limits::id_bytes_max);
    const auto version = *rc::gen::inRange<std::uint64_t>(1, ~0ULL);
    owned.changes.push_back({*rc::gen::arbitrary<std::uint16_t>(), entity, {version}, arbitrary_text(owned, 0, 300)});
  }
  record.changes = owned.changes;
}

TEST_CASE("codec: property: decode(encode(record)) is the record") {
  CHECK(rc::check([] {
    Owned owned;
    fill(owned);
    RC_ASSERT(decoded(encoded(owned.record)) == describe({1}, owned.record));
  }));
}

}  // namespace
}  // namespace tote::wal
