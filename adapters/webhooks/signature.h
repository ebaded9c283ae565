// Signatures of Standard Webhooks 1.0: HMAC-SHA256 over id, time and body, by which a receiver knows who sent it, that
// nobody changed it, and that it isn't an old one sent again.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace tote::webhooks {

// What is wrong with a secret, `whsec_` and base64 of 24 to 64 bytes; empty: nothing. Never repeats it.
std::string problem_of_secret(std::string_view secret);

// "v1,<base64>" of `id.timestamp.body`; of several secrets, which is how one is replaced by another, separated by a
// space. The secrets must be sound.
std::string sign(std::span<const std::string> secrets, std::string_view id, std::int64_t timestamp_s,
                 std::string_view body);

// Of a text that may hold a secret, to know it again: base64 of its SHA-256.
std::string fingerprint(std::string_view text);

}  // namespace tote::webhooks
