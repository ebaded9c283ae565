// Fields to bytes and back, by type (members.h). What the bytes of a struct are: by_members.h.
//
//   whole numbers, Money, Time, enums   varints of 7 bits, lowest first, zigzag
//   numbers without a sign              the same without the zigzag
//   texts, lists, arrays, maps, sets    their size, then their bytes or elements
//   an optional, something shared       0, or 1 and its value
//   a pair                              one, then the other
//   a struct                            how many fields, then each
#pragma once

#include <limits>

#include "engine/kernel/members.h"
#include "engine/kernel/stored.h"

namespace tote {

inline constexpr std::uint64_t member_format = 1;

class MemberWriter {
 public:
  // for_digest: of every struct the fields at the end that are as the struct makes them are left out.
  explicit MemberWriter(std::string& out, bool for_digest = false) : out_(out), for_digest_(for_digest) {}

  template <class T>
  void put(const T& value) {
    if constexpr (std::is_same_v<T, Money>)
      integer(value.minor);
    else if constexpr (std::is_same_v<T, Time>)
      integer(value.ns);
    else if constexpr (WholeNumber<T> || FixedEnum<T>)
      integer(static_cast<std::int64_t>(value));
    else if constexpr (std::is_same_v<T, std::string>)
      text(value);
    else if constexpr (std::is_same_v<T, std::uint64_t>)
      size(value);
    else if constexpr (TextValue<T>)
      text(value == T{} ? std::string_view{} : value.text());
    else if constexpr (is_optional<T> || is_shared<T>)
      optional(value);
    else if constexpr (is_vector<T> || is_array<T> || Keyed<T>)
      list(value);
    else if constexpr (is_pair<T>)
      put(value.first), put(value.second);
    else
      members(value);
  }

  void size(std::uint64_t number) {
    for (; number >= 0x80; number >>= 7U) out_.push_back(static_cast<char>((number & 0x7fU) | 0x80U));
    out_.push_back(static_cast<char>(number));
  }

 private:
  void integer(std::int64_t value) {
    const auto bits = static_cast<std::uint64_t>(value);
    size(bits << 1U ^ (value < 0 ? ~std::uint64_t{0} : 0));
  }
  void text(std::string_view value) { size(value.size()), out_.append(value); }
  template <class T>
  void optional(const T& value) {
    size(value ? 1 : 0);
    if (value) put(*value);
  }
  template <class T>
  void list(const T& values) {
    size(values.size());
    for (const auto& value : values) put(value);
  }
  template <class T>
  void members(const T& value) {
    static_assert(is_stored<T>(), "no field can be of this type (engine/kernel/members.h), or it needs members()");
    static_assert(check_members<T>());
    if (for_digest_) return shortened(value);
    size(count_members<T>());
    each_member<T>([&](std::string_view, auto member) { put(value.*member); });
  }
  template <class T>
  void shortened(const T& value) {
    const T as_made{};
    std::string fields, usual;
    std::size_t count = 0, kept = 0, kept_bytes = 0;
    each_member<T>([&](std::string_view, auto member) {
      const std::size_t at = fields.size();
      usual.clear();
      MemberWriter(fields, true).put(value.*member);
      MemberWriter(usual, true).put(as_made.*member);
      ++count;
      if (fields.compare(at, std::string::npos, usual) != 0) kept = count, kept_bytes = fields.size();
    });
    size(kept);
    out_.append(fields, 0, kept_bytes);
  }

  std::string& out_;
  const bool for_digest_;
};

class MemberReader {
 public:
  explicit MemberReader(std::string_view bytes) : rest_(bytes) {}

  bool is_at_end() const { return rest_.empty(); }

  // False: the bytes aren't of this type; `value` is anything then. Of a struct with fewer fields, an older program's,
  // the others are as the struct makes them; one with more, a newer program's, isn't read.
  template <class T>
  bool get(T& value) {
    if constexpr (std::is_same_v<T, Money>)
      return integer(value.minor);
    else if constexpr (std::is_same_v<T, Time>)
      return integer(value.ns);
    else if constexpr (WholeNumber<T>)
      return integer(value);
    else if constexpr (FixedEnum<T>)
      return enumerator(value);
    else if constexpr (std::is_same_v<T, std::string>)
      return text(value);
    else if constexpr (std::is_same_v<T, std::uint64_t>)
      return size(value);
    else if constexpr (TextValue<T>)
      return text_value(value);
    else if constexpr (is_optional<T> || is_shared<T>)
      return optional(value);
    else if constexpr (is_vector<T>)
      return list(value);
    else if constexpr (is_array<T>)
      return array(value);
    else if constexpr (Keyed<T>)
      return keyed(value);
    else if constexpr (is_pair<T>)
      return get(value.first) && get(value.second);
    else
      return members(value);
  }

  bool size(std::uint64_t& number) {
    number = 0;
    for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
      const std::uint64_t byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      const std::uint64_t part = byte & 0x7fU;
      if ((part << shift) >> shift != part) return false;
      number |= part << shift;
      if (byte < 0x80) return byte != 0 || shift == 0;  // one number has one spelling
    }
    return false;
  }

 private:
  template <class T>
  bool integer(T& value) {
    std::uint64_t bits = 0;
    if (!size(bits)) return false;
    const auto number = static_cast<std::int64_t>(bits >> 1U ^ ((bits & 1U) != 0 ? ~std::uint64_t{0} : 0));
    if (number < static_cast<std::int64_t>(std::numeric_limits<T>::min()) ||
        number > static_cast<std::int64_t>(std::numeric_limits<T>::max()))
      return false;
    value = static_cast<T>(number);
    return true;
  }
  template <class T>
  bool enumerator(T& value) {
    std::underlying_type_t<T> number{};
    if (!integer(number)) return false;
    value = static_cast<T>(number);
    return true;
  }
  bool text(std::string& value) {
    std::uint64_t bytes = 0;
    if (!size(bytes) || bytes > rest_.size()) return false;
    value.assign(rest_.substr(0, bytes));
    rest_.remove_prefix(bytes);
    return true;
  }
  template <TextValue T>
  bool text_value(T& value) {
    std::string read;
    value = {};
    if (!text(read)) return false;
    const auto known = read.empty() ? T{} : T::of(read);
    if (known) value = *known;
    return known.has_value();
  }
  template <class T>
  bool optional(T& value) {
    std::uint64_t is_there = 0;
    value.reset();
    if (!size(is_there) || is_there > 1) return false;
    if (is_there == 0) return true;
    if constexpr (is_shared<T>) {
      const auto read = std::make_shared<std::remove_const_t<typename T::element_type>>();
      value = read;
      return get(*read);
    } else {
      return get(value.emplace());
    }
  }
  bool count(std::uint64_t& count) { return size(count) && count <= rest_.size(); }  // none takes less than a byte
  template <class T>
  bool list(std::vector<T>& values) {
    std::uint64_t left = 0;
    values.clear();
    if (!count(left)) return false;
    for (; left > 0; --left) {
      T value{};
      if (!get(value)) return false;
      values.push_back(std::move(value));
    }
    return true;
  }
  template <class T>
  bool array(T& values) {
    std::uint64_t count = 0;
    if (!size(count) || count != values.size()) return false;
    for (auto& value : values)
      if (!get(value)) return false;
    return true;
  }
  template <Keyed T>
  bool keyed(T& values) {
    std::uint64_t left = 0;
    values = {};
    if (!count(left)) return false;
    for (; left > 0; --left) {
      const std::size_t before = values.size();
      typename T::key_type key{};
      if (!get(key)) return false;
      if constexpr (Mapped<T>) {
        typename T::mapped_type value{};
        if (!get(value)) return false;
        values.emplace(std::move(key), std::move(value));
      } else {
        values.insert(std::move(key));
      }
      if (values.size() == before) return false;  // no key is there twice
    }
    return true;
  }
  template <class T>
  bool members(T& value) {
    static_assert(is_stored<T>(), "no field can be of this type (engine/kernel/members.h), or it needs members()");
    static_assert(check_members<T>());
    value = T{};
    std::uint64_t count = 0;
    bool good = size(count);
    each_member<T>([&](std::string_view, auto member) {
      if (!good || count == 0) return;
      --count;
      good = get(value.*member);
    });
    return good && count == 0;
  }

  std::string_view rest_;
};

}  // namespace tote
