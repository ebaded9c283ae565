// An ordered map for states. A copy costs as much as a pointer: copies share their nodes, and whoever changes one makes
// its own along the path to it. It knows ranks, and what is written into every node about the nodes below it.
//
// A balanced tree by weight (Hirai, Yamamoto: "Balancing weight-balanced trees", 2011). Every change and every look
// takes O(log n), a step of an iterator less. Not thread-safe, and neither are two copies in two threads.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "engine/kernel/invariant.h"

namespace tote {

// What a node tells of its subtree. of() of one entry, plus() of two parts, in any order.
struct NoSummary {
  template <class K, class V>
  static NoSummary of(const K&, const V&) {
    return {};
  }
  NoSummary plus(NoSummary) const { return {}; }
};

template <class K, class V, class Summary = NoSummary>
class OrderedMap {
  struct Node;
  // Of a map that is compared: a whole subtree, or one entry. The last of a list is the next.
  struct Part {
    const Node* node;
    bool is_tree;
    std::size_t size() const { return is_tree ? node->size : 0; }
  };

 public:
  using key_type = K;
  using mapped_type = V;
  using Entry = std::pair<const K, V>;

  // In order of the keys. Valid until the map changes.
  class Iterator {  // NOLINT(cppcoreguidelines-pro-type-member-init): the first `depth_` of `path_` are read
   public:
    const Entry& operator*() const { return path_[depth_ - 1]->entry; }
    const Entry* operator->() const { return &path_[depth_ - 1]->entry; }
    Iterator& operator++() {
      descend(path_[--depth_]->right.get());
      return *this;
    }
    bool operator==(const Iterator& other) const { return here() == other.here(); }

   private:
    friend class OrderedMap;
    static constexpr std::size_t depth_max = 80;  // of 2^32 entries

    const Node* here() const { return depth_ == 0 ? nullptr : path_[depth_ - 1]; }
    void push(const Node* node) { path_[depth_++] = node; }
    void descend(const Node* node) {
      for (; node != nullptr; node = node->left.get()) push(node);
    }

    std::array<const Node*, depth_max> path_;  // those whose left side is done, the present one last
    std::size_t depth_ = 0;
  };

  std::size_t size() const { return size_of(root_); }
  bool empty() const { return size() == 0; }

  Iterator begin() const {
    Iterator at;
    at.descend(root_.get());
    return at;
  }
  Iterator end() const { return {}; }
  // The first that isn't less than `key`; the first that is greater.
  template <class Q>
  Iterator lower_bound(const Q& key) const {
    return bound([&](const K& seen) { return seen < key; });
  }
  template <class Q>
  Iterator upper_bound(const Q& key) const {
    return bound([&](const K& seen) { return !(key < seen); });
  }

  // Null: there is no such key.
  template <class Q>
  const V* find(const Q& key) const {
    for (const Node* node = root_.get(); node != nullptr;) {
      const auto order = key <=> node->entry.first;
      if (order == 0) return &node->entry.second;
      node = order < 0 ? node->left.get() : node->right.get();
    }
    return nullptr;
  }
  template <class Q>
  bool contains(const Q& key) const {
    return find(key) != nullptr;
  }
  template <class Q>
  const V& at(const Q& key) const {
    const V* found = find(key);
    TOTE_INVARIANT(found != nullptr);
    return *found;
  }
  // How many keys are less.
  template <class Q>
  std::size_t rank(const Q& key) const {
    std::size_t rank = 0;
    for (const Node* node = root_.get(); node != nullptr;) {
      if (!(node->entry.first < key)) {
        node = node->left.get();
        continue;
      }
      rank += size_of(node->left) + 1;
      node = node->right.get();
    }
    return rank;
  }
  // The first entry whose own summary is `wanted`. It must be so of a subtree exactly when it is so of an entry there.
  template <class Wanted>
  const Entry* first(const Wanted& wanted) const {
    const Node* node = root_.get();
    if (node == nullptr || !wanted(node->summary)) return nullptr;
    for (;;) {
      if (node->left && wanted(node->left->summary))
        node = node->left.get();
      else if (wanted(Summary::of(node->entry.first, node->entry.second)))
        return &node->entry;
      else
        node = node->right.get();
    }
  }

  // False: the key is there already, and keeps its value.
  bool emplace(K key, V value) { return insert(root_, key, value); }
  // Calls change(V&), of a new V when there is no such key.
  template <class Change>
  void put(K key, const Change& change) {
    put(root_, key, change);
  }
  // Calls change(V&); false: there is no such key.
  template <class Q, class Change>
  bool edit(const Q& key, const Change& change) {
    return edit(root_, key, change);
  }
  // False: there is no such key.
  template <class Q>
  bool erase(const Q& key) {
    return erase(root_, key);
  }

  // The very same nodes, so the same entries; maps that aren't may still be equal.
  bool is_same(const OrderedMap& other) const { return root_.get() == other.root_.get(); }

  // Looks for keys that only one of two maps has; those whose values may differ are in neither list. Costs as much as
  // what the two don't share, and may be done in slices: it keeps both as they are now.
  class Comparison {
   public:
    Comparison(const OrderedMap& first, const OrderedMap& second) : first_(first), second_(second) {
      put(left_, first_.root_.get());
      put(right_, second_.root_.get());
    }
    Comparison(const Comparison&) = delete;
    Comparison& operator=(const Comparison&) = delete;

    // At most `steps`, which are taken off it; a step appends at most one key. True: that was all.
    bool go_on(std::size_t& steps, std::vector<K>& only_in_first, std::vector<K>& only_in_second) {
      for (; steps > 0 && !(left_.empty() && right_.empty()); --steps) step(only_in_first, only_in_second);
      return left_.empty() && right_.empty();
    }
    const OrderedMap& second() const { return second_; }

   private:
    void step(std::vector<K>& only_in_first, std::vector<K>& only_in_second);

    const OrderedMap first_, second_;
    std::vector<Part> left_, right_;
  };

 private:
  // Counts its owners.
  class Ptr {
   public:
    Ptr() = default;
    explicit Ptr(Node* node) : node_(node) {}
    Ptr(const Ptr& other) : node_(other.node_) {
      if (node_ != nullptr) ++node_->owners;
    }
    Ptr(Ptr&& other) noexcept : node_(std::exchange(other.node_, nullptr)) {}
    Ptr& operator=(Ptr other) noexcept {
      std::swap(node_, other.node_);
      return *this;
    }
    ~Ptr() {
      if (node_ != nullptr && --node_->owners == 0) delete node_;
    }

    Node* get() const { return node_; }
    Node* operator->() const { return node_; }
    explicit operator bool() const { return node_ != nullptr; }
    // Nobody else sees it change.
    void own() {
      if (node_->owners == 1) return;
      auto* copy = new Node(node_->entry.first, node_->entry.second);
      copy->size = node_->size;
      copy->left = node_->left;
      copy->right = node_->right;
      copy->summary = node_->summary;
      *this = Ptr(copy);
    }

   private:
    Node* node_ = nullptr;
  };

  struct Node {
    Node(K key, V value) : entry(std::move(key), std::move(value)), summary(Summary::of(entry.first, entry.second)) {}

    std::uint32_t owners = 1;
    std::uint32_t size = 1;
    Ptr left, right;
    Entry entry;
    [[no_unique_address]] Summary summary;
  };

  static std::size_t size_of(const Ptr& node) { return node ? node->size : 0; }
  static std::size_t weight(const Ptr& node) { return size_of(node) + 1; }

  static void refresh(Node& node) {
    node.size = static_cast<std::uint32_t>(size_of(node.left) + size_of(node.right) + 1);
    node.summary = Summary::of(node.entry.first, node.entry.second);
    if (node.left) node.summary = node.summary.plus(node.left->summary);
    if (node.right) node.summary = node.summary.plus(node.right->summary);
  }

  // `up` takes the place of its parent, which goes down to the other side.
  static void rotate(Ptr& at, Ptr Node::*up, Ptr Node::*down) {
    ((*at.get()).*up).own();
    Ptr top = std::move((*at.get()).*up);
    (*at.get()).*up = std::move((*top.get()).*down);
    refresh(*at.get());
    (*top.get()).*down = std::move(at);
    refresh(*top.get());
    at = std::move(top);
  }

  static void lighten(Ptr& at, Ptr Node::*heavy, Ptr Node::*light) {
    constexpr std::size_t double_ratio = 2;
    Ptr& side = (*at.get()).*heavy;
    if (weight((*side.get()).*light) >= double_ratio * weight((*side.get()).*heavy)) {
      side.own();
      rotate(side, light, heavy);
    }
    rotate(at, heavy, light);
  }

  // Its own node, after one of its sides has changed by one.
  static void balance(Ptr& at) {
    constexpr std::size_t ratio_max = 3;
    refresh(*at.get());
    if (weight(at->right) > ratio_max * weight(at->left))
      lighten(at, &Node::right, &Node::left);
    else if (weight(at->left) > ratio_max * weight(at->right))
      lighten(at, &Node::left, &Node::right);
  }

  static bool insert(Ptr& at, K& key, V& value) {
    if (!at) return at = Ptr(new Node(std::move(key), std::move(value))), true;
    const auto order = key <=> at->entry.first;
    if (order == 0) return false;
    at.own();
    const bool is_new = insert(order < 0 ? at->left : at->right, key, value);
    if (is_new) balance(at);
    return is_new;
  }

  template <class Change>
  static void put(Ptr& at, K& key, const Change& change) {
    if (!at) {
      V value{};
      change(value);
      at = Ptr(new Node(std::move(key), std::move(value)));
      return;
    }
    at.own();
    const auto order = key <=> at->entry.first;
    if (order == 0) {
      change(at->entry.second);
      refresh(*at.get());
      return;
    }
    put(order < 0 ? at->left : at->right, key, change);
    balance(at);
  }

  template <class Q, class Change>
  static bool edit(Ptr& at, const Q& key, const Change& change) {
    if (!at) return false;
    const auto order = key <=> at->entry.first;
    at.own();
    if (order == 0)
      change(at->entry.second);
    else if (!edit(order < 0 ? at->left : at->right, key, change))
      return false;
    refresh(*at.get());
    return true;
  }

  template <class Q>
  static bool erase(Ptr& at, const Q& key) {
    if (!at) return false;
    const auto order = key <=> at->entry.first;
    at.own();
    if (order != 0) {
      if (!erase(order < 0 ? at->left : at->right, key)) return false;
    } else if (!at->left || !at->right) {
      at = at->left ? Ptr(at->left) : Ptr(at->right);
      return true;
    } else {
      Ptr next = take_first(at->right);
      next->left = std::move(at->left);
      next->right = std::move(at->right);
      at = std::move(next);
    }
    balance(at);
    return true;
  }

  static Ptr take_first(Ptr& at) {
    at.own();
    if (!at->left) {
      Ptr first = std::move(at);
      at = std::move(first->right);
      return first;
    }
    Ptr first = take_first(at->left);
    balance(at);
    return first;
  }

  template <class IsBefore>
  Iterator bound(const IsBefore& is_before) const {
    Iterator at;
    for (const Node* node = root_.get(); node != nullptr;) {
      if (is_before(node->entry.first)) {
        node = node->right.get();
      } else {
        at.push(node);
        node = node->left.get();
      }
    }
    return at;
  }

  static void put(std::vector<Part>& parts, const Node* tree) {
    if (tree != nullptr) parts.push_back({tree, true});
  }
  static const Node* take(std::vector<Part>& parts) {
    const Node* node = parts.back().node;
    parts.pop_back();
    return node;
  }
  // False: the next is an entry.
  static bool expand(std::vector<Part>& parts) {
    if (!parts.back().is_tree) return false;
    const Node* node = take(parts);
    put(parts, node->right.get());
    parts.push_back({node, false});
    put(parts, node->left.get());
    return true;
  }

  Ptr root_;
};

template <class K, class V, class Summary>
void OrderedMap<K, V, Summary>::Comparison::step(std::vector<K>& only_in_first, std::vector<K>& only_in_second) {
  if (left_.empty() || right_.empty()) {
    auto& rest = left_.empty() ? right_ : left_;
    if (!expand(rest)) (left_.empty() ? only_in_second : only_in_first).push_back(take(rest)->entry.first);
  } else if (left_.back().node == right_.back().node && left_.back().is_tree == right_.back().is_tree) {
    left_.pop_back();
    right_.pop_back();
  } else if (!expand(left_.back().size() < right_.back().size() ? right_ : left_) && !expand(left_) &&
             !expand(right_)) {
    const K& one = left_.back().node->entry.first;
    const K& other = right_.back().node->entry.first;
    const auto order = one <=> other;
    if (order < 0) only_in_first.push_back(one);
    if (order > 0) only_in_second.push_back(other);
    if (order <= 0) take(left_);
    if (order >= 0) take(right_);
  }
}

struct Nothing {};
template <class K>
using OrderedSet = OrderedMap<K, Nothing>;

}  // namespace tote
