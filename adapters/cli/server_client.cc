#include "adapters/cli/server_client.h"

#include <curl/curl.h>

#include <charconv>
#include <cstdlib>
#include <string_view>

#include "adapters/cli/errors.h"
#include "adapters/cli/input.h"
#include "engine/kernel/name.h"

namespace tote::cli {
namespace {

constexpr std::size_t answer_bytes_max = std::size_t{64} << 20;
constexpr long timeout_ms = 60'000;

std::size_t take_answer(char* bytes, std::size_t size, std::size_t count, void* into) {
  auto& body = static_cast<ServerAnswer*>(into)->body;
  if (body.size() + size * count > answer_bytes_max) return 0;  // libcurl ends the call
  body.append(bytes, size * count);
  return size * count;
}

}  // namespace

struct ServerClient::Handle {
  CURL* curl = nullptr;
  curl_slist* headers = nullptr;

  ~Handle() {
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
  }
};

ServerClient::ServerClient(std::string url, std::string token, const std::string& tenant)
    : url_(std::move(url)), token_(std::move(token)), handle_(std::make_unique<Handle>()) {
  static const bool is_ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  if (!url_.starts_with("http://") && !url_.starts_with("https://"))
    throw UsageError("--url must begin with http:// or https://");
  handle_->curl = is_ready ? curl_easy_init() : nullptr;
  if (handle_->curl == nullptr) throw Failure("libcurl can't be used");
  const auto add = [this](const std::string& line) {
    handle_->headers = curl_slist_append(handle_->headers, line.c_str());
  };
  add("Content-Type: application/json");
  add("Expect:");
  if (!token_.empty()) add("Authorization: Bearer " + token_);
  if (!tenant.empty() && !is_valid_id(tenant)) throw UsageError("--tenant must be an id");
  if (!tenant.empty()) add("Tote-Tenant: " + tenant);
}

ServerClient::~ServerClient() = default;

ServerAnswer ServerClient::post(const std::string& path, const std::string& body) {
  curl_easy_setopt(handle_->curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  curl_easy_setopt(handle_->curl, CURLOPT_POSTFIELDS, body.data());
  return ask(path);
}

ServerAnswer ServerClient::get(const std::string& path) {
  curl_easy_setopt(handle_->curl, CURLOPT_HTTPGET, 1L);
  return ask(path);
}

ServerAnswer ServerClient::ask(const std::string& path) {
  CURL* curl = handle_->curl;
  ServerAnswer answer;
  const std::string url = url_ + path;
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, timeout_ms);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, handle_->headers);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_answer);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer);
  if (const CURLcode code = curl_easy_perform(curl); code != CURLE_OK) {
    answer.problem = curl_easy_strerror(code);
    return answer;
  }
  long status = 0;
  curl_off_t retry_after_s = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &retry_after_s);
  answer.status = static_cast<int>(status);
  answer.retry_after_s = static_cast<int>(retry_after_s);
  return answer;
}

std::string token_of(const std::string& file) {
  if (file.empty()) {
    const char* const token = std::getenv(token_variable.data());
    return token == nullptr ? "" : token;
  }
  const std::string text = input_of(file);
  return text.substr(0, text.find_first_of("\r\n"));
}

}  // namespace tote::cli
