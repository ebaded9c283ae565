// HTTP to one endpoint, several requests at once over kept connections (libcurl). Goes nowhere but to the url: follows
// no redirect, knows no proxy, which would get round the check of addresses, and reads next to nothing of an answer.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "adapters/events/event_reader.h"
#include "adapters/webhooks/endpoint.h"

namespace tote::webhooks {

// What came of one request.
struct Answer {
  events::Position after;          // which event, as Position::after() has it
  int status = 0;                  // of HTTP; 0: there was none in time
  std::int64_t retry_after_s = 0;  // 0: it didn't say
  std::string problem{};           // why it didn't succeed, for the log; empty: it did
};

// One thread.
class Transport {
 public:
  explicit Transport(const EndpointOptions& options);
  ~Transport();  // at once, whatever is on its way
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;

  std::size_t flying() const;
  bool has_room() const;
  // Signs the event as of now and sends it. `event` stays where it is until the answer. Only when there is room.
  void send(const events::DomainEvent& event);
  // Waits for something to happen, no longer than that; what is answered by then.
  std::vector<Answer> wait(std::chrono::milliseconds time);

 private:
  struct Flight;
  struct Curl;

  Answer land(Flight& flight, int result);

  const EndpointOptions options_;
  std::unique_ptr<Curl> curl_;
};

}  // namespace tote::webhooks
