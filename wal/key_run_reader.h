// Reads one run of keys. Every byte is checked before it is believed. Any thread, several at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "wal/codec.h"
#include "wal/key_run_format.h"
#include "wal/run_files.h"

namespace tote::wal {

// A key that was looked for. The record's views are into its own bytes.
struct KeyFound {
  // Only a key of which the disk says that it isn't there is `absent`: what can't be read is `damaged`, and then nobody
  // knows whether its command was executed.
  enum class Answer : std::uint8_t { absent, yes, damaged };
  Answer answer = Answer::absent;
  std::string damage{};  // a sentence
  Lsn lsn{};             // damaged: the first of the run
  std::unique_ptr<char[]> bytes{};
  Record record{};
};

class KeyRunReader {
 public:
  // `wanted`: what the footer must be. Null, and why.
  static std::unique_ptr<KeyRunReader> open(RunFiles& files, std::string path, const KeyRunFooter& wanted,
                                            std::string& reason);

  const KeyRunFooter& footer() const { return footer_; }
  const std::string& path() const { return path_; }
  // The newest entry of the key, if there is one.
  KeyFound find(std::string_view tenant, std::string_view key, std::uint64_t hash) const;
  // Calls `visit` for the hash of every key, in their order. Empty, or what is damaged.
  std::string each_hash(const std::function<void(std::uint64_t)>& visit) const;
  // Reads everything. Empty, or what is damaged, with the LSN before which the damaged place begins (0: not in
  // entries).
  std::string check(Lsn& lsn) const;

  // For who makes a run of several. Proved; empty, or what is damaged.
  std::string read_page(std::uint64_t number, std::string& page) const;
  // A block as it is stored, with its header.
  std::string read_stored(std::uint64_t number, std::string& block) const;
  std::string in_file(const std::string& reason) const { return path_ + ": " + reason; }

 private:
  KeyRunReader(RunFiles& files, std::string path, const KeyRunFooter& footer)
      : files_(files), path_(std::move(path)), footer_(footer) {}
  struct Tables {
    std::vector<std::uint64_t> block_at, page_first;  // offsets of blocks and their end; first hashes of pages
  };
  // These give a reason, or nothing.
  std::string read_tables(Tables& tables) const;
  std::string read(std::uint64_t at, std::size_t bytes, std::string& out) const {
    return files_.read(path_, at, bytes, out);
  }
  std::string read_block(std::uint64_t number, std::string& entries) const;
  std::string take_newer(const key_run::IndexEntry& entry, std::string_view tenant, std::string_view key,
                         KeyFound& found) const;
  std::string check_block(std::uint64_t number, std::uint64_t& sum, std::uint64_t& count, Lsn& lsn) const;

  RunFiles& files_;
  const std::string path_;
  const KeyRunFooter footer_;
  Tables tables_;
};

// Part of the format: what runs are sorted and looked up by.
std::uint64_t key_hash(std::string_view tenant, std::string_view key);
// The same in two steps: the first is the same for all keys of a tenant.
std::uint64_t tenant_seed(std::string_view tenant);
std::uint64_t key_hash(std::uint64_t tenant_seed, std::string_view key);

}  // namespace tote::wal
