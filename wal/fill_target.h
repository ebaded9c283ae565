// What a node takes of an image (fill_image.h), page by page, beside the log that it has; until it is whole, synced and
// proved as a start proves a log. The next start puts it in the log's place (fill_swap.h). What a crash leaves before
// that goes with the next one, or with a start.
//
// One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "wal/frame_store.h"

namespace tote::wal {

class NewFile;

class FillTarget {
 public:
  // `options`: of the log that is there; `id`: the log's. `end`: its end; it stays what it is, or the image is of no
  // use.
  FillTarget(LogOptions options, std::string id, const FrameEnd& end);
  ~FillTarget();
  FillTarget(const FillTarget&) = delete;
  FillTarget& operator=(const FillTarget&) = delete;

  // The page that is wanted next: of the list (number 0) first; `is_whole`: none.
  struct Place {
    std::uint32_t number = 0;
    std::uint64_t offset = 0;
    bool operator==(const Place&) const = default;
  };
  Place next() const { return next_; }
  bool is_whole() const { return has_list_ && next_.number > files_.size(); }
  // The page at next(); `size`: of the file. Empty, or why nothing comes of this image.
  std::string take(std::uint64_t size, std::string_view page);
  // Of one that is whole: proves it, and lets it count. Empty, or what went wrong.
  std::string finish();
  // What has come goes; as far as it can, the next one takes the rest away.
  void drop();

  std::uint64_t bytes() const { return bytes_; }          // that were taken
  std::uint64_t bytes_max() const { return bytes_max_; }  // of all; 0: not known yet
  // Why take() has failed: there is too little room here, so it may be tried again; or by what was sent, of which its
  // reason speaks.
  bool lacks_room() const { return lacks_room_; }
  bool blames_sender() const { return blames_sender_; }

  static constexpr std::uint64_t list_bytes_max = 64 << 20;

 private:
  struct File {
    std::string path{};
    std::uint64_t bytes = 0;
  };

  std::string blame_sender(std::string reason);
  std::string read_list();
  std::string check_room(std::uint64_t archive_bytes);
  std::string make_directories();
  std::string open_next();
  std::string sync_names() const;
  std::string path_of(const std::string& path) const;

  const LogOptions options_;
  const std::string id_;
  const FrameEnd end_;
  std::string list_;
  bool has_list_ = false, lacks_room_ = false, blames_sender_ = false;
  std::vector<File> files_;
  Place next_;
  std::unique_ptr<NewFile> file_;  // the one that is being taken
  std::uint64_t bytes_ = 0, bytes_max_ = 0;
};

}  // namespace tote::wal
