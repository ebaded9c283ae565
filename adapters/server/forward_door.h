// The door of a node that hasn't the log: what is asked is answered by the node that has it, byte for byte. Whoever may
// ask is known there. What can't be handed on is refused as the door that it is for would refuse it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "adapters/server/forwarder.h"
#include "adapters/server/handler.h"

namespace tote::server {

class ForwardDoor final : public Handler {
 public:
  using DoorOf = std::function<Handler&(std::string_view target)>;  // whose path it is

  ForwardDoor(std::shared_ptr<Forwarder> forwarder, DoorOf door_of)
      : forwarder_(std::move(forwarder)), door_of_(std::move(door_of)) {}

  // -- Handler
  void mount(const State& state) override { state_ = &state; }
  std::unique_ptr<Exchange> make_exchange() override;
  std::size_t body_bytes_max(std::string_view target) const override { return door_of_(target).body_bytes_max(target); }
  Admission admit(const Message&, Exchange&, std::unique_ptr<Owner>&) override { return Admission::admitted; }
  bool take(Message& message, Exchange& exchange, Sink& sink, std::uint64_t tag, std::string& out) override;
  void answer(Exchange& exchange, Outcome& outcome, std::string& out) override;
  void deny(const Message&, Exchange&, std::string&) override {}
  void refuse(const Message& message, Exchange& exchange, const Failure& failure, std::string& out) override;
  void release(Exchange&) override {}
  void cancel(Sink& sink, std::uint64_t tag) override;
  void stop() override;

 private:
  struct Handed;

  const std::shared_ptr<Forwarder> forwarder_;
  const DoorOf door_of_;
  const State* state_ = nullptr;
  std::map<std::pair<Sink*, std::uint64_t>, Handed*> in_flight_;
};

}  // namespace tote::server
