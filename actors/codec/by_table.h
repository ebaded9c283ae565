// The events of a kind in one FlatBuffers table, by their members (engine/kernel/members.h): a member is the field of
// the same name, a Time's with _ns behind it, or the one that its rules name. Which they are is known to the compiler:
// what the .fbs doesn't have, or has of another type, doesn't compile. A member that has members lies in the same
// table; of labels (engine/kernel/labels.h) the rules name the reference's field, their metadata are the one field of
// its kind. `type` is the number of the alternative, from 1; `none` is 0. A struct by itself has a table of its own.
//
// The bytes are those of the generated Create…(): texts in the order of the fields, then the table. A field that is as
// the .fbs makes it takes no bytes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>

#include "actors/codec/labels.h"
#include "actors/codec/table_fields.h"

namespace tote::flat {

// What a reader sees of a field that isn't there.
template <class Table>
const Table& bare_table() {
  alignas(flatbuffers::largest_scalar_t) static constexpr std::uint8_t bytes[] = {4, 0, 4, 0, 4, 0, 0, 0};
  return *reinterpret_cast<const Table*>(bytes + 4);
}

// The fields of one table before it is written: numbers and texts.
template <class Table>
class Row {
 public:
  Row() : Row(FieldsOf<Table>()) {}
  explicit Row(std::size_t type) : Row() { numbers_[0] = static_cast<std::int64_t>(type); }

  template <class T>
  void put(const T& event) {
    constexpr auto fields = fields_of<Table, T>();
    std::size_t number = 0;
    each_leaf<T>([&](auto, std::string_view, auto at, const Rules&) { put(fields[number++], at(event)); });
  }

  void finish(FlatBufferBuilder& to) const { finish(to, FieldsOf<Table>()); }

 private:
  template <std::size_t... I>
  explicit Row(std::index_sequence<I...>) : numbers_{made<I>()...} {}

  template <std::size_t field>
  static std::int64_t made() {
    if constexpr (is_number<FieldType<Table, field>>)
      return static_cast<std::int64_t>(bare_table<Table>().template get_field<field>());
    else
      return 0;
  }

  template <class T>
  void put(std::size_t field, const T& value) {
    if constexpr (std::is_same_v<T, std::string>)
      texts_[field] = value;
    else if constexpr (TextValue<T>)
      texts_[field] = value == T{} ? std::string_view{} : value.text();
    else if constexpr (std::is_same_v<T, LabelsPtr>)
      labels_ = &labels_of(value), texts_[field] = labels_->reference;
    else if constexpr (std::is_same_v<T, Money>)
      numbers_[field] = value.minor;
    else if constexpr (std::is_same_v<T, Time>)
      numbers_[field] = value.ns;
    else
      numbers_[field] = static_cast<std::int64_t>(value);
  }

  template <std::size_t... I>
  void finish(FlatBufferBuilder& to, std::index_sequence<I...>) const {
    const std::tuple values{value<I>(to)...};  // braces: in this order
    to.Finish(Table::Traits::Create(to, std::get<I>(values)...));
  }
  template <std::size_t field>
  auto value(FlatBufferBuilder& to) const {
    using Type = FieldType<Table, field>;
    if constexpr (is_text<Type>)
      return optional_string(to, texts_[field]);
    else if constexpr (is_metadata<Type>)
      return metadata(to, Type());
    else
      return static_cast<Type>(numbers_[field]);
  }
  template <class Label>
  LabelsAt<Label> metadata(FlatBufferBuilder& to, const flatbuffers::Vector<Offset<Label>>*) const {
    return labels_ == nullptr ? LabelsAt<Label>() : metadata_of<Label>(to, *labels_);
  }

  std::array<std::int64_t, fields_count<Table>> numbers_;
  std::array<std::string_view, fields_count<Table>> texts_{};
  const Labels* labels_ = nullptr;
};

// Appends.
template <class Table, class T>
void encode(const T& value, FlatBufferBuilder& to, std::string& out) {
  Row<Table> row;
  row.put(value);
  row.finish(to);
  append(to, out);
}
template <class Table, class... Events>
void encode(const std::variant<Events...>& event, FlatBufferBuilder& to, std::string& out) {
  std::visit(
      [&](const auto& one) {
        Row<Table> row(event.index() + 1);
        row.put(one);
        row.finish(to);
      },
      event);
  append(to, out);
}

template <class Table, std::size_t... I>
bool take_labels(const Table& from, const String* reference, LabelsPtr& labels, std::index_sequence<I...>) {
  Labels read;
  const auto take_field = [&]<std::size_t field>(std::integral_constant<std::size_t, field>) {
    if constexpr (is_metadata<FieldType<Table, field>>)
      return read_labels(reference, from.template get_field<field>(), read);
    else
      return true;
  };
  if (!(take_field(std::integral_constant<std::size_t, I>()) && ...)) return false;
  labels = share(std::move(read));
  return true;
}

// One member from its field. False: no event has such a value.
template <class Table, std::size_t field, class T>
bool take(const Table& from, T& value) {
  const auto read = from.template get_field<field>();
  if constexpr (std::is_same_v<T, std::string>) {
    value = view(read);
  } else if constexpr (TextValue<T>) {
    const auto known = read == nullptr ? T{} : T::of(view(read));
    if (known) value = *known;
    return known.has_value();
  } else if constexpr (std::is_same_v<T, LabelsPtr>) {
    return take_labels(from, read, value, FieldsOf<Table>());
  } else if constexpr (std::is_same_v<T, Money>) {
    value.minor = read;
  } else if constexpr (std::is_same_v<T, Time>) {
    value.ns = read;
  } else {
    value = static_cast<T>(read);
    if constexpr (requires { std::string_view(name_of(value)); }) return !name_of(value).empty();
  }
  return true;
}

template <class Table, class T, std::size_t... I>
bool take_any(const Table& from, std::size_t field, T& value, std::index_sequence<I...>) {
  bool good = false;
  const auto one = [&]<std::size_t number>(std::integral_constant<std::size_t, number>) {
    if constexpr (keeps<T, FieldType<Table, number>>())
      if (field == number) good = take<Table, number>(from, value);
  };
  (one(std::integral_constant<std::size_t, I>()), ...);
  return good;
}

// False: the table is no such struct; `event` is anything then.
template <class Table, class T>
bool decode(const Table& from, T& event) {
  constexpr auto fields = fields_of<Table, T>();
  std::size_t number = 0;
  bool good = true;
  each_leaf<T>([&]<class Type>(std::type_identity<Type>, std::string_view, auto at, const Rules& rules) {
    Type& value = at(event);
    good = good && take_any(from, fields[number++], value, FieldsOf<Table>());
    if constexpr (TextValue<Type>) good = good && (rules.may_lack || value != Type{});
  });
  return good;
}

// False: the table is no event; `event` is anything then.
template <class Table, class... Events>
bool decode(const Table& from, std::variant<Events...>& event) {
  const auto type = static_cast<std::size_t>(from.type());
  bool good = false;
  const auto take_one = [&]<std::size_t index>(std::integral_constant<std::size_t, index>) {
    if (type == index + 1) good = decode(from, event.template emplace<index>());
  };
  [&]<std::size_t... I>(std::index_sequence<I...>) { (take_one(std::integral_constant<std::size_t, I>()), ...); }
  (std::index_sequence_for<Events...>());
  return good;
}

}  // namespace tote::flat
