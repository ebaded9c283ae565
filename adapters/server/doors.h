// Which door a path belongs to: the one with the longest prefix of it, in whole segments.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/server/handler.h"
#include "adapters/server/stale_door.h"

namespace tote::server {

class Doors {
 public:
  // `root` has every path that no other has.
  explicit Doors(std::shared_ptr<Handler> root) : root_(std::move(root)) {}

  // `prefix`: "/callbacks/acme", without a slash at its end.
  void mount(std::string prefix, std::shared_ptr<Handler> door) {
    mounted_.push_back({std::move(prefix), std::move(door)});
  }

  Handler& of(const Message& message) const {
    Handler& own = own_of(message.target);
    if (!is_forwarding_ || own.is_of_this_node(message.target)) return own;
    const bool is_read_here = stale_ != nullptr && &own == root_.get() && stale_->takes(message);
    return is_read_here ? static_cast<Handler&>(*stale_) : *forwarding_;
  }
  // The same, whether or not requests are forwarded.
  Handler& own_of(std::string_view target) const {
    if (mounted_.empty()) return *root_;
    const std::string_view path = split_target(target).path;
    Handler* found = root_.get();
    std::size_t longest = 0;
    for (const Mounted& one : mounted_) {
      const std::size_t size = one.prefix.size();
      const bool is_below = path.starts_with(one.prefix) && (path.size() == size || path[size] == '/');
      if (is_below && size > longest) found = one.door.get(), longest = size;
    }
    return *found;
  }

  // From now on `door` has all that isn't of this node alone; it stays until the end, as what it was given does.
  void forward(std::shared_ptr<Handler> door) {
    forwarding_ = std::move(door);
    is_forwarding_ = true;
  }
  void serve() { is_forwarding_ = false; }
  // While requests are forwarded, reads of the root's that may be old are answered by it, while there is an age.
  void read_stale(StaleDoor::AgeMs age_ms) { stale_ = std::make_shared<StaleDoor>(*root_, std::move(age_ms)); }
  bool forward_again() { return is_forwarding_ = forwarding_ != nullptr; }  // false: there is no such door

  template <class Visit>
  void each(const Visit& visit) const {
    visit(*root_);
    if (forwarding_ != nullptr) visit(*forwarding_);
    for (const Mounted& one : mounted_) visit(*one.door);
  }

 private:
  struct Mounted {
    std::string prefix;
    std::shared_ptr<Handler> door;
  };

  std::shared_ptr<Handler> root_;
  std::vector<Mounted> mounted_;
  std::shared_ptr<Handler> forwarding_;
  std::shared_ptr<StaleDoor> stale_;
  bool is_forwarding_ = false;
};

}  // namespace tote::server
