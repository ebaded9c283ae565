// A figure that says what it is: declared where it is counted, and shown by whoever walks the list that it is in. A new
// one is its declaration, and the line that counts.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace tote::server {

class Count;
using Counts = std::vector<const Count*>;  // in the order of their declaration

// Loop thread only.
class Count {
 public:
  enum class Type : std::uint8_t {
    now,    // goes up and down
    total,  // since start
  };

  Count(Counts& list, Type what, std::string_view called, std::string_view means)
      : type(what), name(called), help(means) {
    list.push_back(this);
  }
  Count(const Count&) = delete;
  Count& operator=(const Count&) = delete;

  void operator++() { ++value_; }
  void operator--() { --value_; }
  void set(std::uint64_t value) { value_ = value; }
  std::uint64_t value() const { return value_; }

  const Type type;
  const std::string_view name;  // as Prometheus has it
  const std::string_view help;

 private:
  std::uint64_t value_ = 0;
};

}  // namespace tote::server
