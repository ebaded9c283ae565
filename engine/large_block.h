// Memory for large tables in huge pages, where the kernel offers them (madvise): with 4 KiB pages a look-up in a table
// of millions costs a walk through the page tables on top of the miss, on a virtual machine several.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <type_traits>

namespace tote {

// Frees what make_large_block() gave.
struct FreeBlock {
  std::size_t mapped_bytes = 0;  // 0: from calloc

  void operator()(void* block) const {
    if (mapped_bytes == 0) {
      std::free(block);
    } else {
      ::munmap(block, mapped_bytes);
    }
  }
};

template <class T>
using LargeBlock = std::unique_ptr<T[], FreeBlock>;

// Zeroed, aligned to huge pages; null when there is no memory. `bytes` is a multiple of huge_page_bytes.
inline constexpr std::size_t huge_page_bytes = std::size_t{2} << 20;
inline void* map_huge_pages(std::size_t bytes) {
  const std::size_t reserved = bytes + huge_page_bytes;
  void* mapped = ::mmap(nullptr, reserved, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) return nullptr;
  const std::size_t beyond = reinterpret_cast<std::uintptr_t>(mapped) % huge_page_bytes;
  const std::size_t before = beyond == 0 ? 0 : huge_page_bytes - beyond;
  char* block = static_cast<char*>(mapped) + before;
  if (before != 0) ::munmap(mapped, before);
  if (before != huge_page_bytes) ::munmap(block + bytes, huge_page_bytes - before);
  ::madvise(block, bytes, MADV_HUGEPAGE);
  return block;
}

// `count` zeroed values of a type for which zero bytes are a value.
template <class T>
LargeBlock<T> make_large_block(std::size_t count) {
  static_assert(std::is_trivially_destructible_v<T>);
  const std::size_t bytes = count * sizeof(T);
  const bool is_large = bytes >= huge_page_bytes / 2;
  const std::size_t mapped_bytes =
      is_large ? (bytes + huge_page_bytes - 1) / huge_page_bytes * huge_page_bytes : std::size_t{0};
  void* block = is_large ? map_huge_pages(mapped_bytes) : std::calloc(count, sizeof(T));
  if (block == nullptr) throw std::bad_alloc();
  return LargeBlock<T>(static_cast<T*>(block), FreeBlock{mapped_bytes});
}

}  // namespace tote
