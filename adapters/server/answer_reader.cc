// As in request_reader.cc: Beast 1.81 asserts what a peer may break.
#define BOOST_DISABLE_ASSERTS
#include "adapters/server/answer_reader.h"

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/none.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "adapters/server/forwarder.h"

namespace tote::server {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using Error = beast::error_code;

beast::string_view beast_view(std::string_view text) { return {text.data(), text.size()}; }

// Beast's grammar of an answer; what it finds is kept as text.
class AnswerGrammar final : public beast::http::basic_parser<false> {
 public:
  explicit AnswerGrammar(std::string& body) : body_(body) {}

  std::string status_line{};
  unsigned status = 0;
  std::vector<std::pair<std::string, std::string>> headers{};

 private:
  void on_request_impl(beast::http::verb, beast::string_view, beast::string_view, int, Error&) override {}
  void on_response_impl(int code, beast::string_view reason, int, Error&) override {
    status = static_cast<unsigned>(code);
    status_line = "HTTP/1.1 " + std::to_string(code) + ' ' + std::string(reason.data(), reason.size()) + "\r\n";
  }
  void on_field_impl(beast::http::field, beast::string_view name, beast::string_view value, Error&) override {
    if (!in_trailer_)
      headers.emplace_back(std::string(name.data(), name.size()), std::string(value.data(), value.size()));
  }
  void on_header_impl(Error&) override { in_trailer_ = true; }
  void on_body_init_impl(const boost::optional<std::uint64_t>&, Error&) override {}
  std::size_t on_body_impl(beast::string_view part, Error&) override { return keep(part); }
  void on_chunk_header_impl(std::uint64_t, beast::string_view, Error&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view part, Error&) override { return keep(part); }
  void on_finish_impl(Error&) override {}

  std::size_t keep(beast::string_view part) {
    body_.append(part.data(), part.size());
    return part.size();
  }

  std::string& body_;
  bool in_trailer_ = false;
};

}  // namespace

bool is_same_name(std::string_view one, std::string_view other) {
  return beast::iequals(beast_view(one), beast_view(other));
}

bool is_hop_by_hop(std::string_view name, std::string_view listed) {
  constexpr auto names = std::to_array<std::string_view>(
      {"Connection", "Keep-Alive", "Proxy-Connection", "Transfer-Encoding", "TE", "Trailer", "Upgrade"});
  const auto is_same = [&](std::string_view other) { return is_same_name(name, other); };
  if (std::ranges::any_of(names, is_same)) return true;
  while (!listed.empty()) {
    const std::size_t comma = std::min(listed.find(','), listed.size());
    std::string_view one = listed.substr(0, comma);
    while (!one.empty() && (one.front() == ' ' || one.front() == '\t')) one.remove_prefix(1);
    while (!one.empty() && (one.back() == ' ' || one.back() == '\t')) one.remove_suffix(1);
    if (is_same(one)) return true;
    listed.remove_prefix(std::min(comma + 1, listed.size()));
  }
  return false;
}

struct AnswerReader::Parser {
  std::optional<AnswerGrammar> grammar;
};

AnswerReader::AnswerReader(std::size_t header_bytes_max)
    : header_bytes_max_(header_bytes_max), parser_(std::make_unique<Parser>()) {}

AnswerReader::~AnswerReader() = default;

void AnswerReader::begin(bool is_head) {
  head_.clear();
  body_.clear();
  state_ = State::header;
  is_head_ = is_head;
  is_begun_ = has_length_ = is_endless_ = keeps_alive_ = is_not_here_ = false;
  status_ = 0;
  body_bytes_ = 0;
  auto& grammar = parser_->grammar.emplace(body_);
  grammar.eager(true);
  grammar.skip(is_head);
  grammar.header_limit(static_cast<std::uint32_t>(header_bytes_max_));
  grammar.body_limit(boost::none);
}

void AnswerReader::finish_header() {
  const AnswerGrammar& grammar = *parser_->grammar;
  status_ = grammar.status;
  if (status_ < 200) return begin(is_head_);  // "go on", or a hint: the answer follows
  std::string listed;
  for (const auto& [name, value] : grammar.headers)
    if (is_same_name(name, "Connection")) listed += (listed.empty() ? "" : ",") + value;
  head_ = grammar.status_line;
  for (const auto& [name, value] : grammar.headers) {
    is_not_here_ |= is_same_name(name, not_here_header);
    if (!is_hop_by_hop(name, listed)) head_ += name + ": " + value + "\r\n";
  }
  has_length_ = grammar.content_length().has_value();
  body_bytes_ = has_length_ ? *grammar.content_length() : 0;
  keeps_alive_ = grammar.keep_alive();
  is_endless_ = !is_head_ && grammar.need_eof();
  state_ = State::body;
}

std::size_t AnswerReader::put(std::string_view bytes) {
  if (state_ == State::complete || state_ == State::failed || bytes.empty()) return 0;
  is_begun_ = true;
  Error error;
  const std::size_t taken = parser_->grammar->put(asio::const_buffer(bytes.data(), bytes.size()), error);
  if (error && error != beast::http::error::need_more) {
    state_ = State::failed;
    return taken;
  }
  if (state_ == State::header && parser_->grammar->is_header_done()) finish_header();
  if (state_ == State::body && parser_->grammar->is_done()) state_ = State::complete;
  return taken;
}

void AnswerReader::put_end() {
  if (state_ == State::complete) return;
  Error error;
  if (state_ == State::body) parser_->grammar->put_eof(error);
  state_ = state_ == State::body && !error && parser_->grammar->is_done() ? State::complete : State::failed;
}

}  // namespace tote::server
