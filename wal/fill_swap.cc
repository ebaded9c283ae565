#include "wal/fill_swap.h"

#include <algorithm>

#include "wal/backup.h"
#include "wal/fill_files.h"
#include "wal/fill_image.h"
#include "wal/in_use.h"
#include "wal/segment_format.h"
#include "wal/status_text.h"
#include "wal/store.h"
#include "wal/sync_directory.h"

namespace tote::wal {
namespace {

class Swapping {
 public:
  explicit Swapping(const LogOptions& options) : options_(options), env_(env_of(options)) {}
  ~Swapping() {
    if (lock_ != nullptr) env_.UnlockFile(lock_).PermitUncheckedError();
  }
  Swapping(const Swapping&) = delete;
  Swapping& operator=(const Swapping&) = delete;

  std::string run() {
    if (!env_.FileExists(options_.directory).ok()) return {};
    FillImage::sweep(options_);
    bool is_whole = false, is_ready = false, is_moving = false;
    std::string reason = look(fill_whole_name, is_whole);
    if (reason.empty()) reason = look(fill_ready_name, is_ready);
    if (reason.empty()) reason = look(fill_moving_name, is_moving);
    if (!reason.empty()) return reason;
    if (!is_whole && !is_ready && !is_moving) return {};  // its rest is of use to the next one
    if (reason = lock_log(env_, options_.directory, lock_); !reason.empty()) return reason;
    if (is_whole) {
      bool is_ours = false;
      reason = make_ours(is_ours);
      if (reason.empty() && !is_ours) return sweep_fill(options_);
      if (reason.empty()) reason = go_on(fill_whole_name, fill_ready_name);
    }
    if (reason.empty() && !is_moving) reason = remove_log();
    if (reason.empty() && !is_moving) reason = go_on(fill_ready_name, fill_moving_name);
    if (reason.empty()) reason = move();
    return reason.empty() ? sweep_moved() : reason;
  }

 private:
  std::string path(const std::string& name) const { return options_.directory + "/" + name; }

  std::string look(const char* name, bool& is_there) const {
    const rocksdb::Status status = env_.FileExists(path(name));
    is_there = status.ok();
    return is_there || status.IsNotFound() ? std::string() : status.ToString();
  }

  std::string go_on(const char* from, const char* to) {
    rocksdb::Status status = env_.RenameFile(path(from), path(to));
    if (status.ok()) status = sync_directory(env_, options_.directory);
    return text_of(status);
  }

  // The log that is there was proved when it was opened, and will be again if it stays: here it only tells of itself.
  std::string make_ours(bool& is_ours) {
    std::string asked_for;
    rocksdb::Status status = rocksdb::ReadFileToString(&env_, path(fill_whole_name), &asked_for);
    if (!status.ok()) return status.ToString();
    LogOptions reading = options_;
    reading.read_only = true;
    Store::NodeRows rows;
    std::string id;
    {
      auto opened = Store::open(reading);
      if (const auto* damage = std::get_if<Damage>(&opened)) return damage->detail;
      const auto& store = *std::get<std::unique_ptr<Store>>(opened);
      if (std::string reason = store.node_rows(rows); !reason.empty()) return reason;
      id = store.id();
      if (text_of(newest_end(store)) != asked_for) return {};
    }
    auto opened = FrameStore::open(options_of_image(options_));
    if (std::holds_alternative<Damage>(opened)) return {};
    const auto image = std::get<std::shared_ptr<FrameStore>>(opened);
    if (image->id() != id) return {};
    rows.promised = std::max(rows.promised, image->promised());
    is_ours = true;
    return image->store().set_node_rows(rows);
  }

  std::string remove_log() {
    std::vector<std::string> names;
    if (std::string reason = names_in(env_, options_.directory, names); !reason.empty()) return reason;
    for (const std::string& name : names) {
      const bool is_rest = name == "LOG" || name.starts_with("LOG.") || name.ends_with(".dbtmp");
      if (!is_database_name(name) && !is_rest && name != backup_list_name) continue;
      if (const rocksdb::Status status = env_.DeleteFile(path(name)); !status.ok()) return status.ToString();
    }
    if (std::string reason = remove_files(env_, path("keys")); !reason.empty()) return reason;
    return text_of(sync_directory(env_, options_.directory));
  }

  // CURRENT last: who doesn't know of a fill finds no log before that.
  std::string move() {
    std::string reason = drop_overlapping();
    if (reason.empty()) reason = link_all(segments_of(options_), archive_directory_of(options_));
    if (reason.empty()) reason = text_of(env_.CreateDirIfMissing(path("keys")));
    if (reason.empty()) reason = link_all(image_of(options_) + "/keys", path("keys"));
    if (reason.empty()) reason = link_all(image_of(options_), options_.directory);
    const std::string current = image_of(options_) + "/CURRENT";
    if (reason.empty() && env_.FileExists(current).ok()) {
      reason = link(current, path("CURRENT"));
      if (reason.empty()) reason = text_of(sync_directory(env_, options_.directory));
    }
    return reason;
  }

  std::string link(const std::string& from, const std::string& to) {
    const rocksdb::Status there = env_.FileExists(to);
    if (there.ok()) return {};  // before a crash
    return there.IsNotFound() ? text_of(env_.LinkFile(from, to)) : there.ToString();
  }

  std::string link_all(const std::string& from, const std::string& to) {
    std::vector<std::string> names;
    if (std::string reason = names_in(env_, from, names); !reason.empty()) return reason;
    for (const std::string& name : names) {
      SegmentName segment;
      const bool is_meant = is_database_name(name) || name.ends_with(".run") || SegmentName::read(name, segment);
      if (!is_meant || name == "CURRENT") continue;
      if (std::string reason = link(from + "/" + name, to + "/" + name); !reason.empty()) return reason;
    }
    return text_of(sync_directory(env_, to));
  }

  // What this node had sealed itself, and the image has, too.
  std::string drop_overlapping() {
    std::vector<std::string> sealed, coming;
    std::string reason = names_in(env_, archive_directory_of(options_), sealed);
    if (reason.empty()) reason = names_in(env_, segments_of(options_), coming);
    SegmentName ours, theirs;
    for (const std::string& name : sealed) {
      if (!reason.empty() || !SegmentName::read(name, ours)) continue;
      const bool overlaps = std::ranges::any_of(coming, [&](const std::string& other) {
        return other != name && SegmentName::read(other, theirs) && ours.first <= theirs.last &&
               theirs.first <= ours.last;
      });
      if (overlaps) reason = text_of(env_.DeleteFile(archive_directory_of(options_) + "/" + name));
    }
    return reason;
  }

  // What says that it moves is the last to go: until then a start finds what is left of the image.
  std::string sweep_moved() {
    for (const std::string& directory : {image_of(options_) + "/keys", image_of(options_), segments_of(options_)})
      if (std::string reason = remove_files(env_, directory); !reason.empty()) return reason;
    rocksdb::Status status = sync_directory(env_, options_.directory);
    if (status.ok()) status = env_.DeleteFile(path(fill_moving_name));
    if (status.ok()) status = sync_directory(env_, options_.directory);
    return text_of(status);
  }

  const LogOptions& options_;
  rocksdb::Env& env_;
  rocksdb::FileLock* lock_ = nullptr;
};

}  // namespace

Damage take_fill(const LogOptions& options) {
  const std::string reason = Swapping(options).run();
  return reason.empty() ? Damage{} : Damage{{}, options.directory + " can't be filled: " + reason};
}

}  // namespace tote::wal
