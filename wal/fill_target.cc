#include "wal/fill_target.h"

#include <algorithm>
#include <map>

#include "wal/backup.h"
#include "wal/fill_check.h"
#include "wal/fill_files.h"
#include "wal/fill_image.h"
#include "wal/new_file.h"
#include "wal/status_text.h"
#include "wal/store.h"
#include "wal/sync_directory.h"

namespace tote::wal {
namespace {

constexpr const char* unfinished = ".part";
constexpr std::uint64_t mib = 1 << 20;

std::uint64_t free_bytes(rocksdb::Env& env, const std::string& directory) {
  std::uint64_t bytes = 0;
  const rocksdb::Status status = env.GetFreeSpace(directory, &bytes);
  return status.ok() ? bytes : UINT64_MAX;
}

std::string too_little(const std::string& directory, std::uint64_t needed, std::uint64_t free) {
  return directory + " has too little room to be filled: " + std::to_string(needed / mib + 1) + " MiB are needed, " +
         std::to_string(free / mib) + " MiB are free";
}

}  // namespace

FillTarget::FillTarget(LogOptions options, std::string id, const FrameEnd& end)
    : options_(std::move(options)), id_(std::move(id)), end_(end) {}

FillTarget::~FillTarget() = default;

std::string FillTarget::take(std::uint64_t size, std::string_view page) {
  if (next_.number == 0) {
    if (size > list_bytes_max || list_.size() + page.size() > size || page.empty())
      return blame_sender("sends no list of an image");
    list_ += page;
    next_.offset = list_.size();
    return list_.size() < size ? std::string() : read_list();
  }
  if (is_whole()) return blame_sender("sends more than there is");
  const File& file = files_[next_.number - 1];
  if (size != file.bytes) return blame_sender("sends another file");
  if (FillImage::is_check(next_.offset)) return check(page);
  if (page.empty() || page.size() > file.bytes - next_.offset) return blame_sender("sends another file");
  file_->write(page);
  next_.offset += page.size();
  bytes_ += page.size();
  if (next_.offset < file.bytes) return {};
  if (std::string reason = end_file(); !reason.empty()) return reason;
  next_ = {next_.number + 1, 0};
  return open_next();
}

// One that isn't the same is sent, and takes the name of the one that is here.
std::string FillTarget::check(std::string_view checksum) {
  const File& file = files_[next_.number - 1];
  const std::uint64_t offset = next_.offset & ~FillImage::check_from;
  std::string here;
  if (std::string reason = check_of(env_of(options_), path_of(file), offset, file.bytes, here); !reason.empty()) {
    distrust_rest();
    return reason;
  }
  if (here != checksum) {
    kept_.erase(file.path);
    next_.offset = 0;
    return begin_file();
  }
  if (file.bytes - offset > FillImage::check_bytes) return next_.offset += FillImage::check_bytes, std::string();
  bytes_ += file.bytes;
  kept_bytes_ += file.bytes;
  next_ = {next_.number + 1, 0};
  return open_next();
}

std::string FillTarget::blame_sender(std::string reason) {
  blames_sender_ = true;
  return reason;
}

std::string FillTarget::read_list() {
  BackupList list;
  if (std::string reason = BackupList::parse(list_, list); !reason.empty())
    return blame_sender("sends a list that " + reason);
  if (list.log_id != id_) return blame_sender("has the log " + list.log_id + ", and this node's is " + id_);
  if (list.last < end_.last) return blame_sender("has less than this node, to LSN " + std::to_string(list.last.value));
  for (const auto& [path, file] : list.files) {
    if (!is_fill_path(path)) return blame_sender("sends a file that isn't of a log: " + path);
    files_.push_back({path, file.bytes});
    bytes_max_ += file.bytes;
  }
  has_list_ = true;
  next_ = {1, 0};
  std::string reason = keep_rest();
  if (reason.empty()) reason = make_directories();
  if (reason.empty()) reason = check_room();
  return reason.empty() ? open_next() : reason;
}

std::string FillTarget::keep_rest() {
  std::map<std::string, std::uint64_t> wanted;
  for (const File& file : files_)
    if (file.bytes > 0 && is_written_once(file.path)) wanted[file.path] = file.bytes;
  return sweep_fill(options_, [&](const std::string& path, std::uint64_t bytes) {
    const auto found = wanted.find(path);
    return found != wanted.end() && found->second == bytes && kept_.insert(path).second;
  });
}

// As if the archive had a disk of its own, where it may have one.
std::string FillTarget::check_room() {
  rocksdb::Env& env = env_of(options_);
  std::uint64_t bytes = options_.disk_free_bytes_min, archive_bytes = 0;
  for (const File& file : files_) {
    if (kept_.contains(file.path)) continue;
    if (file.path.starts_with(fill_archive_prefix)) archive_bytes += file.bytes;
    if (options_.archive_directory.empty() || !file.path.starts_with(fill_archive_prefix)) bytes += file.bytes;
  }
  const std::uint64_t free = free_bytes(env, options_.directory);
  const std::uint64_t archive_free = free_bytes(env, archive_directory_of(options_));
  lacks_room_ = free < bytes || archive_free < archive_bytes;
  if (lacks_room_) leaves_rest_ = false;  // somebody may need the room
  if (free < bytes) return too_little(options_.directory, bytes, free);
  return lacks_room_ ? too_little(archive_directory_of(options_), archive_bytes, archive_free) : std::string();
}

std::string FillTarget::make_directories() {
  rocksdb::Env& env = env_of(options_);
  for (const std::string& directory :
       {image_of(options_), image_of(options_) + "/keys", archive_directory_of(options_), segments_of(options_)})
    if (const rocksdb::Status status = env.CreateDirIfMissing(directory); !status.ok())
      return directory + ": " + status.ToString();
  return {};
}

std::string FillTarget::path_of(const File& file) const { return path_in_image(options_, file.path); }

std::string FillTarget::begin_file() {
  file_ = std::make_unique<NewFile>(*env_of(options_).GetFileSystem(), path_of(files_[next_.number - 1]) + unfinished);
  return {};
}

std::string FillTarget::end_file() {
  const std::string path = path_of(files_[next_.number - 1]);
  std::string reason = file_->finish();
  file_.reset();
  if (reason.empty()) reason = text_of(env_of(options_).RenameFile(path + unfinished, path));
  return reason.empty() ? reason : path + ": " + reason;
}

// Those that have no byte have no page.
std::string FillTarget::open_next() {
  for (; next_.number <= files_.size(); ++next_.number) {
    const File& file = files_[next_.number - 1];
    if (kept_.contains(file.path)) return next_.offset = FillImage::check_from, std::string();
    begin_file();
    if (file.bytes > 0) return {};
    if (std::string reason = end_file(); !reason.empty()) return reason;
  }
  return {};
}

std::string FillTarget::sync_names() const {
  for (const std::string& directory : {image_of(options_) + "/keys", image_of(options_), segments_of(options_),
                                       archive_directory_of(options_), options_.directory})
    if (const rocksdb::Status status = sync_directory(env_of(options_), directory); !status.ok())
      return directory + ": " + status.ToString();
  return {};
}

void FillTarget::leave() {
  file_.reset();
  if (!leaves_rest_) drop_rest(options_);
}

std::string FillTarget::drop_rest(const LogOptions& options) { return sweep_fill(options); }

bool FillTarget::has_rest(const LogOptions& options) {
  rocksdb::Env& env = env_of(options);
  return !env.FileExists(image_of(options)).IsNotFound() || !env.FileExists(segments_of(options)).IsNotFound();
}

// What isn't sound would be kept, and be the same, for ever.
std::string FillTarget::finish() {
  std::string reason = sync_names();
  if (reason.empty()) reason = prove();
  if (!reason.empty()) distrust_rest();
  return reason;
}

std::string FillTarget::prove() {
  {
    auto opened = FrameStore::open(options_of_image(options_));
    if (const auto* damage = std::get_if<Damage>(&opened)) return "what came isn't sound: " + damage->detail;
    const auto frames = std::get<std::shared_ptr<FrameStore>>(opened);
    if (frames->end().last < end_.last) return "what came ends before this node's log";
    if (const Damage damage = frames->store().check_tables(); !damage.is_none())
      return "what came isn't sound: " + damage.detail;
  }
  rocksdb::Env& env = env_of(options_);
  rocksdb::Status status = sync_directory(env, image_of(options_));
  const std::string marker = options_.directory + "/" + fill_whole_name;
  if (status.ok()) status = rocksdb::WriteStringToFile(&env, text_of(end_), marker, true);
  if (status.ok()) status = sync_directory(env, options_.directory);
  return text_of(status);
}

}  // namespace tote::wal
