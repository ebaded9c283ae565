// The API's door as a listener for operators shows it (`admin_listen`): with figures and health, which are nowhere else
// then. It is the same door, API and tokens included: the console, which is there, too, asks it.
#pragma once

#include <memory>
#include <utility>

#include "adapters/http/door.h"

namespace tote::http {

class AdminDoor final : public server::Handler {
 public:
  explicit AdminDoor(std::shared_ptr<Door> door) : door_(std::move(door)) {}

  void mount(const server::State&) override {}  // the door keeps what the main server tells: draining, the date
  std::unique_ptr<Exchange> make_exchange() override {
    auto exchange = door_->make_exchange();
    static_cast<Ticket&>(*exchange).is_admin = true;
    return exchange;
  }
  std::size_t body_bytes_max(std::string_view target) const override { return door_->body_bytes_max(target); }
  Admission admit(const Message& message, Exchange& exchange, std::unique_ptr<Owner>& owner) override {
    return door_->admit(message, exchange, owner);
  }
  bool take(Message& message, Exchange& exchange, Sink& sink, std::uint64_t tag, std::string& out) override {
    return door_->take(message, exchange, sink, tag, out);
  }
  void answer(Exchange& exchange, Outcome& outcome, std::string& out) override {
    door_->answer(exchange, outcome, out);
  }
  void deny(const Message& message, Exchange& exchange, std::string& out) override {
    door_->deny(message, exchange, out);
  }
  void refuse(const Message& message, Exchange& exchange, const Failure& failure, std::string& out) override {
    door_->refuse(message, exchange, failure, out);
  }
  bool is_of_this_node(std::string_view target) const override { return door_->is_of_this_node(target); }
  void release(Exchange& exchange) override { door_->release(exchange); }
  void cancel(Sink& sink, std::uint64_t tag) override { door_->cancel(sink, tag); }

 private:
  const std::shared_ptr<Door> door_;
};

}  // namespace tote::http
