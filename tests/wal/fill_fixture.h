// A log that an owner has, and a node that is to be filled from it.
#pragma once

#include <doctest/doctest.h>

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "tests/wal/fixture.h"
#include "wal/fill_image.h"
#include "wal/fill_swap.h"
#include "wal/fill_target.h"
#include "wal/store.h"
#include "wal/trimmer.h"

namespace tote::wal {

inline const std::string filled_log_id = "00112233445566778899aabbccddeeff";

struct Owned {
  explicit Owned(const std::string& directory) : options(options_for(directory)) {
    options.id = filled_log_id;
    open();
  }
  void open() {
    frames = open_frames(options);
    end = frames->end();
  }
  void add(std::uint32_t count, std::uint32_t epoch) {
    const FrameEnd before = end;
    REQUIRE(append(*frames, frame_behind(end, count, epoch), before));
  }
  void trim(Lsn below) {
    Trimmer trimmer(frames->store());
    bool sealed = false;
    CHECK(trimmer.seal(below, true, {}, sealed) == "");
    CHECK(sealed);
    CHECK(trimmer.trim(below) == "");
  }
  // As a start of a node does.
  Damage start_again() {
    frames.reset();
    Damage damage = take_fill(options);
    if (damage.is_none()) open();
    return damage;
  }
  bool has(const std::string& name) const { return std::filesystem::exists(options.directory + "/" + name); }

  LogOptions options;
  std::shared_ptr<FrameStore> frames;
  FrameEnd end;
};

// So many pages, or all. Empty, or what went wrong.
inline std::string send_pages(const FillImage& image, FillTarget& target, std::size_t pages_max = SIZE_MAX) {
  std::string reason;
  FillImage::Page page;
  for (; reason.empty() && !target.is_whole() && pages_max > 0; --pages_max) {
    reason = image.read(target.next().number, target.next().offset, page);
    if (reason.empty()) reason = target.take(page.size, page.bytes);
  }
  return reason;
}

inline std::string send_all(Owned& owner, FillTarget& target) {
  std::string reason;
  const auto image = FillImage::make(owner.frames, reason);
  return image == nullptr ? reason : send_pages(*image, target);
}

struct Two {
  TemporaryDirectory directory;
  Owned owner{directory.path("owner")}, node{directory.path("node")};
  std::string disk;

  // The owner's log begins at LSN 6 and has a segment; the node has promised more than it, and shipped something.
  Two() {
    for (int i = 0; i < 4; ++i) owner.add(5, 3);
    REQUIRE(owner.frames->promise(3));
    owner.trim({11});
    REQUIRE(node.frames->disk_of("n3", disk) == "");
    REQUIRE(node.frames->promise(4));
  }
};

}  // namespace tote::wal
