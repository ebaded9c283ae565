// The door of a node that hasn't the log, for reads that may be old (`Tote-Read: stale`): another door of this node
// answers them, from what the node has of the log, and the answer says how old that is.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/server/handler.h"

namespace tote::server {

inline constexpr std::string_view read_header = "Tote-Read";  // of a request: "stale"

class StaleDoor final : public Handler {
 public:
  // Milliseconds since the node last knew that it had all; nothing: it can't answer now.
  using AgeMs = std::function<std::optional<std::int64_t>()>;

  // `own` is mounted elsewhere, and outlives this.
  StaleDoor(Handler& own, AgeMs age_ms) : own_(own), age_ms_(std::move(age_ms)) {}

  // A read that may be old, and can be answered here.
  bool takes(const Message& message) const;

  // -- Handler
  void mount(const State&) override {}
  std::unique_ptr<Exchange> make_exchange() override;
  std::size_t body_bytes_max(std::string_view target) const override { return own_.body_bytes_max(target); }
  Admission admit(const Message& message, Exchange& exchange, std::unique_ptr<Owner>& owner) override;
  bool take(Message& message, Exchange& exchange, Sink& sink, std::uint64_t tag, std::string& out) override;
  void answer(Exchange& exchange, Outcome& outcome, std::string& out) override;
  void deny(const Message& message, Exchange& exchange, std::string& out) override;
  void refuse(const Message& message, Exchange& exchange, const Failure& failure, std::string& out) override;
  void release(Exchange& exchange) override;
  void cancel(Sink& sink, std::uint64_t tag) override { own_.cancel(sink, tag); }

 private:
  struct Aged;
  template <class Work>
  void pass(Aged& aged, const Work& work) const;

  Handler& own_;
  const AgeMs age_ms_;
};

}  // namespace tote::server
