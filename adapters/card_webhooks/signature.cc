#include "adapters/card_webhooks/signature.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <stdexcept>
#include <vector>

#include "engine/kernel/hex.h"

namespace tote::card_webhooks {
namespace {

constexpr std::size_t mac_bytes = 32, header_bytes_max = 4'096, signatures_max = 16;
constexpr std::size_t secret_bytes_min = 16, secret_bytes_max = 512;

using Mac = std::array<unsigned char, mac_bytes>;

Mac mac_of(std::string_view secret, std::string_view time, std::string_view body) {
  std::string text;
  text.reserve(time.size() + 1 + body.size());
  text.append(time).append(1, '.').append(body);
  Mac mac{};
  unsigned size = 0;
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  if (HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), bytes, text.size(), mac.data(), &size) ==
          nullptr ||
      size != mac_bytes)
    throw std::runtime_error("HMAC-SHA256 failed");
  return mac;
}

struct Parsed {
  std::string_view time{};
  std::int64_t time_s = 0;
  std::vector<Mac> macs{};
};

bool read_time(std::string_view text, std::int64_t& time_s) {
  if (text.empty() || text.front() < '0' || text.front() > '9') return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), time_s);
  return error == std::errc() && end == text.data() + text.size();
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

// Nothing: there is no time, or more than one.
std::optional<Parsed> parse(std::string_view header) {
  if (header.size() > header_bytes_max) return std::nullopt;
  Parsed parsed;
  while (!header.empty()) {
    const std::size_t end = std::min(header.find(','), header.size());
    const std::string_view part = trimmed(header.substr(0, end));
    header.remove_prefix(std::min(end + 1, header.size()));
    const std::size_t equals = part.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view name = part.substr(0, equals), value = part.substr(equals + 1);
    if (name == "t") {
      if (!parsed.time.empty() || !read_time(value, parsed.time_s)) return std::nullopt;
      parsed.time = value;
    } else if (name == "v1" && parsed.macs.size() < signatures_max) {
      if (const auto mac = bytes_of_hex<mac_bytes>(value)) parsed.macs.push_back(*mac);
    }
  }
  if (parsed.time.empty()) return std::nullopt;
  return parsed;
}

}  // namespace

SignatureState check_signature(std::string_view header, std::string_view body, std::span<const std::string> secrets,
                               std::int64_t now_s, SignatureWindow window) {
  const auto parsed = parse(header);
  if (!parsed || parsed->macs.empty()) return SignatureState::invalid;
  bool fits = false;
  for (const std::string& secret : secrets) {
    const Mac expected = mac_of(secret, parsed->time, body);
    for (const Mac& mac : parsed->macs) fits |= CRYPTO_memcmp(mac.data(), expected.data(), mac_bytes) == 0;
  }
  if (!fits) return SignatureState::invalid;
  // The time isn't negative, so neither difference overflows.
  const bool is_now = now_s - parsed->time_s <= window.past_s && parsed->time_s - now_s <= window.future_s;
  return is_now ? SignatureState::valid : SignatureState::expired;
}

std::string sign(std::string_view secret, std::int64_t time_s, std::string_view body) {
  const std::string time = std::to_string(time_s);
  std::string header = "t=" + time + ",v1=";
  for (const unsigned char byte : mac_of(secret, time, body)) {
    header += "0123456789abcdef"[byte >> 4U];
    header += "0123456789abcdef"[byte & 15U];
  }
  return header;
}

std::string problem_of_secret(std::string_view secret) {
  if (!secret.starts_with("whsec_")) return "a secret begins with whsec_";
  if (secret.size() < secret_bytes_min || secret.size() > secret_bytes_max)
    return "a secret has " + std::to_string(secret_bytes_min) + " to " + std::to_string(secret_bytes_max) + " bytes";
  if (!std::ranges::all_of(secret, [](char c) { return c > ' ' && c <= '~'; }))
    return "a secret is of visible ASCII characters";
  return {};
}

}  // namespace tote::card_webhooks
