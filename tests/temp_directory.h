// A directory of a test's own, which goes with all that is in it when the test ends.
#pragma once

#include <string>

namespace tests {

class TempDirectory {
 public:
  enum class On {
    disk,
    memory,  // where there is such a place: what a sync costs isn't what the test is about
  };
  explicit TempDirectory(On on = On::disk);  // throws std::runtime_error where none can be made
  ~TempDirectory();
  TempDirectory(const TempDirectory&) = delete;
  TempDirectory& operator=(const TempDirectory&) = delete;

  const std::string& path() const { return path_; }
  std::string file(const std::string& name) const { return path_ + "/" + name; }
  std::string write(const std::string& name, const std::string& text) const;  // its path

 private:
  std::string path_;
};

}  // namespace tests
