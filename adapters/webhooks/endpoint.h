// An endpoint of a user's, as the settings have it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tote::webhooks {

struct EndpointOptions {
  std::string name{};                  // of its files, in figures and the log: a-z 0-9 _ -, at most 64
  std::string url{};                   // https
  std::vector<std::string> secrets{};  // every request is signed with each of them
  std::string ca_file{};               // certificates to trust, PEM; empty: the system's
  std::string tenant{};                // only its events; empty: all
  std::vector<std::string> types{};    // only these: "wallet.debited", "order.*"; empty: all
  bool allow_private = false;          // http, and addresses that aren't public
  std::int64_t retry_first_ms = 1'000;
  std::int64_t timeout_ms = 15'000;        // of one request, from the name's lookup to the answer's end
  std::int64_t give_up_after_s = 259'200;  // an event that fails while others don't is put aside
  std::int64_t concurrency = 8;            // requests at once, 1 to 64
};

// What is wrong with it, in words for the one who set it; empty: nothing. Repeats neither secrets nor the url.
std::string problem_of(const EndpointOptions& options);

// Whether one of the patterns is the type's; no pattern: all are.
bool is_wanted(const std::vector<std::string>& patterns, std::string_view type);

}  // namespace tote::webhooks
