// What a node takes of an image (fill_image.h), page by page, beside the log that it has; until it is whole, synced and
// proved as a start proves a log. The next start puts it in the log's place (fill_swap.h).
//
// Where it breaks off, or the process or the power does, the files stay that are whole and never change. The next one
// takes them for its own where name, size and checksums are those of the new image's file: what is on the disk is read
// for it, nothing is believed. A file has its name only once its bytes are synced.
//
// One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
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

  // The page that is wanted next (FillImage::read): of the list (number 0) first; `is_whole`: none.
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
  // No more is taken. What has come stays for the next one, unless that may make no use of it.
  void leave();
  // What is left of an earlier one can't be proved: it isn't to be left.
  void distrust_rest() { leaves_rest_ = false; }
  // Of those before, when none is wanted any more. Empty, or what went wrong.
  static std::string drop_rest(const LogOptions& options);
  static bool has_rest(const LogOptions& options);

  std::uint64_t bytes() const { return bytes_; }            // that were taken
  std::uint64_t kept_bytes() const { return kept_bytes_; }  // of them, those that were there
  std::uint64_t bytes_max() const { return bytes_max_; }    // of all; 0: not known yet
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
  std::string keep_rest();
  std::string check_room();
  std::string make_directories();
  std::string open_next();
  std::string begin_file();
  std::string end_file();
  std::string check(std::string_view checksum);
  std::string sync_names() const;
  std::string prove();
  std::string path_of(const File& file) const;

  const LogOptions options_;
  const std::string id_;
  const FrameEnd end_;
  std::string list_;
  bool has_list_ = false, lacks_room_ = false, blames_sender_ = false, leaves_rest_ = true;
  std::vector<File> files_;
  std::set<std::string> kept_;  // those that are there, by their paths
  Place next_;
  std::unique_ptr<NewFile> file_;  // the one that is being taken
  std::uint64_t bytes_ = 0, kept_bytes_ = 0, bytes_max_ = 0;
};

}  // namespace tote::wal
