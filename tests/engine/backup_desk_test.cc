// Backups that are asked for by files: an answer comes whatever becomes of who should give it.
#include "engine/backup_desk.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>

#include "tests/engine/disk.h"

namespace tote {
namespace {

namespace files = std::filesystem;

std::string path_in(const Disk& disk, const char* name) { return disk.options().directory + "/" + name; }

std::string text_of_file(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

// The server was killed while it made one, and started again before who asked looked whether it was there.
TEST_CASE("backup desk: who asked a program that was killed is told to ask again") {
  const Disk disk;
  { const auto engine = open_engine(disk.options()); }
  const std::string left = path_in(disk, BackupDesk::taken_name);
  std::ofstream(left) << path_in(disk, "backups") << '\n';
  const auto engine = open_engine(disk.options());
  CHECK(text_of_file(path_in(disk, BackupDesk::answer_name)) == "failed the server was started anew: ask again\n");
  CHECK_FALSE(files::exists(left));
  CHECK_FALSE(files::exists(path_in(disk, "backups")));
}

TEST_CASE("backup desk: what was asked for before the program was ready is made") {
  const Disk disk;
  { const auto engine = open_engine(disk.options()); }
  std::ofstream(path_in(disk, BackupDesk::request_name)) << disk.options().directory + "-backups" << '\n';
  const auto engine = open_engine(disk.options());
  while (!files::exists(path_in(disk, BackupDesk::answer_name))) std::this_thread::yield();
  CHECK(text_of_file(path_in(disk, BackupDesk::answer_name)).starts_with("done "));
  files::remove_all(disk.options().directory + "-backups");
}

TEST_CASE("backup desk: what is asked for by a file is made, and the request is gone before the answer") {
  const Disk disk;
  const auto engine = open_engine(disk.options());
  const std::string request = path_in(disk, BackupDesk::request_name), answer = path_in(disk, BackupDesk::answer_name);
  std::ofstream(request + ".new") << disk.options().directory + "-backups" << '\n';
  files::rename(request + ".new", request);
  while (!files::exists(answer)) std::this_thread::yield();
  CHECK_FALSE(files::exists(request));
  CHECK_FALSE(files::exists(path_in(disk, BackupDesk::taken_name)));
  CHECK(text_of_file(answer).starts_with("done "));
  files::remove_all(disk.options().directory + "-backups");
}

TEST_CASE("backup desk: an answer that finds no room isn't given in part, and the request is gone") {
  const Disk disk;
  const auto engine = open_engine(disk.options());
  const std::string request = path_in(disk, BackupDesk::request_name), answer = path_in(disk, BackupDesk::answer_name);
  files::create_symlink("/dev/full", answer + ".new");
  std::ofstream(request + ".new") << disk.options().directory + "-backups" << '\n';
  files::rename(request + ".new", request);
  CHECK(wait_until([&] { return engine->backup().state == BackupStatus::State::done; }));
  CHECK(wait_until([&] { return !files::exists(path_in(disk, BackupDesk::taken_name)); }));
  engine->close();
  CHECK_FALSE(files::exists(request));
  CHECK_FALSE(files::exists(answer));
  files::remove_all(disk.options().directory + "-backups");
}

}  // namespace tote
