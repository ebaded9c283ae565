// Who comes most often, in bounded memory (Space-Saving; Metwally, Agrawal and El Abbadi, 2005): who isn't among the
// counters takes over the least of them, and its count as an error. Whoever has more than a counter's share of all is
// certainly there, and count - error of it were certainly its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <unordered_map>
#include <utility>
#include <vector>

namespace tote {

// `Value`: what is kept beside a counter; default made for each new owner. Keys are told apart by `Value::is(key)`, and
// taken by `Value::take(key)`.
template <class Value>
class SpaceSaving {
 public:
  struct Counter {
    std::uint64_t hash = 0;
    std::uint64_t count = 0;
    std::uint64_t error = 0;  // of the count: those who had the counter before
    std::size_t place = 0;    // in the heap
    Value value{};

    std::uint64_t own() const { return count - error; }
  };

  explicit SpaceSaving(std::size_t counters_max) : counters_max_(counters_max) {}

  // Counts `times` of a key; what is kept of it. Null: another key has its hash, which isn't told apart any further.
  template <class Key>
  Value* add(std::uint64_t hash, const Key& key, std::uint64_t times) {
    const auto found = index_.find(hash);
    if (found != index_.end() && !found->second->value.is(key)) return nullptr;
    Counter& counter = found != index_.end() ? *found->second : take(hash, key);
    counter.count += times;
    sink(counter);
    return &counter.value;
  }
  template <class Key>
  const Counter* find(std::uint64_t hash, const Key& key) const {
    const auto found = index_.find(hash);
    return found != index_.end() && found->second->value.is(key) ? found->second : nullptr;
  }

  // In no order.
  template <class Visit>
  void for_each(const Visit& visit) const {
    for (const Counter* counter : heap_) visit(*counter);
  }
  std::size_t size() const { return heap_.size(); }
  void clear() {
    index_.clear();
    heap_.clear();
    counters_.clear();
  }

 private:
  template <class Key>
  Counter& take(std::uint64_t hash, const Key& key) {
    const bool is_new = heap_.size() < counters_max_;
    if (is_new) {
      counters_.emplace_back();
      heap_.push_back(&counters_.back());
      counters_.back().place = heap_.size() - 1;
      rise(counters_.back());
      index_.emplace(hash, &counters_.back());
    }
    Counter& counter = is_new ? counters_.back() : *heap_.front();
    if (!is_new) {
      auto node = index_.extract(counter.hash);
      node.key() = hash;
      index_.insert(std::move(node));
      counter.error = counter.count;
    }
    counter.hash = hash;
    counter.value = {};
    counter.value.take(key);
    return counter;
  }

  // The least is at the front of the heap.
  void rise(Counter& counter) {
    while (counter.place > 0 && heap_[(counter.place - 1) / 2]->count > counter.count)
      swap(counter.place, (counter.place - 1) / 2);
  }
  void sink(Counter& counter) {
    for (;;) {
      std::size_t least = counter.place;
      for (std::size_t child = 2 * counter.place + 1; child < heap_.size() && child <= 2 * counter.place + 2; ++child)
        if (heap_[child]->count < heap_[least]->count) least = child;
      if (least == counter.place) return;
      swap(counter.place, least);
    }
  }
  void swap(std::size_t one, std::size_t other) {
    std::swap(heap_[one], heap_[other]);
    heap_[one]->place = one;
    heap_[other]->place = other;
  }

  std::size_t counters_max_;
  std::deque<Counter> counters_;  // stay where they are
  std::vector<Counter*> heap_;
  std::unordered_map<std::uint64_t, Counter*> index_;  // by hash
};

}  // namespace tote
