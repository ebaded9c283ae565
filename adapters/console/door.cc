#include "adapters/console/door.h"

#include <xxhash.h>
#include <zlib.h>

#include <algorithm>
#include <stdexcept>

#include "adapters/console/assets.h"
#include "adapters/server/response.h"

namespace tote::console {

using namespace server;

namespace {

constexpr std::string_view policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

std::string compressed(std::string_view text) {
  constexpr int window_bits_gzip = 15 + 16, memory_level = 8;
  z_stream stream{};
  if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, window_bits_gzip, memory_level, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::runtime_error("zlib can't be initialized");
  std::string out(deflateBound(&stream, text.size()), '\0');
  std::string in(text);  // zlib takes no const
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int result = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  if (result != Z_STREAM_END) throw std::runtime_error("zlib can't compress");
  return out;
}

std::string etag_of(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string tag = "\"";
  for (auto hash = XXH3_64bits(text.data(), text.size()); hash != 0; hash /= digits.size())
    tag += digits[hash % digits.size()];
  return tag += '"';
}

// Whoever says a quality says that they don't want it, as far as we care: they get it plain.
bool takes_gzip(const Headers& headers) {
  const std::string_view accepted = headers.other("Accept-Encoding").value_or("");
  const auto at = accepted.find("gzip");
  return at != std::string_view::npos && !accepted.substr(at).starts_with("gzip;");
}

bool is_read(Method method) { return method == Method::get || method == Method::head; }

void append_guards(std::string& out) {
  append_header(out, "Content-Security-Policy", policy);
  append_header(out, "X-Content-Type-Options", "nosniff");
  append_header(out, "X-Frame-Options", "DENY");
  append_header(out, "Referrer-Policy", "no-referrer");
  append_header(out, "Cross-Origin-Opener-Policy", "same-origin");
  append_header(out, "Cross-Origin-Resource-Policy", "same-origin");
}

}  // namespace

Door::Door()
    : assets_{{"/console", "text/html; charset=utf-8", index_html()},
              {"/console/console.js", "text/javascript; charset=utf-8", console_js()},
              {"/console/console.css", "text/css; charset=utf-8", console_css()},
              {"/console/icon.svg", "image/svg+xml", icon_svg()}} {
  for (Asset& asset : assets_) {
    asset.compressed = compressed(asset.text);
    asset.etag = etag_of(asset.text);
  }
}

std::unique_ptr<Exchange> Door::make_exchange() { return std::make_unique<Exchange>(); }

std::size_t Door::compressed_bytes() const {
  std::size_t sum = 0;
  for (const Asset& asset : assets_) sum += asset.compressed.size();
  return sum;
}

const Door::Asset* Door::find(std::string_view target) const {
  std::string_view wanted = split_target(target).path;
  if (wanted == "/console/") wanted = path;
  const auto found = std::ranges::find(assets_, wanted, &Asset::path);
  return found == assets_.end() ? nullptr : &*found;
}

Handler::Admission Door::admit(const Message& message, Exchange&, std::unique_ptr<Owner>&) {
  return find(message.target) != nullptr && is_read(message.method) ? Admission::admitted : Admission::denied;
}

bool Door::take(Message& message, Exchange& exchange, Sink&, std::uint64_t, std::string& out) {
  const Asset& asset = *find(message.target);
  const bool is_known = message.headers.value(Header::if_none_match).find(asset.etag) != std::string_view::npos;
  const bool is_small = takes_gzip(message.headers);
  const std::string_view body = is_small ? std::string_view(asset.compressed) : asset.text;
  begin_response(out, is_known ? 304 : 200, asset.type, body.size());
  if (is_small && !is_known) append_header(out, "Content-Encoding", "gzip");
  append_header(out, "ETag", "W/" + asset.etag);  // of both forms
  append_header(out, "Cache-Control", "no-cache");
  append_header(out, "Vary", "Accept-Encoding");
  append_guards(out);
  end_headers(out, framing_of(exchange, state_->date));
  if (!is_known && !exchange.head_only) out += body;
  return true;
}

void Door::deny(const Message& message, Exchange& exchange, std::string& out) {
  if (find(message.target) == nullptr)
    say(exchange, 404, "There is no such page.\n", out);
  else
    say(exchange, 405, "Pages are read.\n", out);
}

void Door::refuse(const Message&, Exchange& exchange, const Failure& failure, std::string& out) {
  using Reason = Failure::Reason;
  switch (failure.reason) {
    case Reason::body_too_large: return say(exchange, 413, "Pages take no body.\n", out);
    case Reason::header_too_large: return say(exchange, 431, "The header is too large.\n", out);
    case Reason::timed_out: return say(exchange, 408, "The request took too long to arrive.\n", out);
    case Reason::unavailable:
    case Reason::unanswered:
    case Reason::overloaded: return say(exchange, 503, "Too much at once.\n", out);
    case Reason::malformed: break;
  }
  say(exchange, 400, "The request can't be understood.\n", out);
}

void Door::say(const Exchange& exchange, unsigned status, std::string_view text, std::string& out) const {
  begin_response(out, status, "text/plain; charset=utf-8", text.size());
  if (status == 405) append_header(out, "Allow", "GET, HEAD");
  append_guards(out);
  end_headers(out, framing_of(exchange, state_->date));
  if (!exchange.head_only) out += text;
}

}  // namespace tote::console
