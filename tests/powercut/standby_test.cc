// The power goes at any operation of a machine that stands by, while it takes frames, writes rows and keys of what they
// say, and counts snapshots: the next start finds all frames that it had said to have, goes on, and comes to the states
// and books of the machine that made them.
#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "actors/wallet/wallet.h"
#include "engine/kernel/kinds.h"
#include "engine/kernel/money_books.h"
#include "engine/tote.h"
#include "tests/powercut/child.h"
#include "tests/powercut/fragile_disk.h"
#include "tests/powercut/seeds.h"
#include "wal/frame_store.h"
#include "wal/replica_log.h"
#include "wal/replica_seam.h"

namespace tests::powercut {
namespace {

using namespace tote;
using namespace tote::wal;

constexpr int exit_not_opened = 3, exit_differs = 4;

Options small(const std::string& directory) {
  Options options;
  options.directory = directory;
  options.kinds = {kind_of<Wallet>(), kind_of<MoneyBooks>()};
  options.disk_free_bytes_min = 0;
  options.entities_bytes = 20 * 1'700;
  options.keys_in_memory_max = 200;
  options.snapshot_interval_ms = 2;
  options.table_bytes = 64 << 10;
  return options;
}

// Everything that exists, a line each.
std::string states_of(const std::string& directory) {
  Options options = small(directory);
  options.read_only = true;
  options.entities_bytes = 0;
  auto opened = Engine::open(std::move(options));
  if (const auto* error = std::get_if<OpenError>(&opened)) return "refused: " + error->detail;
  std::map<std::string, std::string> states;
  std::get<std::unique_ptr<Engine>>(opened)->visit(
      [&](std::string_view, const Kind& kind, std::string_view id, const AnyEntity& entity) {
        std::string state = std::to_string(entity.version.value) + " " + std::to_string(entity.lsn.value) + " ";
        entity.encode_state(state);
        states[std::string(kind.name()) + "/" + std::string(id)] = state;
      });
  std::string all;
  for (const auto& [name, state] : states) all.append(name).append(" ").append(state).append("\n");
  return all;
}

struct Made {
  std::string id, states;
  std::vector<std::string> frames;
};

void put(std::ofstream& file, const std::string& bytes) { file << bytes.size() << '\n' << bytes; }
std::string take(std::ifstream& file) {
  std::size_t size = 0;
  file >> size;
  file.get();
  std::string bytes(size, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(size));
  return bytes;
}

// What an owner has: wallets, holds, keys, and its books now and then.
int make(const std::string& directory, const std::string& path) {
  auto opened = Engine::open(small(directory));
  auto* const made = std::get_if<std::unique_ptr<Engine>>(&opened);
  if (made == nullptr) return exit_not_opened;
  Engine& engine = **made;
  for (int i = 0; i < 600; ++i) {
    const std::string id = "w" + std::to_string(i * 7 % 60), key = i % 3 == 0 ? "" : "k" + std::to_string(i);
    Wallet::Command command = Wallet::Credit{{1 + i % 9}};
    if (i < 60) command = Wallet::Open{*currency_of("EUR"), {0}};
    if (i % 11 == 5) command = Wallet::Hold{"h" + std::to_string(i), {1}, 900 + i};
    engine.call(request<Wallet>(id, std::move(command), key));
    if (i % 100 == 99) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  engine.close();
  made->reset();
  std::ofstream file(path);
  LogOptions log;
  log.directory = directory;
  log.disk_free_bytes_min = 0;
  auto frames = FrameStore::open(log);
  auto* const store = std::get_if<std::shared_ptr<FrameStore>>(&frames);
  if (store == nullptr) return exit_not_opened;
  put(file, (*store)->id());
  std::vector<std::string> all;
  (*store)->each_after({}, [&](std::string_view frame) { return all.emplace_back(frame), true; });
  store->reset();
  put(file, states_of(directory));
  for (const std::string& frame : all) put(file, frame);
  return 0;
}

Made read_made(const std::string& path) {
  std::ifstream file(path);
  Made made;
  made.id = take(file);
  made.states = take(file);
  while (file.peek() != std::ifstream::traits_type::eof()) made.frames.push_back(take(file));
  return made;
}

// Takes the frames that it hasn't, one after the other, and says on stderr when each is on its disk.
class Feeding {
 public:
  Feeding(const Made& made, FrameStore& frames, ReplicaSeam& seam) : made_(made), frames_(frames), seam_(seam) {}

  bool run() {
    FrameEnd end = frames_.end();
    seam_.may_apply(end.last);
    for (const std::string& frame : made_.frames) {
      FrameHeader header;
      if (!open_frame(frame, header).empty()) return false;
      if (header.last > end.last) {
        const std::string_view one(frame);
        if (!frames_.append({&one, 1}, end)) return false;
        end = {header.last, hash_of(frame)};
        std::fputc('.', stderr);
      } else {
        std::fputc('.', stderr);  // it was there
      }
      seam_.may_apply(end.last);
      if (++count_ % 8 == 0) wait_for(end.last);
    }
    wait_for(end.last);
    return true;
  }

 private:
  // And for a round.
  void wait_for(Lsn lsn) const {
    while (seam_.applied() < lsn && !seam_.is_stopped()) std::this_thread::sleep_for(std::chrono::microseconds(100));
    std::this_thread::sleep_for(std::chrono::milliseconds(3));
  }

  const Made& made_;
  FrameStore& frames_;
  ReplicaSeam& seam_;
  int count_ = 0;
};

int stand_by(const std::string& directory, const Made& made, rocksdb::Env* env) {
  LogOptions log;
  log.directory = directory;
  log.disk_free_bytes_min = 0;
  log.table_bytes = 64 << 10;
  log.id = made.id;
  log.env = env;
  auto opened = FrameStore::open(log);
  if (const auto* damage = std::get_if<Damage>(&opened))
    return std::fputs(damage->detail.c_str(), stderr), exit_not_opened;
  const auto frames = std::get<std::shared_ptr<FrameStore>>(opened);
  const auto seam = std::make_shared<ReplicaSeam>();
  Options options = small(directory);
  options.open_log = [&](LogOptions given) -> Log::Opened {
    given.env = env;
    return open_replica_log(std::move(given), frames, seam);
  };
  bool is_fed = false;
  std::thread feeding([&] {
    is_fed = Feeding(made, *frames, *seam).run();
    seam->stop("all is there");
  });
  const auto engine = Engine::open(std::move(options));
  feeding.join();
  const auto* error = std::get_if<OpenError>(&engine);
  if (error != nullptr && error->detail == "all is there" && is_fed) return 0;
  return std::fputs(error == nullptr ? "it owns the log" : error->detail.c_str(), stderr), exit_not_opened;
}

int stand_by_with(const std::string& directory, const std::string& image, const Made& made, const Mishap& mishap) {
  const auto disk = std::make_shared<FragileDisk>(directory, image, mishap);
  const auto env = rocksdb::NewCompositeEnv(disk);
  return stand_by(directory, made, env.get());
}

// What was said to be there is, and the rest comes to the same.
int go_on(const std::string& directory, const Made& made, std::size_t said) {
  Lsn end;
  {
    LogOptions log;
    log.directory = directory;
    log.disk_free_bytes_min = 0;
    log.id = made.id;
    auto opened = FrameStore::open(log);
    if (const auto* damage = std::get_if<Damage>(&opened))
      return std::fputs(damage->detail.c_str(), stderr), exit_not_opened;
    end = std::get<std::shared_ptr<FrameStore>>(opened)->end().last;
  }
  FrameHeader header;
  if (said > 0 && open_frame(made.frames[said - 1], header).empty() && header.last > end)
    return std::fputs("a frame is lost", stderr), exit_differs;
  if (const int code = stand_by(directory, made, nullptr); code != 0) return code;
  const std::string states = states_of(directory);
  return states == made.states ? 0 : (std::fputs(states.c_str(), stderr), exit_differs);
}

TEST_CASE("standby: a power cut at any operation loses nothing that it had, and it comes to the owner's states") {
  const TrialDirectory source;
  const Ended done =
      run_child(source.path() + "/said", [&] { return make(source.path() + "/data", source.path() + "/made"); });
  REQUIRE(done.code == 0);
  const Made made = read_made(source.path() + "/made");
  REQUIRE(made.frames.size() > 50);
  REQUIRE(made.states.size() > 1'000);
  int cuts = 0, of_rows = 0;
  for (std::uint64_t at = 1; at < 20'000; at += 1 + at / 12) {
    const TrialDirectory directory;
    const std::string data = directory.path() + "/data", image = directory.path() + "/image";
    const Mishap mishap{.kind = Mishap::Kind::cut, .at = at, .seed = at};
    const Ended ended = run_child(directory.path() + "/said", [&] { return stand_by_with(data, image, made, mishap); });
    if (ended.code == 0) break;  // no such operation any more
    INFO("operation ", at, ": ", ended.said);
    REQUIRE(ended.code == exit_cut);
    ++cuts;
    of_rows += ended.said.size() > 20 ? 1 : 0;
    const Ended checked =
        run_child(directory.path() + "/checked", [&] { return go_on(image, made, ended.said.size()); });
    CHECK_MESSAGE(checked.code == 0, checked.said);
  }
  std::printf("standby: %d power cuts, %d of them among rows\n", cuts, of_rows);
  CHECK(cuts > 30);
  CHECK(of_rows > 10);
}

}  // namespace
}  // namespace tests::powercut
