// One command of any entity kind in a box: kept in place up to 64 bytes, so that a request costs no allocation, else on
// the heap. CommandRef is a look at one that lies elsewhere.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace tote {

// A typed pointer whose type is known at run time only.
class CommandRef {
 public:
  CommandRef() = default;
  template <class T>
  static CommandRef to(const T& value) {
    return CommandRef(&tag_of<T>, &value);
  }

  // The value, or null when it is of another type.
  template <class T>
  const T* get() const {
    return tag_ == &tag_of<T> ? static_cast<const T*>(value_) : nullptr;
  }

 private:
  friend class Command;
  template <class T>
  static constexpr char tag_of{};  // its address tells the types apart

  CommandRef(const char* tag, const void* value) : tag_(tag), value_(value) {}

  const char* tag_ = nullptr;
  const void* value_ = nullptr;
};

class Command {
 public:
  static constexpr std::size_t bytes_max = 64;  // in place

  Command() = default;  // no command: a read
  template <class T>
  requires(!std::is_same_v<std::remove_cvref_t<T>, Command>) explicit Command(T&& value) {
    using Value = std::remove_cvref_t<T>;
    if constexpr (is_in_place<Value>)
      new (storage_) Value(std::forward<T>(value));
    else
      new (storage_) std::unique_ptr<Value>(std::make_unique<Value>(std::forward<T>(value)));
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
    return type_ == &type_of<T> ? static_cast<const T*>(value()) : nullptr;
  }
  operator CommandRef() const {  // NOLINT(google-explicit-constructor)
    return type_ == nullptr ? CommandRef() : CommandRef(type_->tag, value());
  }

  void reset() {
    if (type_ != nullptr) std::exchange(type_, nullptr)->destroy(storage_);
  }

 private:
  struct Type {
    const char* tag;
    bool in_place;
    void (*destroy)(void*) noexcept;
    void (*move)(void* from, void* to) noexcept;  // and destroys `from`
  };

  template <class T>
  static constexpr bool is_in_place =
      sizeof(T) <= bytes_max && alignof(T) <= alignof(std::max_align_t) && std::is_nothrow_move_constructible_v<T>;
  template <class T>
  using Stored = std::conditional_t<is_in_place<T>, T, std::unique_ptr<T>>;

  template <class T>
  static constexpr Type type_of{&CommandRef::tag_of<T>, is_in_place<T>,
                                [](void* value) noexcept { std::destroy_at(static_cast<Stored<T>*>(value)); },
                                [](void* from, void* to) noexcept {
                                  new (to) Stored<T>(std::move(*static_cast<Stored<T>*>(from)));
                                  std::destroy_at(static_cast<Stored<T>*>(from));
                                }};

  // A unique_ptr is one pointer wide: what it points to is read without knowing the type.
  const void* value() const {
    if (type_->in_place) return std::launder(storage_);
    const void* on_heap = nullptr;
    std::memcpy(&on_heap, storage_, sizeof on_heap);
    return on_heap;
  }

  void take(Command& other) {
    type_ = std::exchange(other.type_, nullptr);
    if (type_ != nullptr) type_->move(other.storage_, storage_);
  }

  const Type* type_ = nullptr;
  alignas(std::max_align_t) std::byte storage_[bytes_max];
};

}  // namespace tote
