// Cursors on disk: a crash leaves the old one or the new one, what can't be read is refused, old ones stay readable.
#include "adapters/events/cursor_file.h"

#include <doctest/doctest.h>

#include <filesystem>

#include "adapters/events/follower.h"
#include "tests/cli/program.h"
#include "tests/places.h"

using tote::cli::test::TempDirectory;
using tote::events::Cursor;
using tote::events::CursorFile;
using tote::events::Mismatch;
using tote::events::Position;

namespace {

const std::string log_id = "000102030405060708090a0b0c0d0e0f";

// A log of a hundred records, the n-th made at n * 10 ns.
tote::events::LogSource log(std::uint64_t size = 100) {
  return {log_id, [size] { return tote::Lsn{size}; },
          [](tote::Lsn from, tote::Lsn to, const tote::Engine::RecordVisit& visit) {
            for (; from <= to; from = from.next()) {
              tote::wal::Record record;
              record.time.ns = static_cast<std::int64_t>(from.value * 10);
              visit(from, record);
            }
            return tote::wal::Damage{};
          }};
}

}  // namespace

TEST_CASE("cursor file: what was saved is loaded") {
  const TempDirectory directory;
  const CursorFile file(directory.file("destinations"), "nats-TOTE", log());
  CHECK_FALSE(file.load());
  file.save({{{7}, 3}, {{"a", "b\"\n"}}});
  CHECK(file.load()->position == Position{{7}, 3});
  file.save({{{99}, 0}, {}});
  CHECK(file.load()->position == Position{{99}, 0});
  CHECK(file.load()->notes.empty());
  // A crash while the next one was being written.
  directory.write("destinations/nats-TOTE.json.new", "{\"form");
  CHECK(file.load()->position.lsn == tote::Lsn{99});
}

TEST_CASE("cursor file: another log's, a newer one or a broken one is refused") {
  const TempDirectory directory;
  std::filesystem::create_directory(directory.file("destinations"));
  const CursorFile file(directory.file("destinations"), "nats-TOTE", log());
  for (const std::string text :
       {R"({"format":1,"log":"other","lsn":"1","time":"10","events":0,"notes":{}})",
        R"({"format":2,"log":"000102030405060708090a0b0c0d0e0f","lsn":"1","time":"10","events":0,"notes":{}})",
        R"({"format":1,"log":"000102030405060708090a0b0c0d0e0f","lsn":1,"time":"10","events":0,"notes":{}})",
        R"({"format":1,"log":"000102030405060708090a0b0c0d0e0f","lsn":"x","time":"10","events":0,"notes":{}})",
        R"({"format":1,"log":"000102030405060708090a0b0c0d0e0f","lsn":"1x","time":"10","events":0,"notes":{}})",
        R"({"format":1,"log":"000102030405060708090a0b0c0d0e0f","lsn":"-1","time":"10","events":0,"notes":{}})",
        R"({"format":1,"log":"000102030405060708090a0b0c0d0e0f","lsn":" 1","time":"10","events":0,"notes":{}})",
        R"({"format":1,"log":"000102030405060708090a0b0c0d0e0f","lsn":"1","time":"10 ","events":0,"notes":{}})",
        R"({"format":1,"log":"000102030405060708090a0b0c0d0e0f","lsn":"1","time":"10","events":-1,"notes":{}})",
        R"({"format":1,"log":"000102030405060708090a0b0c0d0e0f","lsn":"1","time":"10","events":4294967296,"notes":{}})",
        R"({"format":1,"log":"000102030405060708090a0b0c0d0e0f","lsn":"1")", "", "[]"}) {
    directory.write("destinations/nats-TOTE.json", text);
    CHECK_THROWS_AS_MESSAGE(file.load(), Mismatch, text);
  }
}

TEST_CASE("cursor file: a log that lost what it has acknowledged is found out") {
  const TempDirectory directory;
  CursorFile(directory.path(), "nats-TOTE", log()).save({{{50}, 0}});
  CHECK(CursorFile(directory.path(), "nats-TOTE", log(50)).load());
  CHECK_THROWS_AS(CursorFile(directory.path(), "nats-TOTE", log(49)).load(), Mismatch);
  // Restored from a backup, then it has grown past the cursor with other records.
  auto other = log();
  other.read = [](tote::Lsn from, tote::Lsn, const tote::Engine::RecordVisit& visit) {
    tote::wal::Record record;
    record.time.ns = 7'777;
    visit(from, record);
    return tote::wal::Damage{};
  };
  CHECK_THROWS_AS(CursorFile(directory.path(), "nats-TOTE", other).load(), Mismatch);
}

TEST_CASE("cursor file: those of version 1 are read") {
  const std::string golden = ::tests::source_directory() + "/tests/golden/destinations-v1";
  const auto nats = CursorFile(golden, "nats-TOTE", log()).load();
  REQUIRE(nats);
  CHECK(nats->position == Position{{41}, 2});
  CHECK(nats->notes.at("stream_sequence") == "97");
  const auto shop = CursorFile(golden, "webhook-shop", log()).load();
  REQUIRE(shop);
  CHECK(shop->notes.at("ahead") == "90/1");
  CHECK(shop->notes.at("owed default/wallet/alice") == "41/0");
  const auto gone = CursorFile(golden, "webhook-gone", log()).load();
  REQUIRE(gone);
  CHECK(gone->notes.at("disabled") == "410 Gone");
}
