#include "adapters/webhooks/address.h"

#include <curl/curl.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>

namespace tote::webhooks {
namespace {

constexpr std::size_t url_bytes_max = 2'000;

struct Range4 {
  std::uint32_t first;
  unsigned bits;
};
constexpr Range4 not_public4[] = {
    {0x00000000, 8},   // this network
    {0x0a000000, 8},   // private
    {0x64400000, 10},  // carriers' NAT
    {0x7f000000, 8},   // loopback
    {0xa9fe0000, 16},  // link-local, where clouds have their metadata
    {0xac100000, 12},  // private
    {0xc0000000, 24},  // IETF
    {0xc0000200, 24},  // documentation
    {0xc0586300, 24},  // 6to4 relays
    {0xc0a80000, 16},  // private
    {0xc6120000, 15},  // benchmarks
    {0xc6336400, 24},  // documentation
    {0xcb007100, 24},  // documentation
    {0xe0000000, 4},   // multicast
    {0xf0000000, 4},   // reserved, broadcast
};

using Address6 = std::array<std::uint8_t, 16>;

struct Range6 {
  Address6 first;
  unsigned bits;
};
constexpr Range6 not_public6[] = {
    {{0x00}, 96},                                // ::, ::1, and the old form of IPv4 inside
    {{0x00, 0x64, 0xff, 0x9b, 0x00, 0x01}, 48},  // NAT64 of one's own network
    {{0x01, 0x00}, 64},                          // discard
    {{0x20, 0x01, 0x00, 0x00}, 32},              // Teredo: a tunnel to an IPv4 address and port
    {{0x20, 0x01, 0x00, 0x02, 0x00, 0x00}, 48},  // benchmarks
    {{0x20, 0x01, 0x00, 0x10}, 28},              // ORCHID: no addresses at all
    {{0x20, 0x01, 0x0d, 0xb8}, 32},              // documentation
    {{0x3f, 0xff}, 20},                          // documentation
    {{0x5f, 0x00}, 16},                          // segment routing
    {{0xfc}, 7},                                 // private
    {{0xfe, 0x80}, 10},                          // link-local
    {{0xfe, 0xc0}, 10},                          // private, formerly
    {{0xff}, 8},                                 // multicast
};
// Where an IPv4 address begins in those that hold one.
struct Embedding {
  Range6 range;
  std::size_t at;
};
constexpr Embedding embeddings[] = {
    {{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96}, 12},        // mapped
    {{{0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0}, 96}, 12},        // translated
    {{{0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0}, 96}, 12},  // NAT64
    {{{0x20, 0x02}, 16}, 2},                                       // 6to4
};

bool is_public4(std::uint32_t address) {
  return std::none_of(std::begin(not_public4), std::end(not_public4),
                      [address](const Range4& range) { return (address ^ range.first) >> (32 - range.bits) == 0; });
}

bool lies_in(const Address6& address, const Range6& range) {
  for (unsigned bit = 0; bit < range.bits; bit += 8) {
    const unsigned kept = std::min(8U, range.bits - bit);
    const unsigned differs = static_cast<unsigned>(address[bit / 8]) ^ static_cast<unsigned>(range.first[bit / 8]);
    if (differs >> (8 - kept) != 0) return false;
  }
  return true;
}

std::uint32_t v4_at(const Address6& address, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = at; i < at + 4; ++i) value = value << 8U | address[i];
  return value;
}

bool is_public6(const Address6& address) {
  for (const Embedding& embedding : embeddings)
    if (lies_in(address, embedding.range)) return is_public4(v4_at(address, embedding.at));
  return std::none_of(std::begin(not_public6), std::end(not_public6),
                      [&](const Range6& range) { return lies_in(address, range); });
}

struct UrlFree {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using Url = std::unique_ptr<CURLU, UrlFree>;

// As libcurl itself will read it when it sends something there. Null: it can't.
Url parsed(const std::string& text) {
  Url url(curl_url());
  if (url == nullptr || curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) return nullptr;
  return url;
}

// Empty when it has none.
std::string part(const Url& url, CURLUPart which) {
  char* text = nullptr;
  if (curl_url_get(url.get(), which, &text, 0) != CURLUE_OK || text == nullptr) return {};
  std::string copy = text;
  curl_free(text);
  return copy;
}

}  // namespace

bool is_public(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof v4);
    return is_public4(ntohl(v4.sin_addr.s_addr));
  }
  if (address.sa_family != AF_INET6) return false;
  sockaddr_in6 v6{};
  std::memcpy(&v6, &address, sizeof v6);
  Address6 bytes{};
  std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
  return is_public6(bytes);
}

std::string problem_of_url(const std::string& url, bool allow_private) {
  if (url.size() > url_bytes_max) return "the url has more than 2000 bytes";
  const auto is_word = [](char c) { return c > ' ' && c < 0x7f; };
  if (!std::all_of(url.begin(), url.end(), is_word)) return "the url has blanks or characters beyond ASCII";
  const Url sound = parsed(url);
  if (sound == nullptr || part(sound, CURLUPART_HOST).empty()) return "the url isn't one";
  const bool is_https = url.starts_with("https://");
  if (!is_https && !(allow_private && url.starts_with("http://")))
    return allow_private ? "the url is neither https:// nor http://" : "the url isn't https://";
  // "https://:@host" has both, if empty, which libcurl tells like none.
  const std::size_t begin = url.find("//") + 2;
  if (url.substr(begin).starts_with('/')) return "the url has no host";
  if (url.substr(begin, url.find_first_of("/?#", begin) - begin).find('@') != std::string::npos)
    return "the url has a user or a password";
  if (url.find('#') != std::string::npos) return "the url has a fragment";
  return {};
}

std::string shown_url(const std::string& url) {
  const Url sound = parsed(url);
  if (sound == nullptr) return "?";
  const std::string port = part(sound, CURLUPART_PORT);
  return part(sound, CURLUPART_SCHEME) + "://" + part(sound, CURLUPART_HOST) + (port.empty() ? "" : ":" + port);
}

}  // namespace tote::webhooks
