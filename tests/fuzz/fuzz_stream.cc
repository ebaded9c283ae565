// Any bytes as what comes over a connection: the same requests come out of them, however the bytes are cut.
//
//   first byte: the size of the pieces; the rest: the bytes
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/server/message.h"
#include "adapters/server/request_reader.h"
#include "tests/fuzz/fuzz_target.h"

namespace tote::server {
namespace {

constexpr std::size_t header_bytes_max = 512, body_bytes_max = 256, larger_bytes_max = 512;
constexpr std::string_view larger_target = "/v1/batch";

struct Seen {
  Method method = Method::other;
  std::string target{}, key{}, body{};
  bool keep_alive = false, failed = false;

  bool operator==(const Seen&) const = default;
};

Seen seen_of(const RequestReader& reader) {
  const Message& message = reader.message();
  Seen seen{message.method, message.target, std::string(message.headers.value(Header::idempotency_key)), message.body,
            message.keep_alive};
  TOTE_INVARIANT(seen.target.size() <= header_bytes_max);
  const bool is_larger = seen.target.substr(0, seen.target.find('?')) == larger_target;
  TOTE_INVARIANT(seen.body.size() <= (is_larger ? larger_bytes_max : body_bytes_max));
  return seen;
}

// All requests of the stream, the one that is refused as the last.
std::vector<Seen> read_in_pieces(std::string_view stream, std::size_t piece_bytes) {
  RequestReader reader(header_bytes_max, [](std::string_view target) {
    return target.substr(0, target.find('?')) == larger_target ? larger_bytes_max : body_bytes_max;
  });
  std::vector<Seen> all;
  std::size_t at = 0, given = 0;  // `given`: how far the bytes have come in
  while (at < stream.size() || given < stream.size()) {
    const std::size_t before = at;
    if (given > at) at += reader.put(stream.substr(at, given - at));
    TOTE_INVARIANT(at <= given);
    if (reader.state() == RequestReader::State::failed) {
      TOTE_INVARIANT(reader.failure().status() >= 400);
      all.push_back({.failed = true});
      return all;
    }
    if (reader.state() == RequestReader::State::complete) {
      all.push_back(seen_of(reader));
      reader.next();
    } else if (at == before) {
      if (given == stream.size()) return all;
      given = std::min(given + piece_bytes, stream.size());
    }
  }
  return all;
}

// Why a request is refused may depend on the cut, as it may break two rules, and so may when that is seen of one whose
// end never came; all else may not.
bool are_alike(std::vector<Seen> a, std::vector<Seen> b) {
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() == a.size() + 1 && b.back().failed) b.pop_back();
  return a == b;
}

}  // namespace
}  // namespace tote::server

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view stream = tote::fuzz::text_of(data + 1, size - 1);
  const auto whole = tote::server::read_in_pieces(stream, stream.size());
  const auto pieces = tote::server::read_in_pieces(stream, data[0] % 64 + std::size_t{1});
  TOTE_INVARIANT(tote::server::are_alike(whole, pieces));
  return 0;
}
