// Events that an endpoint wouldn't take while it took others: one CloudEvent a line, for a person to look at and to
// send by hand. Only ever appended to.
#pragma once

#include <cstdint>
#include <string>

namespace tote::webhooks {

class PutAsideFile {
 public:
  explicit PutAsideFile(std::string path) : path_(std::move(path)) {}

  // Whole lines in it. Throws std::system_error when it is there and can't be read.
  std::uint64_t count() const;
  // On disk when it returns. Throws std::system_error; a part of the line may be there then.
  void append(const std::string& line) const;

  const std::string& path() const { return path_; }

 private:
  const std::string path_;
};

}  // namespace tote::webhooks
