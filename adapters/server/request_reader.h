// Bytes to messages: HTTP/1.1 requests out of a stream, one after the other, however the bytes are cut.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "adapters/server/failure.h"
#include "adapters/server/message.h"

namespace tote::server {

// How large the body of a request to this target may be.
using BodyLimit = std::function<std::size_t(std::string_view target)>;

class RequestReader {
 public:
  enum class State : std::uint8_t { empty, header, body, complete, failed };

  RequestReader(std::size_t header_bytes_max, BodyLimit body_bytes_max);
  ~RequestReader();

  // Takes bytes up to the end of the message and says how many; the rest is to be given again, with more after it.
  // Nothing taken and not complete or failed: more bytes are needed.
  std::size_t put(std::string_view bytes);
  State state() const { return state_; }
  const Message& message() const { return message_; }  // complete; of `failed` and `body` only the header
  Message& message() { return message_; }              // whose body may be taken away
  bool wants_continue() const;                         // in `body`: the client waits for 100 Continue
  const Failure& failure() const { return failure_; }
  void next();  // forgets the message and begins the next one

 private:
  struct Parser;
  void fail(Failure failure);
  void finish_header();

  std::size_t header_bytes_max_;
  BodyLimit body_bytes_max_;
  State state_ = State::empty;
  Message message_;
  Failure failure_;
  std::unique_ptr<Parser> parser_;
};

}  // namespace tote::server
