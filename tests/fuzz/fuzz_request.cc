// Any bytes as an HTTP request: it is refused with a problem that can be told, or it is a request the engine may have.
//
//   METHOD target\n
//   name: value\n …
//   \n
//   body
#include <string>
#include <string_view>

#include "adapters/http/decode.h"
#include "adapters/server/message.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/request_checks.h"

namespace tote::http {
namespace {

using fuzz::take_until;

Message message_of(std::string_view rest) {
  Message message;
  std::string_view first = take_until(rest, '\n');
  message.method = method_of(take_until(first, ' '));
  message.target = first;
  while (!rest.empty()) {
    std::string_view line = take_until(rest, '\n');
    if (line.empty()) break;
    const std::string_view name = take_until(line, ':');
    if (line.starts_with(' ')) line.remove_prefix(1);
    message.headers.add(name, line);
  }
  message.body = rest;
  return message;
}

}  // namespace
}  // namespace tote::http

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tote::http;
  const Message message = message_of(tote::fuzz::text_of(data, size));
  for (const bool require_key : {false, true}) {
    const Decoded decoded = decode(message, DecodeOptions{.require_idempotency_key = require_key});
    if (decoded.is_for_engine()) tote::fuzz::check_request(decoded.request);
    if (decoded.is_refused()) tote::fuzz::check_problem(decoded.problem);
    const Decoded again = decode(message, DecodeOptions{.require_idempotency_key = require_key});
    TOTE_INVARIANT(again.is_refused() == decoded.is_refused() &&
                   again.request.fingerprint == decoded.request.fingerprint);
  }
  return 0;
}
