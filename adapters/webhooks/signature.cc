#include "adapters/webhooks/signature.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <optional>
#include <stdexcept>
#include <vector>

namespace tote::webhooks {
namespace {

constexpr std::string_view prefix = "whsec_";
constexpr std::size_t key_bytes_min = 24, key_bytes_max = 64;

using Bytes = std::vector<unsigned char>;

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

// Strict but for the padding, which some tools leave out. OpenSSL counts padding as bytes and takes blanks.
std::optional<Bytes> decoded(std::string_view text) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (int padding = 0; padding < 2 && (text.size() + static_cast<std::size_t>(padding)) % 4 == 0; ++padding)
    if (text.ends_with('=')) text.remove_suffix(1);
  if (text.size() % 4 == 1) return std::nullopt;
  Bytes bytes;
  unsigned bits = 0, bit_count = 0;
  for (const char c : text) {
    const std::size_t value = letters.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    bits = (bits << 6U | static_cast<unsigned>(value)) & 0xffffU;
    bit_count += 6;
    if (bit_count < 8) continue;
    bit_count -= 8;
    bytes.push_back(static_cast<unsigned char>(bits >> bit_count & 0xffU));
  }
  return bytes;
}

std::string encoded(const unsigned char* bytes, std::size_t size) {
  std::string text(4 * ((size + 2) / 3) + 1, '\0');  // and the NUL that OpenSSL puts there
  const int written = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes, static_cast<int>(size));
  text.resize(static_cast<std::size_t>(written));
  return text;
}

std::string sign_with(const std::string& secret, std::string_view text) {
  const auto key = decoded(std::string_view(secret).substr(prefix.size()));
  if (!key) throw std::invalid_argument("a webhook's secret isn't base64");
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  if (HMAC(EVP_sha256(), key->data(), static_cast<int>(key->size()), bytes_of(text), text.size(), mac, &size) ==
      nullptr)
    throw std::runtime_error("HMAC-SHA256 failed");
  return "v1," + encoded(mac, size);
}

}  // namespace

std::string problem_of_secret(std::string_view secret) {
  if (!secret.starts_with(prefix)) return "a secret begins with whsec_";
  const auto key = decoded(secret.substr(prefix.size()));
  if (!key) return "a secret is whsec_ and base64";
  if (key->size() < key_bytes_min || key->size() > key_bytes_max)
    return "a secret is base64 of 24 to 64 bytes, this one of " + std::to_string(key->size());
  return {};
}

std::string sign(std::span<const std::string> secrets, std::string_view id, std::int64_t timestamp_s,
                 std::string_view body) {
  std::string text;
  text.append(id).append(1, '.').append(std::to_string(timestamp_s)).append(1, '.').append(body);
  std::string signatures;
  for (const std::string& secret : secrets) {
    if (!signatures.empty()) signatures += ' ';
    signatures += sign_with(secret, text);
  }
  return signatures;
}

std::string fingerprint(std::string_view text) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  std::size_t size = 0;
  if (EVP_Q_digest(nullptr, "SHA256", nullptr, text.data(), text.size(), digest, &size) != 1)
    throw std::runtime_error("SHA-256 failed");
  return encoded(digest, size);
}

}  // namespace tote::webhooks
