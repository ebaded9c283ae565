// One connection to NATS and the JetStream stream that holds the events. Everything happens on the calling thread;
// nothing reconnects by itself: whoever loses the connection makes a new one and asks the stream where it stands.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "adapters/events/event_reader.h"
#include "adapters/events/follower.h"

namespace tote::nats {

struct StreamOptions {
  std::string urls;                     // nats://user:secret@host:4222, tls://…; several separated by commas
  std::string credentials{};            // file with a user's JWT and seed; empty: none
  std::string stream = "TOTE";          // made when there is none
  std::string subject = "tote";         // of events: <subject>.<tenant>.<type>
  std::int64_t answer_max_ms = 10'000;  // NATS says nothing for so long: it is away
};

// What is wrong with the URLs, without repeating them; empty when nothing is.
std::string urls_problem(const std::string& urls);
// The name of a stream or a subject's first word.
std::string name_problem(const std::string& name);

// <subject>.<tenant>.<type>, in which a tenant's dots are %2E: a tenant is one word of a subject.
std::string subject_of(const std::string& subject, const events::DomainEvent& event);

// The end of a stream.
struct StreamEnd {
  std::uint64_t sequence = 0;  // of the last message that it ever took; 0: none
  // Of that message, when it is still there and is an event of tote's.
  struct Mark {
    std::string log_id;
    events::Position position;  // after its event
    Lsn lsn{};                  // of its record, made at `time`
    Time time{};
  };
  std::optional<Mark> mark{};
  bool is_foreign = false;  // that message is there, but somebody else's
};

class Stream {
 public:
  // Connects, and makes the stream if there is none. `stopped`: from then on every call throws soon. Throws Away.
  Stream(const StreamOptions& options, const std::atomic<bool>& stopped);
  ~Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  StreamEnd end();
  bool is_open() const;
  // Puts the events at the end of the stream, which must be at `sequence`; its new end. All are stored when it returns.
  // Throws Away: some of them may be.
  std::uint64_t append(const std::string& log_id, std::span<const events::DomainEvent> told, std::uint64_t sequence);
  // Puts one there, wherever the end is, unless the stream still remembers its id.
  void put(const std::string& log_id, const events::DomainEvent& event);

 private:
  struct Connection;

  void ensure_stream();
  void publish(const events::DomainEvent& event, const std::string& log_id,
               std::optional<std::uint64_t> expected_sequence);
  std::string await_answer();

  const StreamOptions& options_;
  const std::atomic<bool>& stopped_;
  std::unique_ptr<Connection> connection_;
};

}  // namespace tote::nats
