// Cursors on disk: a crash leaves the old one or the new one, what can't be read is refused, old ones stay readable.
#include "adapters/events/cursor_file.h"

#include <doctest/doctest.h>

#include <filesystem>

#include "adapters/events/log_checks.h"
#include "tests/cli/program.h"
#include "tests/places.h"
#include "tests/support/made_up_log.h"

using tote::cli::test::TempDirectory;
using tote::events::Cursor;
using tote::events::CursorFile;
using tote::events::Mismatch;
using tote::events::Position;
using tote::events::Trimmed;

namespace {

const ::tests::MadeUpLog whole;

}  // namespace

TEST_CASE("cursor file: what was saved is loaded") {
  const TempDirectory directory;
  const CursorFile file(directory.file("destinations"), "nats-TOTE", whole);
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
  const CursorFile file(directory.file("destinations"), "nats-TOTE", whole);
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
  CursorFile(directory.path(), "nats-TOTE", whole).save({{{50}, 0}});
  CHECK(CursorFile(directory.path(), "nats-TOTE", ::tests::MadeUpLog(50)).load());
  CHECK_THROWS_AS(CursorFile(directory.path(), "nats-TOTE", ::tests::MadeUpLog(49)).load(), Mismatch);
  // Restored from a backup, then it has grown past the cursor with other records.
  ::tests::MadeUpLog other;
  other.later_ns = 7'777;
  CHECK_THROWS_AS(CursorFile(directory.path(), "nats-TOTE", other).load(), Mismatch);
}

TEST_CASE("cursor file: one below the log's first record is refused, and says what is missing") {
  const TempDirectory directory;
  ::tests::MadeUpLog trimmed;
  const CursorFile file(directory.path(), "nats-TOTE", trimmed);
  file.save({{{50}, 0}});
  trimmed.oldest = {50};
  CHECK(file.load());  // the record by which the log is known is there
  trimmed.oldest = {51};
  CHECK_THROWS_AS(file.load(), Trimmed);
  trimmed.oldest = {60};
  CHECK_THROWS_WITH_AS(
      file.load(),
      (file.path() + " goes on with LSN 50, but the log begins at 60: what it wasn't told is no longer there. "
                     "The way on is in docs/operations.md, \"A follower that was let go\"")
          .c_str(),
      Trimmed);
}

TEST_CASE("cursor file: those of version 1 are read") {
  const std::string golden = ::tests::source_directory() + "/tests/golden/destinations-v1";
  const auto nats = CursorFile(golden, "nats-TOTE", whole).load();
  REQUIRE(nats);
  CHECK(nats->position == Position{{41}, 2});
  CHECK(nats->notes.at("stream_sequence") == "97");
  const auto shop = CursorFile(golden, "webhook-shop", whole).load();
  REQUIRE(shop);
  CHECK(shop->notes.at("ahead") == "90/1");
  CHECK(shop->notes.at("owed default/wallet/alice") == "41/0");
  const auto gone = CursorFile(golden, "webhook-gone", whole).load();
  REQUIRE(gone);
  CHECK(gone->notes.at("disabled") == "410 Gone");
}
