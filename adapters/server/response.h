// Writes HTTP/1.1 responses into a string: begun, more headers if wanted, ended, and then the body.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tote::server {

struct Exchange;

// How the connection wants it.
struct Framing {
  bool head_only = false;   // HEAD: the headers of GET without its body
  bool close = false;       // this is the last response of the connection
  bool http_1_0 = false;    // a 1.0 client must be told that the connection stays
  std::string_view date{};  // IMF-fixdate; empty: no Date header
};
Framing framing_of(const Exchange& exchange, std::string_view date);

// Of a response with a body of so many bytes; one of 304 has none.
void begin_response(std::string& out, unsigned status, std::string_view content_type, std::size_t body_bytes);
// Of one whose body comes afterwards, until the connection is closed.
void begin_stream(std::string& out, unsigned status, std::string_view content_type);
void append_header(std::string& out, std::string_view name, std::string_view value);
void append_header(std::string& out, std::string_view name, std::uint64_t value);
void end_headers(std::string& out, const Framing& framing);

// All of it, for a door that has no headers of its own.
void append_response(std::string& out, unsigned status, std::string_view content_type, std::string_view body,
                     const Framing& framing);

// "Sun, 06 Nov 1994 08:49:37 GMT", for seconds since 1970.
std::string http_date(std::int64_t unix_s);

}  // namespace tote::server
