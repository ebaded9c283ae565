#include "adapters/payments/stripe_wire.h"

#include <curl/curl.h>

#include <algorithm>
#include <charconv>
#include <chrono>

namespace tote::payments {
namespace {

constexpr std::size_t answer_bytes_max = 1 << 20;
constexpr std::int64_t wait_s_max = 60, wait_s_default = 1;

std::int64_t now_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

struct Headers {
  bool is_replayed = false;
  std::int64_t retry_after_s = 0;
};

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\r' || text.back() == '\n')) text.remove_suffix(1);
  return text;
}

bool is_named(std::string_view name, std::string_view wanted) {
  return std::ranges::equal(name, wanted, [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; });
}

std::size_t take_header(char* bytes, std::size_t size, std::size_t count, void* into) {
  const std::string_view line(bytes, size * count);
  auto& headers = *static_cast<Headers*>(into);
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return size * count;
  const std::string_view name = line.substr(0, colon), value = trimmed(line.substr(colon + 1));
  if (is_named(name, "idempotent-replayed")) headers.is_replayed = value == "true";
  if (is_named(name, "retry-after")) std::from_chars(value.data(), value.data() + value.size(), headers.retry_after_s);
  return size * count;
}

std::size_t take_body(char* bytes, std::size_t size, std::size_t count, void* into) {
  auto& body = *static_cast<std::string*>(into);
  if (body.size() + size * count > answer_bytes_max) return 0;  // libcurl ends the call
  body.append(bytes, size * count);
  return size * count;
}

int look_at_stop(void* stopped, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<std::atomic<bool>*>(stopped)->load() ? 1 : 0;
}

std::string encoded(CURL* handle, const Form& form) {
  const auto escaped = [handle](const std::string& text) {
    char* bytes = curl_easy_escape(handle, text.data(), static_cast<int>(text.size()));
    std::string out = bytes == nullptr ? std::string() : std::string(bytes);
    curl_free(bytes);
    return out;
  };
  std::string out;
  for (const auto& [name, value] : form) {
    if (!out.empty()) out += '&';
    out += escaped(name) + '=' + escaped(value);
  }
  return out;
}

}  // namespace

StripeGateway::Wire::~Wire() {
  for (CURL* handle : idle_) curl_easy_cleanup(handle);
}

CURL* StripeGateway::Wire::take() {
  static const bool is_ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  const std::lock_guard lock(mutex_);
  if (idle_.empty()) return is_ready ? curl_easy_init() : nullptr;
  CURL* handle = idle_.back();
  idle_.pop_back();
  return handle;
}

void StripeGateway::Wire::give_back(CURL* handle) {
  curl_easy_reset(handle);  // its connection stays
  const std::lock_guard lock(mutex_);
  idle_.push_back(handle);
}

bool StripeGateway::Wire::must_wait() const { return now_ms() < not_before_ms_.load(); }

WireAnswer StripeGateway::Wire::call(const std::string& path, const Form& form, const std::string& key) {
  if (is_stopped) return {.error = "the server is going down"};
  if (must_wait()) return {.error = "the provider has asked to wait"};
  CURL* handle = take();
  if (handle == nullptr) return {.error = "no memory for a call"};
  WireAnswer answer;
  Headers headers;
  const std::string url = options.url + path, body = encoded(handle, form);
  curl_slist* lines = curl_slist_append(nullptr, ("Authorization: Bearer " + options.key).c_str());
  if (!options.api_version.empty())
    lines = curl_slist_append(lines, ("Stripe-Version: " + options.api_version).c_str());
  if (!key.empty()) lines = curl_slist_append(lines, ("Idempotency-Key: " + key).c_str());
  lines = curl_slist_append(lines, "Expect:");
  curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(handle, CURLOPT_PROXY, "");
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_TCP_KEEPALIVE, 1L);
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(options.timeout_ms));
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, lines);
  if (!key.empty()) {
    curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
    curl_easy_setopt(handle, CURLOPT_POSTFIELDS, body.data());
  }
  curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt(handle, CURLOPT_HEADERDATA, &headers);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &answer.body);
  curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, look_at_stop);
  curl_easy_setopt(handle, CURLOPT_XFERINFODATA, &is_stopped);
  curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
  const CURLcode code = curl_easy_perform(handle);
  if (code == CURLE_OK)
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &answer.status);
  else
    answer.error = curl_easy_strerror(code);
  curl_slist_free_all(lines);
  give_back(handle);
  answer.is_replayed = headers.is_replayed;
  if (answer.status == 429) {
    const std::int64_t wait_s = std::clamp(headers.retry_after_s, wait_s_default, wait_s_max);
    not_before_ms_.store(now_ms() + wait_s * 1'000);
  }
  return answer;
}

}  // namespace tote::payments
