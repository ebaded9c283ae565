// One file of RocksDB's own log, or one MANIFEST: 32 KiB blocks of fragments, each with checksum, length and type; one
// or more fragments make a group (a WriteBatch; in a MANIFEST, an edit). Pure bytes, no I/O.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tote::wal {

class RecoveryFile {
 public:
  enum class Content { batches, edits };
  // `bytes` must outlive this.
  explicit RecoveryFile(std::string_view bytes, Content content = Content::batches)
      : bytes_(bytes), content_(content) {}

  struct Group {                 // of an edit: zeros
    std::uint64_t sequence = 0;  // RocksDB's number of its first write
    std::uint32_t count = 0;     // writes in it
  };
  // The next whole group; false at the end or at the first byte that isn't one: see tail().
  bool next(Group& group);

  enum class Tail {
    none,      // the file ends with its last group
    torn,      // bytes are missing or were never filled, and no group follows
    changed,   // the last group has all its bytes, but not the ones that were written: a bit of them makes it whole
    followed,  // a group follows that was only written after the sync of the one that can't be read
  };
  Tail tail() const;

  std::size_t end() const { return begin_; }  // of the last whole group

 private:
  struct Fragment {
    unsigned type = 0;
    std::string_view data;
  };
  bool read_fragment(std::size_t& at, Fragment& fragment) const;
  bool is_one_change_from_whole() const;
  bool has_missing_bytes() const;
  bool has_later_group() const;
  bool begins_group(std::size_t at) const;

  std::string_view bytes_;
  Content content_;
  std::size_t begin_ = 0;  // of the next group
  std::size_t bad_ = 0;    // of the fragment at which next() stopped
};

}  // namespace tote::wal
