// One command of any entity kind in a box: kept in place up to 64 bytes, so that a request costs no allocation.
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace tote {

class Command {
 public:
  static constexpr std::size_t bytes_max = 64;

  Command() = default;  // no command: a read
  template <class T>
  requires(!std::is_same_v<std::remove_cvref_t<T>, Command>) explicit Command(T&& value) {
    using Value = std::remove_cvref_t<T>;
    static_assert(sizeof(Value) <= bytes_max && alignof(Value) <= alignof(std::max_align_t));
    static_assert(std::is_nothrow_move_constructible_v<Value>);
    new (storage_) Value(std::forward<T>(value));
    type_ = &type_of<Value>;
  }
  Command(Command&& other) noexcept { take(other); }
  Command& operator=(Command&& other) noexcept {
    if (this != &other) {
      reset();
      take(other);
    }
    return *this;
  }
  Command(const Command&) = delete;
  Command& operator=(const Command&) = delete;
  ~Command() { reset(); }

  explicit operator bool() const { return type_ != nullptr; }

  // The value, or null when the box holds another type or nothing.
  template <class T>
  const T* get() const {
    return type_ == &type_of<T> ? std::launder(reinterpret_cast<const T*>(storage_)) : nullptr;
  }

  void reset() {
    if (type_ != nullptr) std::exchange(type_, nullptr)->destroy(storage_);
  }

 private:
  struct Type {
    void (*destroy)(void*) noexcept;
    void (*move)(void* from, void* to) noexcept;  // and destroys `from`
  };

  template <class T>
  static constexpr Type type_of{[](void* value) noexcept { std::destroy_at(static_cast<T*>(value)); },
                                [](void* from, void* to) noexcept {
                                  new (to) T(std::move(*static_cast<T*>(from)));
                                  std::destroy_at(static_cast<T*>(from));
                                }};

  void take(Command& other) {
    type_ = std::exchange(other.type_, nullptr);
    if (type_ != nullptr) type_->move(other.storage_, storage_);
  }

  const Type* type_ = nullptr;
  alignas(std::max_align_t) std::byte storage_[bytes_max];
};

}  // namespace tote
