// Each rule on a tree of a few lines: one that it must refuse, and its neighbour that it must not.
#include "tests/tidy/rules.h"

#include <doctest/doctest.h>

#include <string>

#include "tests/tidy/domain_words.h"
#include "tests/tidy/includes.h"
#include "tests/tidy/invariants.h"
#include "tests/tidy/rooms.h"
#include "tests/tidy/tree.h"

namespace tidy {
namespace {

// A header in every room, and what the rooms know.
Tree tree_of_rooms() {
  return {{"engine/kernel/CMakeLists.txt", "tote_room(kernel)\n"},
          {"engine/CMakeLists.txt", "# The machinery.\ntote_room(engine KNOWS kernel wal\n  USES dep::caf)\n"},
          {"wal/CMakeLists.txt", "tote_room(wal KNOWS kernel)\n"},
          {"actors/wallet/CMakeLists.txt", "tote_room(wallet KNOWS kernel)\n"},
          {"actors/item/CMakeLists.txt", "tote_room(item KNOWS kernel)\n"},
          {"adapters/http/CMakeLists.txt", "tote_room(http KNOWS kernel engine item)\n"},
          {"adapters/cli/CMakeLists.txt", "tote_room(cli KNOWS http item)\n"},
          {"bench/CMakeLists.txt", "tote_room(bench KNOWS kernel)\n"},
          {"engine/kernel/time.h", ""},
          {"engine/tote.h", "#include \"engine/kernel/time.h\"\n#include \"wal/log.h\"\n"},
          {"wal/log.h", "#include \"engine/kernel/time.h\"\n"},
          {"actors/wallet/wallet.h", "#include \"engine/kernel/time.h\"\n"},
          {"actors/item/item.h", "#include \"engine/kernel/time.h\"\n"},
          {"adapters/http/server.h", "#include \"engine/kernel/time.h\"\n#include \"engine/tote.h\"\n"},
          {"adapters/http/items.cc", "#include \"actors/item/item.h\"\n"},
          {"adapters/cli/kinds.cc", "#include \"actors/item/item.h\"\n"},
          {"adapters/cli/cli.h", "#include \"adapters/http/server.h\"\n"},
          {"bench/peers.h", "#include \"engine/kernel/time.h\"\n"},
          {"tests/wal/disk.h", ""}};
}

// What is found of `file` with this one include.
std::size_t faults(const char* path, const char* include) {
  Tree tree = tree_of_rooms();
  tree.push_back({path, "// a comment\n#include " + std::string(include) + "\n"});
  return check_includes(tree).size() + check_rooms(tree).size();
}

TEST_CASE("rooms include what they know") {
  CHECK(check_rooms(tree_of_rooms()).empty());
  CHECK(faults("engine/kernel/x.h", "\"engine/kernel/time.h\"") == 0);
  CHECK(faults("engine/kernel/x.h", "\"engine/tote.h\"") == 1);
  CHECK(faults("engine/kernel/x.h", "\"wal/log.h\"") == 1);
  CHECK(faults("wal/x.cc", "\"engine/kernel/time.h\"") == 0);
  CHECK(faults("wal/x.cc", "\"engine/tote.h\"") == 1);
  CHECK(faults("engine/x.cc", "\"wal/log.h\"") == 0);
  CHECK(faults("engine/x.cc", "\"actors/wallet/wallet.h\"") == 1);
  CHECK(faults("actors/wallet/x.cc", "\"actors/wallet/wallet.h\"") == 0);
  CHECK(faults("actors/wallet/x.cc", "\"actors/item/item.h\"") == 1);
  CHECK(faults("adapters/cli/x.cc", "\"bench/peers.h\"") == 2);  // neither the room nor the program's own rule
  CHECK(faults("adapters/cli/x.cc", "\"actors/item/item.h\"") == 1);
  CHECK(faults("adapters/cli/kinds.cc", "\"actors/item/item.h\"") == 0);
  CHECK(faults("adapters/events/x.cc", "\"actors/item/item.h\"") == 1);
  CHECK(faults("adapters/postgres/x.cc", "\"actors/item/item.h\"") == 1);
  CHECK(faults("adapters/http/x.cc", "\"actors/item/item.h\"") == 0);
  CHECK(faults("adapters/cli/main/x.cc", "\"bench/peers.h\"") == 0);
  CHECK(faults("adapters/cli/main/x.cc", "\"wal/log.h\"") == 1);
  CHECK(faults("bench/x.cc", "\"tests/wal/disk.h\"") == 1);
  CHECK(faults("tests/crash/x.cc", "\"tests/wal/disk.h\"") == 0);
  CHECK(faults("elsewhere/x.cc", "<vector>") == 1);
}

// What is found when the room of this folder knows these.
std::size_t faults_knowing(std::string_view folder, const char* room) {
  Tree tree = tree_of_rooms();
  for (File& file : tree)
    if (file.path == std::string(folder) + "/CMakeLists.txt") file.text = room;
  return check_rooms(tree).size();
}

TEST_CASE("rooms know one way, and only what they include") {
  CHECK(faults_knowing("wal", "tote_room(wal KNOWS kernel USES engine)\n") == 0);
  CHECK(faults_knowing("wal", "tote_room(wal KNOWS kernel engine)\n") == 1);
  CHECK(faults_knowing("wal", "tote_room(wal)\n") == 1);
  CHECK(faults_knowing("actors/item", "tote_room(item KNOWS kernel wallet)\n") == 1);
  CHECK(faults_knowing("actors/item", "tote_room(item KNOWS kernel engine)\n") == 1);
  CHECK(faults_knowing("adapters/http", "tote_room(http KNOWS kernel engine item cli)\n") == 1);
  CHECK(faults_knowing("adapters/http", "tote_room(http KNOWS kernel engine item nobody)\n") == 1);
}

TEST_CASE("own headers are named by their whole path") {
  CHECK(faults("wal/x.cc", "\"log.h\"") == 1);
  CHECK(faults("wal/x.cc", "\"wal/gone.h\"") == 1);
}

TEST_CASE("outside libraries stay in their rooms") {
  CHECK(faults("engine/x.cc", "<caf/all.hpp>") == 0);
  CHECK(faults("adapters/http/x.cc", "<caf/all.hpp>") == 1);
  CHECK(faults("engine/kernel/x.h", "<caf/all.hpp>") == 1);
  CHECK(faults("wal/x.cc", "<rocksdb/db.h>") == 0);
  CHECK(faults("engine/x.cc", "<rocksdb/db.h>") == 1);
  CHECK(faults("tests/wal/x.cc", "<rocksdb/env.h>") == 0);
  CHECK(faults("tests/engine/x.cc", "<rocksdb/env.h>") == 1);
  CHECK(faults("actors/wallet/codec.cc", "\"actors/wallet/wallet_generated.h\"") == 0);
  CHECK(faults("actors/wallet/apply.cc", "\"actors/wallet/wallet_generated.h\"") == 1);
  CHECK(faults("actors/wallet/codec.cc", "\"wal/record_generated.h\"") == 1);
  CHECK(faults("engine/x.cc", "<flatbuffers/flatbuffers.h>") == 1);
  CHECK(faults("engine/x.cc", "<boost/unordered/unordered_flat_map.hpp>") == 0);
  CHECK(faults("engine/x.cc", "<boost/asio.hpp>") == 1);
  CHECK(faults("adapters/http/x.cc", "<boost/asio.hpp>") == 0);
  CHECK(faults("adapters/http/x.cc", "<unheard/of.h>") == 1);
}

TEST_CASE("pure rooms have no clock, thread, file or chance") {
  for (const char* header : {"<thread>", "<mutex>", "<random>", "<fstream>", "<filesystem>", "<iostream>", "<chrono>",
                             "<cstdio>", "<unistd.h>"}) {
    CHECK(faults("engine/kernel/x.h", header) == 1);
    CHECK(faults("actors/wallet/x.cc", header) == 1);
    CHECK(faults("wal/x.cc", header) == 0);
  }
  CHECK(faults("engine/kernel/x.h", "<vector>") == 0);
  CHECK(faults("engine/kernel/invariant.h", "<cstdio>") == 0);
}

TEST_CASE("a comment is no include, odd spelling is") {
  CHECK(faults("wal/x.cc", "<vector>\n// #include <caf/all.hpp>\n/*\n#include <caf/all.hpp>\n*/") == 0);
  CHECK(faults("wal/x.cc", "<vector>\n #  include   <caf/all.hpp>") == 1);
}

TEST_CASE("the room table has one row a folder") {
  const File wal{"wal/log.cc", ""};
  const File http{"adapters/http/server.h", ""};
  CHECK(check_room_table({{"ARCHITECTURE.md", "| `wal/` | the log |\n| `adapters/http/` | the door |\n"}, wal, http})
            .empty());
  CHECK(check_room_table({{"ARCHITECTURE.md", "| `wal/` | the log |\n"}, wal, http}).size() == 1);
  CHECK(check_room_table({{"ARCHITECTURE.md", "| `wal/` | the log |\n| `gone/` | ? |\n"}, wal}).size() == 1);
  CHECK(check_room_table({{"ARCHITECTURE.md", "| `wal/` | the log |\n| `wal/` | again |\n"}, wal}).size() == 1);
  CHECK(check_room_table({{"ARCHITECTURE.md", "| `wal/` | the log |\n"}, wal, {"dev", ""}, {"cmake/Rooms.cmake", ""}})
            .empty());
  CHECK(check_room_table({{"ARCHITECTURE.md", "| `tests/` | all |\n"}, {"tests/wal/a.cc", ""}, {"tests/main.cc", ""}})
            .empty());
  CHECK(check_room_table({wal}).size() == 1);
}

TEST_CASE("500 lines are enough") {
  const std::string lines(500, '\n');
  CHECK(check_length({{"wal/log.cc", lines}}).empty());
  CHECK(check_length({{"wal/log.cc", lines + "\n"}, {"dev", lines + "\n"}, {"README.md", lines + "\n"}}).size() == 2);
}

TEST_CASE("a header begins with what it is") {
  CHECK(check_headers({{"wal/log.h", "// The log.\n#pragma once\n"}, {"bench/x.h", ""}}).empty());
  CHECK(check_headers({{"wal/log.h", "#pragma once\n"}}).size() == 2);
  CHECK(check_headers({{"wal/log.h", "// The log.\n"}}).size() == 1);
}

TEST_CASE("the embedding API explains every declaration") {
  const auto faults_of = [](const std::string& body) {
    return check_headers({{"engine/tote.h",
                           "// The API.\n#pragma once\n\nnamespace tote {\n\n" + body + "\n}  // namespace tote\n"}})
        .size();
  };
  CHECK(faults_of("// What it is.\nstruct A {\n  int member();\n};\n") == 0);
  CHECK(faults_of("struct A {\n};\n") == 1);
  CHECK(faults_of("struct A {};  // what it is\n") == 0);
  CHECK(faults_of("struct A;\nusing B = int;\n") == 0);
  CHECK(faults_of("int f(int);\n") == 1);
  CHECK(faults_of("// What it does.\ntemplate <class T>\nint f(T);\n") == 0);
  CHECK(faults_of("// What it does.\nint f(int);\nint f(long);\n\nint g();\n") == 1);
  CHECK(faults_of("template <class T>\nclass C {\n};\n") == 1);
}

TEST_CASE("no floating point in the domain, its comments or its strings excepted") {
  CHECK(check_no_floating_point({{"actors/wallet/a.cc", "double x;\nlong double y;\nfloat z;\n"}}).size() == 3);
  CHECK(check_no_floating_point(
            {{"engine/a.cc", "// double\n/* float */ int doubled = f(\"double\", 'd', 1'000, R\"(float)\");\n"}})
            .empty());
  CHECK(check_no_floating_point({{"adapters/http/metrics.cc", "double x;\n"}}).empty());
}

TEST_CASE("no locks, by any name") {
  CHECK(check_no_locks({{"actors/wallet/a.cc", "std::mutex m;\n"},
                        {"engine/kernel/a.h", "pthread_mutex_t m;\n"},
                        {"engine/a.cc", "std::shared_mutex m;\n"}})
            .size() == 3);
  CHECK(check_no_locks({{"engine/inbox.h", "std::mutex m;\n"},
                        {"wal/writer.cc", "std::mutex m;\n"},
                        {"engine/a.cc", "// a mutex\n"}})
            .empty());
}

TEST_CASE("a folder is named after what is in it") {
  CHECK(check_folder_names({{"engine/util/a.h", ""}, {"common/a.h", ""}, {"tests/helpers/a.h", ""}}).size() == 3);
  CHECK(check_folder_names({{"engine/utilization.h", ""}, {"wal/common.h", ""}}).empty());
}

TEST_CASE("what was left behind is found") {
  const std::string note = std::string("TO") + "DO";
  const std::string path = std::string("/ho") + "me/me";
  CHECK(check_left_behind({{"README.md", "see " + path + "\n"}, {"wal/a.cc", "// " + note + ": later\n"}}).size() == 2);
  CHECK(check_left_behind({{"README.md", "see docs" + path + "\n"},
                           {"tests/a.cc", "\"tote-XXXXXX\" \"" + note + "\" " + note + "S\n"}})
            .empty());
}

TEST_CASE("one object file knows where its clone lies") {
  const std::string source = "x PRIVATE X_DIRECTORY=\"${PROJECT_SOURCE_DIR}\"\n",
                    program = "X=\"$<TARGET_FILE:tote>\")\n";
  CHECK(check_definitions({{"tests/wal/CMakeLists.txt", source + program}}).size() == 2);
  CHECK(check_definitions({{"tests/CMakeLists.txt", source + program}, {"wal/CMakeLists.txt", "X=\"${VERSION}\"\n"}})
            .empty());
}

TEST_CASE("who reads the log says no word of an entity's") {
  const File seat{"actors/theatre/says.cc",
                  "constexpr Column columns[] = {{\"id\"}, {\"seat\"}};\n"
                  "constexpr Table tables[] = {{\"theatres\", columns, 1}};\n"
                  "int x = f(\"elsewhere\");\n"};
  const File kind{"actors/theatre/theatre.h",
                  "static constexpr std::string_view kind = \"theatre\";\n"
                  "static constexpr std::string_view told_names[] = {\"ticket.sold\"};\n"};
  const auto faults_in = [&](const char* path, const std::string& code) {
    return check_domain_words({seat, kind, {path, code}}).size();
  };
  CHECK(faults_in("adapters/events/a.cc", "f(\"theatre\");\n") == 1);
  CHECK(faults_in("adapters/cli/a.cc", "f(\"seats\");\n") == 1);
  CHECK(faults_in("adapters/nats/a.cc", "f(\"ticket.sold\", R\"(theatres)\");\n") == 2);
  CHECK(faults_in("adapters/postgres/a.cc", "f(\"SELECT seat FROM theatres\");\n") == 1);
  CHECK(faults_in("adapters/events/a.cc", "f(\"id\"); g('s'); // \"seat\"\nh(seat, \"elsewhere\");\n") == 0);
  CHECK(faults_in("adapters/cli/a.cc", "f(\"such as theatre/globe\");\n") == 0);
  CHECK(faults_in("adapters/http/a.cc", "f(\"seat\");\n") == 0);
  CHECK(check_domain_words({{"adapters/events/a.cc", "f(\"seat\");\n"}}).size() == 1);  // no words were found at all
}

TEST_CASE("the kernel knows no saga, seat or hold") {
  CHECK(check_kernel_words({{"engine/kernel/a.h", "int holds_max;\nvoid describe_saga();\n"}}).size() == 2);
  CHECK(check_kernel_words(
            {{"engine/kernel/a.h", "int threshold;  // a hold\nf(\"seat\");\n"}, {"engine/a.h", "int holds;\n"}})
            .empty());
}

TEST_CASE("a test without a check is no test") {
  CHECK(check_tests_check({{"tests/wal/a_test.cc", "TEST_CASE(\"x\") { run(); } // CHECK\n"}}).size() == 1);
  CHECK(check_tests_check(
            {{"tests/wal/a_test.cc", "TEST_CASE(\"x\") { CHECK(run()); }\n"}, {"tests/wal/disk.cc", "int x;\n"}})
            .empty());
}

TEST_CASE("an invariant names code and tests that are there") {
  const auto count = [](const std::string& row) {
    return check_invariants({{"docs/invariants.md", "| # | x |\n" + row + "\n"},
                             {"actors/wallet/apply.cc", "bool Wallet::check() { return true; }\n"},
                             {"tests/a_test.cc", "TEST_CASE(\"money stays\") {\n  say(\"no test\");\n}\n"}})
        .size();
  };
  CHECK(count("| 1 | x | `Wallet::check`, `wallet/apply.cc` | | `tests/a_test.cc` \"money stays\" |") == 0);
  CHECK(count("| 2 | x | `Wallet::check` | | `tests/a_test.cc` \"money stays\" |") == 1);
  CHECK(count("| 1 | x | `Wallet::verify` | | `tests/a_test.cc` \"money stays\" |") == 1);
  CHECK(count("| 1 | x | `wallet/decide.cc` | | `tests/a_test.cc` \"money stays\" |") == 1);
  CHECK(count("| 1 | x | | | `tests/a_test.cc` \"money stays\" |") == 1);
  CHECK(count("| 1 | x | `Wallet::check` | | `tests/a_test.cc` \"money goes\" |") == 1);
  CHECK(count("| 1 | x | `Wallet::check` | | `tests/a_test.cc` \"no test\" |") == 1);
  CHECK(count("| 1 | x | `Wallet::check` | | `tests/b_test.cc` \"money stays\" |") == 1);
  CHECK(count("| 1 | x | `Wallet::check` | | `tests/a_test.cc` |") == 1);
  CHECK(count("no row") == 1);
}

}  // namespace
}  // namespace tidy
