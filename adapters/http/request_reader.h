// Bytes to messages: HTTP/1.1 requests out of a stream, one after the other, however the bytes are cut.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "adapters/http/message.h"
#include "adapters/http/problems.h"

namespace tote::http {

// A larger body than the others', for the one target that takes it.
struct LargerBody {
  std::string_view target{};
  std::size_t bytes_max = 0;
};

class RequestReader {
 public:
  enum class State : std::uint8_t { empty, header, body, complete, failed };

  RequestReader(std::size_t header_bytes_max, std::size_t body_bytes_max, LargerBody larger = {});
  ~RequestReader();

  // Takes bytes up to the end of the message and says how many; the rest is to be given again, with more after it.
  // Nothing taken and not complete or failed: more bytes are needed.
  std::size_t put(std::string_view bytes);
  State state() const { return state_; }
  const Message& message() const { return message_; }  // complete; of `failed` and `body` only the header
  Message& message() { return message_; }              // whose body may be taken away
  bool wants_continue() const;                         // in `body`: the client waits for 100 Continue
  const Problem& failure() const { return failure_; }
  void next();  // forgets the message and begins the next one

 private:
  struct Parser;
  void fail(Problem problem);
  void finish_header();

  std::size_t header_bytes_max_;
  std::size_t body_bytes_max_;
  LargerBody larger_;
  State state_ = State::empty;
  Message message_;
  Problem failure_;
  std::unique_ptr<Parser> parser_;
};

}  // namespace tote::http
