// Labels in and out of the tables of those who carry them: a reference, and a vector of tables with `name` and `value`.
#pragma once

#include <vector>

#include "actors/codec/flat.h"
#include "engine/kernel/labels.h"

namespace tote::flat {

template <class Label>
using LabelsAt = Offset<flatbuffers::Vector<Offset<Label>>>;

template <class Label>
LabelsAt<Label> metadata_of(FlatBufferBuilder& to, const Labels& labels) {
  if (labels.metadata.empty()) return {};
  std::vector<Offset<Label>> at;
  for (const auto& [name, value] : labels.metadata) {
    const auto name_at = optional_string(to, name);
    const auto value_at = optional_string(to, value);
    typename Label::Builder label(to);
    label.add_value(value_at);
    label.add_name(name_at);
    at.push_back(label.Finish());
  }
  return to.CreateVector(at.data(), at.size());
}

// False: no request can have had them.
template <class Label>
bool read_labels(const String* reference, const flatbuffers::Vector<Offset<Label>>* metadata, Labels& labels) {
  labels = {text_of(reference), {}};
  if (metadata == nullptr) return labels.is_valid();
  for (const auto* one : *metadata) labels.metadata.emplace_back(text_of(one->name()), text_of(one->value()));
  return labels.is_valid();
}

}  // namespace tote::flat
