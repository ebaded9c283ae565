// Beast 1.81 asserts that the last chunk comes with five bytes at once, and doesn't need that: a client who sends
// "0", CR, LF, CR one by one would end the process. No other file includes its parser.
#define BOOST_DISABLE_ASSERTS
#include "adapters/server/request_reader.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <optional>

namespace tote::server {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using Error = beast::error_code;

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

// Absolute form (RFC 9112 §3.2.2): takes scheme and host from before the path. Nothing where there are none.
std::optional<std::string> take_host(std::string& target) {
  if (target.starts_with('/')) return std::nullopt;
  const auto scheme = target.find("://");
  if (scheme == std::string::npos || scheme > target.find('/')) return std::nullopt;
  const auto begin = scheme + 3, end = std::min(target.find_first_of("/?", begin), target.size());
  std::string host = target.substr(begin, end - begin);
  target.erase(0, end);
  if (!target.starts_with('/')) target.insert(0, "/");
  return host;
}

// Beast's grammar, this room's storage: nothing is allocated once the message's strings have grown.
class Grammar final : public beast::http::basic_parser<true> {
 public:
  Grammar(Message& message, std::size_t header_bytes_max, const BodyLimit& body_bytes_max)
      : message_(message), header_bytes_left_(header_bytes_max), body_bytes_max_(body_bytes_max) {}
  bool bad_transfer_coding() const { return bad_transfer_coding_; }
  const std::optional<std::string>& host() const { return host_; }  // of a target in absolute form

 private:
  // Beast limits what it sees at once; this limits the whole header, and the trailer of a chunked body with it.
  void spend(std::size_t bytes, Error& error) {
    if (bytes > header_bytes_left_)
      error = beast::http::error::header_limit;
    else
      header_bytes_left_ -= bytes;
  }

  void on_request_impl(beast::http::verb, beast::string_view method, beast::string_view target, int version,
                       Error& error) override {
    spend(method.size() + target.size() + sizeof "  HTTP/1.1\r", error);
    message_.method = method_of(view(method));
    message_.target = view(target);
    host_ = take_host(message_.target);
    body_limit(body_bytes_max_(message_.target));
    message_.http_1_0 = version == 10;
  }
  void on_response_impl(int, beast::string_view, int, Error&) override {}

  void on_field_impl(beast::http::field field, beast::string_view name, beast::string_view value,
                     Error& error) override {
    spend(name.size() + value.size() + sizeof ": \r", error);
    if (in_trailer_) return;
    // A coding that isn't undone here would let two readers see different messages in the same bytes.
    if (field == beast::http::field::transfer_encoding)
      bad_transfer_coding_ |= message_.http_1_0 || !beast::iequals(value, "chunked");
    message_.headers.add(view(name), view(value));
  }
  void on_header_impl(Error&) override { in_trailer_ = true; }
  void on_body_init_impl(const boost::optional<std::uint64_t>&, Error&) override {}
  std::size_t on_body_impl(beast::string_view part, Error&) override { return keep(part); }
  void on_chunk_header_impl(std::uint64_t, beast::string_view, Error&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view part, Error&) override { return keep(part); }
  void on_finish_impl(Error&) override {}

  std::size_t keep(beast::string_view part) {
    message_.body.append(part.data(), part.size());
    return part.size();
  }

  Message& message_;
  std::size_t header_bytes_left_;
  const BodyLimit& body_bytes_max_;
  std::optional<std::string> host_;
  bool in_trailer_ = false;
  bool bad_transfer_coding_ = false;
};

Failure failure_of(const Error& error) {
  using Reason = Failure::Reason;
  if (error == beast::http::error::header_limit) return {Reason::header_too_large, {}};
  if (error == beast::http::error::body_limit) return {Reason::body_too_large, {}};
  return {Reason::malformed, "The request isn't valid HTTP/1.1: " + error.message() + '.'};
}

}  // namespace

struct RequestReader::Parser {
  std::optional<Grammar> grammar;
};

RequestReader::RequestReader(std::size_t header_bytes_max, BodyLimit body_bytes_max)
    : header_bytes_max_(header_bytes_max),
      body_bytes_max_(std::move(body_bytes_max)),
      parser_(std::make_unique<Parser>()) {}

RequestReader::~RequestReader() = default;

void RequestReader::next() {
  parser_->grammar.reset();
  message_.clear();
  state_ = State::empty;
}

void RequestReader::fail(Failure failure) {
  state_ = State::failed;
  failure_ = std::move(failure);
}

bool RequestReader::wants_continue() const {
  return state_ == State::body && !message_.http_1_0 && message_.headers.has(Header::expect) &&
         beast::iequals(message_.headers.value(Header::expect), "100-continue");
}

void RequestReader::finish_header() {
  const Grammar& grammar = *parser_->grammar;
  message_.keep_alive = grammar.keep_alive();
  if (grammar.bad_transfer_coding())
    return fail({Failure::Reason::malformed, "The header Transfer-Encoding may only say chunked, in HTTP/1.1."});
  const unsigned hosts = message_.headers.count(Header::host);
  if (hosts > 1 || (hosts == 0 && !message_.http_1_0))
    return fail({Failure::Reason::malformed, "The header Host must come once."});
  if (grammar.host()) message_.headers.replace(Header::host, *grammar.host());  // which is then the one that counts
  state_ = State::body;
}

std::size_t RequestReader::put(std::string_view bytes) {
  std::size_t blank = 0;
  if (state_ == State::empty) {
    // Empty lines before a request are skipped (RFC 9112 §2.2).
    while (blank < bytes.size() && (bytes[blank] == '\r' || bytes[blank] == '\n')) ++blank;
    bytes.remove_prefix(blank);
    if (bytes.empty()) return blank;
    auto& grammar = parser_->grammar.emplace(message_, header_bytes_max_, body_bytes_max_);
    grammar.eager(true);
    grammar.header_limit(static_cast<std::uint32_t>(header_bytes_max_));
    state_ = State::header;
  }
  if (state_ == State::complete || state_ == State::failed) return blank;
  Grammar& grammar = *parser_->grammar;
  Error error;
  const std::size_t taken = grammar.put(asio::const_buffer(bytes.data(), bytes.size()), error);
  if (error && error != beast::http::error::need_more) {
    fail(failure_of(error));
    return blank + taken;
  }
  if (state_ == State::header && grammar.is_header_done()) finish_header();
  if (state_ == State::body && grammar.is_done()) state_ = State::complete;
  return blank + taken;
}

}  // namespace tote::server
