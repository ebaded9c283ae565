#include "wal/fill_image.h"

#include <rocksdb/env.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "wal/backup.h"
#include "wal/fill_check.h"
#include "wal/fill_files.h"
#include "wal/status_text.h"
#include "wal/store.h"

namespace tote::wal {
namespace {

namespace files = std::filesystem;

std::string links_of(const LogOptions& options) { return options.directory + "/" + fill_links_name; }

}  // namespace

FillImage::FillImage(std::shared_ptr<FrameStore> frames) : frames_(std::move(frames)) {}

FillImage::~FillImage() { sweep(frames_->options()); }

void FillImage::sweep(const LogOptions& options) {
  std::error_code error;
  files::remove_all(links_of(options), error);
}

std::unique_ptr<FillImage> FillImage::make(std::shared_ptr<FrameStore> frames, std::string& reason) {
  std::unique_ptr<FillImage> image(new FillImage(std::move(frames)));
  reason = image->link();
  return reason.empty() ? std::move(image) : nullptr;
}

// A segment whose archive is on another disk is read where it is: it may be dropped meanwhile, and then all begins
// again.
std::string FillImage::link() {
  Store& store = frames_->store();
  const std::string links = links_of(frames_->options());
  BackupList list;
  list.log_id = store.id();
  list.last = newest_end(store).last;
  std::map<std::string, std::string> found;
  if (std::string reason = store.link_all(links, found); !reason.empty()) return reason;
  std::erase_if(found, [](const auto& each) { return !is_fill_path(each.first); });
  std::error_code error;
  files::create_directories(links + "/archive", error);
  if (error) return links + ": " + error.message();
  for (const SegmentName& name : store.archive().names()) {
    const std::string path = store.archive().path_of(name), linked = links + "/archive/" + name.text;
    std::error_code other_disk;
    files::create_hard_link(path, linked, other_disk);
    found["archive/" + name.text] = other_disk ? path : linked;
  }
  for (const auto& [path, source] : found) {
    const std::uint64_t bytes = files::file_size(source, error);
    if (error) return source + ": " + error.message();
    list.files[path].bytes = bytes;
    files_.push_back({source, bytes});
    bytes_ += bytes;
  }
  list_ = list.text();
  return {};
}

std::uint64_t FillImage::bytes_before(std::uint32_t number, std::uint64_t offset) const {
  std::uint64_t bytes = 0;
  for (std::uint32_t i = 1; i < number && i <= files_.size(); ++i) bytes += files_[i - 1].bytes;
  return number == 0 ? 0 : bytes + (offset & ~check_from);
}

std::string FillImage::read(std::uint32_t number, std::uint64_t offset, Page& page) const {
  if (number > files_.size()) return "no such file";
  page.size = number == 0 ? list_.size() : files_[number - 1].bytes;
  if (number > 0 && is_check(offset))
    return check_of(env_of(frames_->options()), files_[number - 1].path, offset & ~check_from, page.size, page.bytes);
  if (offset > page.size) return "no such place in a file";
  const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(page.size - offset, page_bytes));
  if (number == 0) return page.bytes = list_.substr(offset, count), std::string();
  const std::string& path = files_[number - 1].path;
  std::unique_ptr<rocksdb::RandomAccessFile> file;
  rocksdb::Status status = env_of(frames_->options()).NewRandomAccessFile(path, &file, rocksdb::EnvOptions());
  page.bytes.resize(count);
  rocksdb::Slice got;
  if (status.ok()) status = file->Read(offset, count, &got, page.bytes.data());
  if (!status.ok()) return path + ": " + status.ToString();
  if (got.size() != count) return path + " is shorter than it was";
  if (got.data() != page.bytes.data()) page.bytes.assign(got.data(), got.size());
  return {};
}

}  // namespace tote::wal
