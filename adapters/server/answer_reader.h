// Bytes to answers: HTTP/1.1 responses out of a stream, one after the other, as another server sends them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace tote::server {

class AnswerReader {
 public:
  enum class State : std::uint8_t { header, body, complete, failed };

  explicit AnswerReader(std::size_t header_bytes_max);
  ~AnswerReader();

  void begin(bool is_head);  // the next answer; to HEAD it has no body
  // Takes bytes and says how many; the rest is to be given again, with more after it.
  std::size_t put(std::string_view bytes);
  void put_end();  // the other side has closed: complete only where that ends a body

  State state() const { return state_; }
  bool is_begun() const { return is_begun_; }  // at least a byte of it came
  // Once `body` or `complete`: the status line and the headers that are meant for the client, each line ended by CR LF,
  // without the empty line. Connection, Transfer-Encoding and what else is of this connection alone isn't in it.
  std::string& head() { return head_; }
  unsigned status() const { return status_; }
  bool has_length() const { return has_length_; }           // the head says Content-Length
  std::uint64_t body_bytes() const { return body_bytes_; }  // what it says
  bool is_endless() const { return is_endless_; }           // the body ends with the connection
  bool is_not_here() const { return is_not_here_; }         // the head says Tote-Not-Here (forwarder.h)
  bool keeps_alive() const { return keeps_alive_; }         // another request may follow
  std::string& body() { return body_; }                     // what came of it and wasn't taken away

 private:
  struct Parser;
  void finish_header();

  const std::size_t header_bytes_max_;
  std::unique_ptr<Parser> parser_;
  State state_ = State::header;
  bool is_head_ = false, is_begun_ = false, has_length_ = false, is_endless_ = false, keeps_alive_ = false,
       is_not_here_ = false;
  unsigned status_ = 0;
  std::uint64_t body_bytes_ = 0;
  std::string head_, body_;
};

// Names of headers are compared without case.
bool is_same_name(std::string_view one, std::string_view other);

// Whether a header is of one connection alone and must not be passed on (RFC 9110 §7.6.1). `listed`: the value of the
// message's own Connection header, which may name more.
bool is_hop_by_hop(std::string_view name, std::string_view listed);

}  // namespace tote::server
