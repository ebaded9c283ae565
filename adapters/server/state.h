// What a server tells its doors of itself.
#pragma once

#include <functional>
#include <string>

#include "adapters/server/count.h"
#include "adapters/server/turns.h"

namespace tote::server {

// Loop thread only, but for `post`.
struct State {
  Counts counts;
  Count connections{counts, Count::Type::now, "tote_http_connections", "Open connections"};
  Count requests_in_flight{counts, Count::Type::now, "tote_http_requests_in_flight",
                           "Requests read and not yet answered"};
  Count connections_accepted{counts, Count::Type::total, "tote_http_connections_total", "Connections accepted"};
  Count connections_refused{counts, Count::Type::total, "tote_http_connections_refused_total",
                            "Connections beyond the limit"};
  Count handshakes{counts, Count::Type::total, "tote_http_tls_handshakes_total", "TLS handshakes that were completed"};
  Count handshakes_failed{counts, Count::Type::total, "tote_http_tls_handshakes_failed_total",
                          "TLS handshakes that failed, or took too long"};
  Count certificate_expires{counts, Count::Type::now, "tote_http_tls_certificate_expires_seconds",
                            "When the server's certificate ends, in seconds since 1970; 0 without TLS"};
  bool draining = false;
  std::string date{};            // now, for the header Date
  const Turns* turns = nullptr;  // of the loop
  // Runs work on the loop thread, from any thread; never once the server is destroyed.
  std::function<void(std::function<void()>)> post{};
};

}  // namespace tote::server
