#include "wal/fill_target.h"

#include <algorithm>

#include "wal/backup.h"
#include "wal/fill_files.h"
#include "wal/new_file.h"
#include "wal/status_text.h"
#include "wal/store.h"
#include "wal/sync_directory.h"

namespace tote::wal {
namespace {

constexpr std::string_view archive_prefix = "archive/";
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
  if (size != file.bytes || page.empty() || page.size() > file.bytes - next_.offset)
    return blame_sender("sends another file");
  file_->write(page);
  next_.offset += page.size();
  bytes_ += page.size();
  if (next_.offset < file.bytes) return {};
  if (std::string reason = file_->finish(); !reason.empty()) return path_of(file.path) + ": " + reason;
  file_.reset();
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
  std::uint64_t archive_bytes = 0;
  for (const auto& [path, file] : list.files) {
    if (!is_fill_path(path)) return blame_sender("sends a file that isn't of a log: " + path);
    files_.push_back({path, file.bytes});
    bytes_max_ += file.bytes;
    if (path.starts_with(archive_prefix)) archive_bytes += file.bytes;
  }
  has_list_ = true;
  next_ = {1, 0};
  std::string reason = sweep_fill(options_);
  if (reason.empty()) reason = make_directories();
  if (reason.empty()) reason = check_room(archive_bytes);
  return reason.empty() ? open_next() : reason;
}

// As if the archive had a disk of its own, where it may have one.
std::string FillTarget::check_room(std::uint64_t archive_bytes) {
  rocksdb::Env& env = env_of(options_);
  const bool is_apart = !options_.archive_directory.empty();
  const std::uint64_t here = bytes_max_ - (is_apart ? archive_bytes : 0) + options_.disk_free_bytes_min;
  const std::uint64_t free = free_bytes(env, options_.directory);
  const std::uint64_t archive_free = free_bytes(env, archive_directory_of(options_));
  lacks_room_ = free < here || archive_free < archive_bytes;
  if (free < here) return too_little(options_.directory, here, free);
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

std::string FillTarget::path_of(const std::string& path) const {
  return path.starts_with(archive_prefix) ? segments_of(options_) + "/" + path.substr(archive_prefix.size())
                                          : image_of(options_) + "/" + path;
}

// Those that have no byte have no page.
std::string FillTarget::open_next() {
  for (; next_.number <= files_.size(); ++next_.number) {
    const File& file = files_[next_.number - 1];
    file_ = std::make_unique<NewFile>(*env_of(options_).GetFileSystem(), path_of(file.path));
    if (file.bytes > 0) return {};
    if (std::string reason = file_->finish(); !reason.empty()) return path_of(file.path) + ": " + reason;
    file_.reset();
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

void FillTarget::drop() {
  file_.reset();
  sweep_fill(options_);
}

std::string FillTarget::finish() {
  if (std::string reason = sync_names(); !reason.empty()) return reason;
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
