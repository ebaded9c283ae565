// What a node that owns a log gives to one that has nothing in common with it: all that the log is made of, as of one
// moment, as `tote backup` would copy it (links to files that nobody changes any more), read in pages.
//
// Its newest frames may not count yet: who is filled with them is a node that was there when they were made, and may
// have to cut them as any other.
//
// One thread; the store is used beside it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "wal/frame_store.h"

namespace tote::wal {

class FillImage {
 public:
  static constexpr std::size_t page_bytes = 1 << 20;

  // Takes as long as what is only in memory needs to become a table. Null: `reason` says why. One at a time a store.
  static std::unique_ptr<FillImage> make(std::shared_ptr<FrameStore> frames, std::string& reason);
  ~FillImage();  // the links go
  FillImage(const FillImage&) = delete;
  FillImage& operator=(const FillImage&) = delete;

  struct Page {
    std::uint64_t size = 0;  // of the file
    std::string bytes{};     // at most page_bytes
  };
  // Of a file by its number, from an offset on, or what check_from says instead. Number 0 is the list of the others
  // (wal/backup.h, without checksums: each page gets its own), which are numbered in its order. Empty, or what went
  // wrong.
  std::string read(std::uint32_t number, std::uint64_t offset, Page& page) const;
  std::uint64_t bytes() const { return bytes_; }  // of all files
  // Of those before a file, and of it before the offset.
  std::uint64_t bytes_before(std::uint32_t number, std::uint64_t offset) const;

  // With this in an offset the page is the checksum (XXH3-64, little-endian) of at most check_bytes from there on: who
  // has such a file already proves that it is the same. Programs from before know of no such place.
  static constexpr std::uint64_t check_from = std::uint64_t{1} << 63;
  static constexpr std::uint64_t check_bytes = 64 << 20;
  static constexpr bool is_check(std::uint64_t offset) { return (offset & check_from) != 0; }

  // What a crash left of one.
  static void sweep(const LogOptions& options);

 private:
  struct File {
    std::string path{};
    std::uint64_t bytes = 0;
  };

  explicit FillImage(std::shared_ptr<FrameStore> frames);
  std::string link();

  const std::shared_ptr<FrameStore> frames_;
  std::string list_;
  std::vector<File> files_;
  std::uint64_t bytes_ = 0;
};

}  // namespace tote::wal
