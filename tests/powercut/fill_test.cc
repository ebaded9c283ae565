// The power goes at any operation of a node that is filled with another's log, in two tries: a start finds the log that
// it had, or all of the image, and what it has promised either way; once the image counts it is the image. Where it is
// the log, the next fill takes what the cut left where it is the same, and the image is whole.
#include <doctest/doctest.h>

#include <climits>
#include <cstdio>
#include <string>
#include <utility>

#include "tests/powercut/child.h"
#include "tests/powercut/fragile_disk.h"
#include "tests/powercut/seeds.h"
#include "wal/codec.h"
#include "wal/fill_image.h"
#include "wal/fill_swap.h"
#include "wal/fill_target.h"
#include "wal/frame_store.h"

namespace tests::powercut {
namespace {

using namespace tote;
using namespace tote::wal;

const std::string filled_id = "00112233445566778899aabbccddeeff";
constexpr int exit_kept = 100;
constexpr std::uint64_t promised_by_node = 7;
constexpr int pages_of_first_try = 5;  // the list, tables of the log, and some of what is no table

LogOptions options_of_filled(const std::string& directory) {
  LogOptions options;
  options.directory = directory;
  options.disk_free_bytes_min = 0;
  options.id = filled_id;
  return options;
}

std::shared_ptr<FrameStore> frames_of(const LogOptions& options) {
  auto opened = FrameStore::open(options);
  if (const auto* damage = std::get_if<Damage>(&opened)) {
    std::fputs(damage->detail.c_str(), stderr);
    return nullptr;
  }
  return std::get<std::shared_ptr<FrameStore>>(opened);
}

bool add_frames(FrameStore& frames, int count) {
  FrameEnd end = frames.end();
  for (int i = 0; i < count; ++i) {
    RecordEncoder encoder;
    std::string records;
    encoder.append({.time = {static_cast<std::int64_t>(end.last.value + 1)}, .answer = "frame"}, records);
    FrameBuilder builder;
    const auto made = builder.build(end.last.next(), 1, records, end.hash, 2);
    const std::string frame = std::string(made.header).append(made.payload);
    const std::string_view one(frame);
    if (!frames.append({&one, 1}, end)) return false;
    end = {end.last.next(), made.hash};
  }
  return true;
}

int make_owner(const std::string& directory) {
  const auto frames = frames_of(options_of_filled(directory));
  return frames != nullptr && add_frames(*frames, 40) && frames->promise(2) ? 0 : 1;
}

std::string take_pages(const std::shared_ptr<FrameStore>& owner, FillTarget& target, int pages_max) {
  std::string reason;
  const auto image = FillImage::make(owner, reason);
  for (FillImage::Page page; reason.empty() && !target.is_whole() && pages_max > 0; --pages_max) {
    reason = image->read(target.next().number, target.next().offset, page);
    if (reason.empty()) reason = target.take(page.size, page.bytes);
  }
  return reason;
}

std::string take_all(const std::shared_ptr<FrameStore>& owner, FillTarget& target) {
  const std::string reason = take_pages(owner, target, INT_MAX);
  return reason.empty() ? target.finish() : reason;
}

// Says on stderr: "l" when there is a log that has promised, "w" when the image counts, "s" when it is swapped in.
int be_filled(const std::string& directory, const std::string& left, const std::string& owner, const Mishap& mishap) {
  const auto disk = std::make_shared<FragileDisk>(directory, left, mishap);
  const auto env = rocksdb::NewCompositeEnv(disk);
  LogOptions options = options_of_filled(directory);
  options.env = env.get();
  auto frames = frames_of(options);
  std::string whose;
  if (frames == nullptr || !frames->disk_of("n3", whose).empty() || !frames->promise(promised_by_node)) return 3;
  if (!add_frames(*frames, 3)) return 3;
  std::fputc('l', stderr);
  const auto from = frames_of(options_of_filled(owner));
  if (from == nullptr) return 4;
  {
    frames.reset();
    frames = frames_of(options);
    FillTarget broken(options, filled_id, frames->end());
    if (!take_pages(from, broken, pages_of_first_try).empty()) return 5;
    broken.leave();
    FillTarget asked(options, filled_id, frames->end());
    if (const std::string reason = take_all(from, asked); !reason.empty()) {
      std::fputs(reason.c_str(), stderr);
      return 5;
    }
  }
  std::fputc('w', stderr);
  frames.reset();
  if (!take_fill(options).is_none()) return 6;
  frames = frames_of(options);
  if (frames == nullptr) return 7;
  std::fputc('s', stderr);
  return frames->end().last == Lsn{40} ? 0 : 8;
}

// What is left is of use: exit 0 when nothing of it was, 100 when something was.
int fill_rest(const LogOptions& options, const std::string& owner, std::shared_ptr<FrameStore> frames) {
  const auto from = frames_of(options_of_filled(owner));
  if (from == nullptr) return 8;
  FillTarget target(options, filled_id, frames->end());
  if (const std::string reason = take_all(from, target); !reason.empty()) {
    std::fputs(reason.c_str(), stderr);
    return 9;
  }
  const bool has_kept = target.kept_bytes() > 0;
  frames.reset();
  if (!take_fill(options).is_none()) return 10;
  frames = frames_of(options);
  if (frames == nullptr || frames->end().last != Lsn{40} || !add_frames(*frames, 1)) return 11;
  return has_kept ? exit_kept : 0;
}

int look_at_rest(const std::string& directory, const std::string& said, const std::string& owner) {
  LogOptions options = options_of_filled(directory);
  if (const Damage damage = take_fill(options); !damage.is_none()) {
    std::fputs(damage.detail.c_str(), stderr);
    return 1;
  }
  auto frames = frames_of(options);
  if (frames == nullptr) return 2;
  const bool is_image = frames->end().last == Lsn{40}, is_old = frames->end().last == Lsn{3};
  const bool is_begun = said.empty();
  std::fprintf(stderr, "ends at %llu, promised %llu", static_cast<unsigned long long>(frames->end().last.value),
               static_cast<unsigned long long>(frames->promised()));
  if (!is_begun && frames->promised() != promised_by_node) return 3;
  if (!is_begun && !is_image && !is_old) return 4;
  if (said.find('w') != std::string::npos && !is_image) return 5;
  std::string whose;
  if (!frames->disk_of("n3", whose).empty() || !whose.starts_with("n3/")) return 6;
  if (!is_begun && is_old) return fill_rest(options, owner, std::move(frames));
  return is_begun || add_frames(*frames, 1) ? 0 : 7;
}

TEST_CASE("fill: a power cut at any operation leaves the log that was there, or all of the image") {
  const TrialDirectory made;
  const std::string owner = made.path() + "/owner";
  REQUIRE(run_child(made.path() + "/said", [&] { return make_owner(owner); }).code == 0);
  int before = 0, while_taken = 0, while_swapped = 0, kept = 0;
  for (std::uint64_t at = 1; at < 5'000; ++at) {
    const TrialDirectory directory;
    const std::string data = directory.path() + "/data", left = directory.path() + "/left";
    const Mishap mishap{.kind = Mishap::Kind::cut, .at = at, .seed = at};
    const Ended ended = run_child(directory.path() + "/said", [&] { return be_filled(data, left, owner, mishap); });
    if (ended.code == 0) break;  // no such operation any more
    INFO("operation ", at, ": ", ended.said);
    REQUIRE(ended.code == exit_cut);
    ++(ended.said.empty() ? before : ended.said == "l" ? while_taken : while_swapped);
    const Ended checked =
        run_child(directory.path() + "/checked", [&] { return look_at_rest(left, ended.said, owner); });
    CHECK_MESSAGE((checked.code == 0 || checked.code == exit_kept), checked.code, checked.said);
    kept += checked.code == exit_kept ? 1 : 0;
  }
  MESSAGE(before, " before, ", while_taken, " while it was taken, ", while_swapped, " after; ", kept,
          " left what was of use");
  CHECK(while_taken > 30);
  CHECK(while_swapped > 30);
  CHECK(kept > 30);
}

}  // namespace
}  // namespace tests::powercut
