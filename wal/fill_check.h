// Whether a file of an image is the same at both of its ends, without sending it. Private to wal/fill_ files.
#pragma once

#include <rocksdb/env.h>

#include <cstdint>
#include <string>

namespace tote::wal {

// What FillImage::check_from asks for, of a file of so many bytes. Empty, or what went wrong.
std::string check_of(rocksdb::Env& env, const std::string& path, std::uint64_t offset, std::uint64_t bytes,
                     std::string& checksum);

}  // namespace tote::wal
