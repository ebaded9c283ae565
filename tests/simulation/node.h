// What a kind tells the edges about an event or an answer, as a tree: the model reads this and nothing else.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/kernel/fields.h"

namespace tote::simulation {

struct Node {
  std::string name;
  std::map<std::string, std::string, std::less<>> texts;
  std::map<std::string, std::int64_t, std::less<>> integers;  // times, too: in ns
  std::vector<Node> children;

  std::string text(std::string_view field) const {
    const auto found = texts.find(field);
    return found == texts.end() ? std::string() : found->second;
  }
  std::int64_t integer(std::string_view field) const {
    const auto found = integers.find(field);
    return found == integers.end() ? 0 : found->second;
  }
};

class NodeReader final : public Fields {
 public:
  void integer(std::string_view name, std::int64_t value) override { open_.back()->integers.emplace(name, value); }
  void text(std::string_view name, std::string_view value) override { open_.back()->texts.emplace(name, value); }
  void time(std::string_view name, Time value) override { integer(name, value.ns); }
  void begin(std::string_view name) override {
    auto& children = open_.back()->children;
    children.push_back({});
    children.back().name = name;
    open_.push_back(&children.back());
  }
  void end() override { open_.pop_back(); }

  Node root;

 private:
  std::vector<Node*> open_{&root};
};

}  // namespace tote::simulation
