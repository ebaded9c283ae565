// The names of a fill on disk (FORMAT.md, "A fill"). Private to wal/fill_ files.
#pragma once

#include <rocksdb/env.h>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "wal/frame_store.h"

namespace tote::wal {

// Of who gives: links to what the image is made of.
inline constexpr const char* fill_links_name = "fill.links";
// Of who takes: the image, in the log's directory and in that of the archive, and how far it is: one of these files at
// most is there.
inline constexpr const char* fill_name = "fill";
inline constexpr const char* fill_whole_name = "fill.whole";    // it is whole, and proved
inline constexpr const char* fill_ready_name = "fill.ready";    // it is this node's: what is in its place goes
inline constexpr const char* fill_moving_name = "fill.moving";  // that is gone: the image moves to its place

// Of the path of a segment within an image.
inline constexpr std::string_view fill_archive_prefix = "archive/";

// One of RocksDB's files, a run of keys or a segment, by its path within an image: nothing else is in one.
bool is_fill_path(std::string_view path);
// RocksDB's own: those that go when an image takes the place of a log, with what RocksDB makes anew.
bool is_database_name(std::string_view name);

rocksdb::Env& env_of(const LogOptions& options);
std::string archive_directory_of(const LogOptions& options);
std::string image_of(const LogOptions& options);     // its directory
std::string segments_of(const LogOptions& options);  // that of its segments
LogOptions options_of_image(LogOptions options);     // to open it as a log
// Of the newest frame; or where the first one would begin.
FrameEnd newest_end(const Store& store);
std::string text_of(const FrameEnd& end);  // what `fill.whole` says
// What is in a directory; nothing when it isn't there. Empty, or what went wrong.
std::string names_in(rocksdb::Env& env, const std::string& directory, std::vector<std::string>& names);
// Its files, and then it. Empty, or what went wrong.
std::string remove_files(rocksdb::Env& env, const std::string& directory);
// Where a file of the image is while it is taken, by its path within it.
std::string path_in_image(const LogOptions& options, const std::string& path);
// Of the image what `stays` doesn't want, or all; and first what says how far it is. Empty, or what went wrong.
using Stays = std::function<bool(const std::string& path, std::uint64_t bytes)>;
std::string sweep_fill(const LogOptions& options, const Stays& stays = {});

}  // namespace tote::wal
