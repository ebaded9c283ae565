#include "wal/fill_check.h"

#include <xxhash.h>

#include <algorithm>
#include <memory>

#include "wal/fill_image.h"
#include "wal/key_run_format.h"

namespace tote::wal {
namespace {

struct FreeSum {
  void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
};

}  // namespace

std::string check_of(rocksdb::Env& env, const std::string& path, std::uint64_t offset, std::uint64_t bytes,
                     std::string& checksum) {
  if (offset >= bytes) return "no such place in a file";
  std::unique_ptr<rocksdb::RandomAccessFile> file;
  rocksdb::Status status = env.NewRandomAccessFile(path, &file, rocksdb::EnvOptions());
  const std::unique_ptr<XXH3_state_t, FreeSum> sum(XXH3_createState());
  XXH3_64bits_reset(sum.get());
  std::string buffer(FillImage::page_bytes, '\0');
  const std::uint64_t end = std::min(bytes, offset + FillImage::check_bytes);
  while (status.ok() && offset < end) {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), end - offset));
    rocksdb::Slice got;
    status = file->Read(offset, count, &got, buffer.data());
    if (!status.ok()) break;
    if (got.size() != count) return path + " is shorter than it was";
    XXH3_64bits_update(sum.get(), got.data(), got.size());
    offset += count;
  }
  if (!status.ok()) return path + ": " + status.ToString();
  checksum.clear();
  key_run::put_number(std::uint64_t{XXH3_64bits_digest(sum.get())}, checksum);
  return {};
}

}  // namespace tote::wal
