// What the engine knows of some of its slots, beside them. It grows without a stall, like the table of all slots
// (engine/hash_index.h). Loop thread only.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/slot_table.h"

namespace tote {

template <class Value>
class SlotMap {
 public:
  explicit SlotMap(HugePages& pages) : index_(pages) {}
  SlotMap(const SlotMap&) = delete;
  SlotMap& operator=(const SlotMap&) = delete;
  ~SlotMap() {
    index_.for_each([](Node* node) { delete node; });
  }

  // Null: nothing is known of it. Stays where it is until it is erased.
  Value* find(const Slot& slot) const {
    Node* node = node_of(slot);
    return node == nullptr ? nullptr : &node->value;
  }
  // Made on first use.
  Value& operator[](const Slot& slot) {
    Node* node = node_of(slot);
    if (node == nullptr) index_.insert(node = new Node{slot.hash, &slot, {}});
    return node->value;
  }
  // True: something was known of it.
  bool erase(const Slot& slot) {
    Node* node = node_of(slot);
    if (node == nullptr) return false;
    index_.erase(node);
    delete node;
    return true;
  }
  std::size_t size() const { return index_.size(); }

 private:
  struct Node {
    std::uint64_t hash;
    const Slot* slot;
    Value value;
  };

  Node* node_of(const Slot& slot) const {
    return index_.find(slot.hash, [&](const Node& node) { return node.slot == &slot; });
  }

  HashIndex<Node> index_;
};

}  // namespace tote
