// One HTTP call after another to Stripe, by libcurl. Private to the room.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/payments/stripe_gateway.h"

using CURL = void;

namespace tote::payments {

using Form = std::vector<std::pair<std::string, std::string>>;

struct WireAnswer {
  long status = 0;  // 0: none came, `error` says why
  std::string body{};
  std::string error{};
  bool is_replayed = false;
};

struct StripeGateway::Wire {
  explicit Wire(StripeOptions the_options) : options(std::move(the_options)) {}
  ~Wire();
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  // Empty key: a GET.
  WireAnswer call(const std::string& path, const Form& form, const std::string& key);

  const StripeOptions options;
  std::atomic<bool> is_stopped{false};

 private:
  CURL* take();
  void give_back(CURL* handle);
  bool must_wait() const;

  std::mutex mutex_;                            // guards idle_
  std::vector<CURL*> idle_{};                   // with their connections
  std::atomic<std::int64_t> not_before_ms_{0};  // of the steady clock
};

}  // namespace tote::payments
