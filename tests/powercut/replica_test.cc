// The power goes at any operation of a replica's disk: what it had said to be written is there, promises and cuts, too;
// of what it was writing all or nothing.
#include <doctest/doctest.h>

#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "tests/powercut/child.h"
#include "tests/powercut/fragile_disk.h"
#include "tests/powercut/seeds.h"
#include "wal/codec.h"
#include "wal/frame_store.h"

namespace tests::powercut {
namespace {

using namespace tote;
using namespace tote::wal;

// What a start finds: what was promised, and the log by its end.
struct Seen {
  std::uint64_t promised = 0;
  FrameEnd end{};

  bool operator==(const Seen&) const = default;
};

// The same each time: steps of one disk, and what is there after each of them.
class Script {
 public:
  explicit Script(const std::string& id) : end_{{}, chain_start(id)} {
    seen_.push_back({0, end_});
    promise(1);
    add(1, 1);
    add(3, 1);
    const FrameEnd common = end_;
    add(2, 1);
    add(1, 1);
    promise(2);
    cut(common, 2);
    add(4, 2);
    add(2, 2);
    promise(5);
    const FrameEnd again = common;
    cut(again, 5);
    add(2, 5);
  }

  std::size_t size() const { return steps_.size(); }
  const Seen& after(std::size_t steps) const { return seen_[steps]; }
  bool run(FrameStore& frames, std::size_t step) const { return steps_[step](frames); }

 private:
  void promise(std::uint64_t epoch) {
    step([epoch](FrameStore& frames) { return frames.promise(epoch); }, {epoch, end_});
  }
  void add(std::uint32_t count, std::uint32_t epoch) {
    RecordEncoder encoder;
    std::string records;
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::string answer(700, static_cast<char>('a' + epoch));
      encoder.append({.time = {static_cast<std::int64_t>(end_.last.value + i + 1)}, .answer = answer}, records);
    }
    FrameBuilder builder;
    const auto made = builder.build(end_.last.next(), count, records, end_.hash, epoch);
    const std::string frame = std::string(made.header).append(made.payload);
    const FrameEnd before = end_;
    end_ = {{end_.last.value + count}, made.hash};
    step(
        [frame, before](FrameStore& frames) {
          const std::string_view one(frame);
          return frames.append({&one, 1}, before);
        },
        {seen_.back().promised, end_});
  }
  void cut(const FrameEnd& end, std::uint64_t epoch) {
    end_ = end;
    step([end, epoch](FrameStore& frames) { return frames.cut(end, epoch); }, {seen_.back().promised, end_});
  }
  void step(std::function<bool(FrameStore&)> run, Seen after) {
    steps_.push_back(std::move(run));
    seen_.push_back(after);
  }

  FrameEnd end_;
  std::vector<std::function<bool(FrameStore&)>> steps_;
  std::vector<Seen> seen_;
};

const std::string log_id = "00112233445566778899aabbccddeeff";

LogOptions log_options_of(const std::string& directory) {
  LogOptions options;
  options.directory = directory;
  options.disk_free_bytes_min = 0;
  options.id = log_id;
  return options;
}

// Says on stderr how many steps are done.
int run_steps(const std::string& directory, const std::string& image, const Mishap& mishap) {
  const Script script(log_id);
  const auto disk = std::make_shared<FragileDisk>(directory, image, mishap);
  const auto env = rocksdb::NewCompositeEnv(disk);
  LogOptions options = log_options_of(directory);
  options.env = env.get();
  auto opened = FrameStore::open(options);
  auto* frames = std::get_if<std::shared_ptr<FrameStore>>(&opened);
  if (frames == nullptr) return 3;
  for (std::size_t i = 0; i < script.size(); ++i) {
    if (!script.run(**frames, i)) return 4;
    std::fputc('.', stderr);
  }
  frames->reset();
  return 0;
}

// 0: what is left is what it was after `done` steps, or after one more.
int check(const std::string& image, std::size_t done) {
  const Script script(log_id);
  auto opened = FrameStore::open(log_options_of(image));
  if (const auto* damage = std::get_if<Damage>(&opened)) {
    std::fputs(damage->detail.c_str(), stderr);
    return 1;
  }
  const FrameStore& frames = *std::get<std::shared_ptr<FrameStore>>(opened);
  const Seen seen{frames.promised(), frames.end()};
  if (seen == script.after(done) || (done < script.size() && seen == script.after(done + 1))) return 0;
  std::fprintf(stderr, "promised %llu, ends at LSN %llu after %zu steps",
               static_cast<unsigned long long>(seen.promised), static_cast<unsigned long long>(seen.end.last.value),
               done);
  return 1;
}

TEST_CASE("replica: a power cut at any operation leaves what was said to be written, and whole steps of the rest") {
  int cuts = 0, of_steps = 0;
  for (std::uint64_t at = 1; at < 3'000; ++at) {
    const TrialDirectory directory;
    const std::string data = directory.path() + "/data", image = directory.path() + "/image";
    const Mishap mishap{.kind = Mishap::Kind::cut, .at = at, .seed = at};
    const Ended ended = run_child(directory.path() + "/said", [&] { return run_steps(data, image, mishap); });
    if (ended.code == 0) break;  // no such operation any more
    INFO("operation ", at, ": ", ended.said);
    REQUIRE(ended.code == exit_cut);
    ++cuts;
    of_steps += ended.said.empty() ? 0 : 1;
    const Ended checked = run_child(directory.path() + "/checked", [&] { return check(image, ended.said.size()); });
    CHECK_MESSAGE(checked.code == 0, checked.said);
  }
  CHECK(cuts > 50);
  CHECK(of_steps > 20);
}

}  // namespace
}  // namespace tests::powercut
