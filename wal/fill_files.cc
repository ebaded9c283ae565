#include "wal/fill_files.h"

#include "wal/file_name.h"
#include "wal/frame.h"
#include "wal/segment_format.h"
#include "wal/status_text.h"
#include "wal/store.h"
#include "wal/sync_directory.h"

namespace tote::wal {
namespace {

bool is_missing(const rocksdb::Status& status) { return status.IsNotFound() || status.IsPathNotFound(); }

constexpr std::string_view keys_prefix = "keys/";

bool is_run_name(std::string_view name) {
  return name.ends_with(".run") && name.find('/') == std::string_view::npos && !name.starts_with('.');
}

}  // namespace

bool is_database_name(std::string_view name) {
  return is_log_name(name) || is_table_name(name) || is_manifest_name(name) || name == "CURRENT" ||
         name == "IDENTITY" || (name.starts_with("OPTIONS-") && name.find('/') == std::string_view::npos);
}

bool is_fill_path(std::string_view path) {
  if (path.starts_with(keys_prefix)) return is_run_name(path.substr(keys_prefix.size()));
  SegmentName segment;
  if (path.starts_with(fill_archive_prefix)) return SegmentName::read(path.substr(fill_archive_prefix.size()), segment);
  return is_database_name(path);
}

rocksdb::Env& env_of(const LogOptions& options) {
  return options.env != nullptr ? *options.env : *rocksdb::Env::Default();
}

std::string archive_directory_of(const LogOptions& options) {
  return options.archive_directory.empty() ? options.directory + "/archive" : options.archive_directory;
}

std::string image_of(const LogOptions& options) { return options.directory + "/" + fill_name; }

std::string segments_of(const LogOptions& options) { return archive_directory_of(options) + "/" + fill_name; }

LogOptions options_of_image(LogOptions options) {
  options.archive_directory = segments_of(options);
  options.directory = image_of(options);
  options.read_only = false;
  options.id.clear();
  options.on_durable = {};
  return options;
}

FrameEnd newest_end(const Store& store) {
  const Store::Cursor newest(store, store.newest_frame(), false);
  FrameHeader header;
  if (newest.valid() && open_frame(newest.frame(), header).empty()) return {header.last, hash_of(newest.frame())};
  const Store::Beginning begins = store.beginning();
  return {{begins.first.value - 1}, begins.previous};
}

std::string text_of(const FrameEnd& end) {
  return std::to_string(end.last.value) + " " + std::to_string(end.hash.high) + " " + std::to_string(end.hash.low) +
         "\n";
}

std::string names_in(rocksdb::Env& env, const std::string& directory, std::vector<std::string>& names) {
  const rocksdb::Status status = env.GetChildren(directory, &names);
  if (!status.ok() && !is_missing(status)) return directory + ": " + status.ToString();
  std::erase_if(names, [](const std::string& name) { return name == "." || name == ".."; });
  return {};
}

std::string remove_files(rocksdb::Env& env, const std::string& directory) {
  std::vector<std::string> names;
  if (std::string reason = names_in(env, directory, names); !reason.empty()) return reason;
  for (const std::string& name : names) {
    const rocksdb::Status status = env.DeleteFile(directory + "/" + name);
    if (!status.ok() && !is_missing(status)) return directory + "/" + name + ": " + status.ToString();
  }
  env.DeleteDir(directory).PermitUncheckedError();  // isn't there, or is emptied with the next one
  return {};
}

std::string path_in_image(const LogOptions& options, const std::string& path) {
  return path.starts_with(fill_archive_prefix) ? segments_of(options) + "/" + path.substr(fill_archive_prefix.size())
                                               : image_of(options) + "/" + path;
}

namespace {

std::string sweep_but(rocksdb::Env& env, const std::string& directory, const std::string& prefix, const Stays& stays) {
  std::vector<std::string> names;
  if (std::string reason = names_in(env, directory, names); !reason.empty()) return reason;
  for (const std::string& name : names) {
    const std::string file = directory + "/" + name;
    if (prefix.empty() && keys_prefix == name + "/") continue;
    std::uint64_t bytes = 0;
    rocksdb::Status status = env.GetFileSize(file, &bytes);
    if (status.ok() && stays(prefix + name, bytes)) continue;
    if (status.ok()) status = env.DeleteFile(file);
    if (!status.ok()) return file + ": " + status.ToString();
  }
  return {};
}

}  // namespace

std::string sweep_fill(const LogOptions& options, const Stays& stays) {
  rocksdb::Env& env = env_of(options);
  for (const char* name : {fill_whole_name, fill_ready_name, fill_moving_name}) {
    const rocksdb::Status status = env.DeleteFile(options.directory + "/" + name);
    if (!status.ok() && !is_missing(status)) return status.ToString();
    // Or the name could be back after a power cut, and the image not.
    if (status.ok())
      if (std::string reason = text_of(sync_directory(env, options.directory)); !reason.empty()) return reason;
  }
  const std::pair<std::string, std::string> directories[] = {{image_of(options) + "/keys", std::string(keys_prefix)},
                                                             {image_of(options), ""},
                                                             {segments_of(options), std::string(fill_archive_prefix)}};
  for (const auto& [directory, prefix] : directories) {
    std::string reason = stays ? sweep_but(env, directory, prefix, stays) : remove_files(env, directory);
    if (!reason.empty()) return reason;
  }
  return {};
}

}  // namespace tote::wal
