// A door of bytes: what is sent comes back, as often as the path says: POST /3.
#pragma once

#include <charconv>
#include <string>

#include "adapters/server/handler.h"
#include "adapters/server/response.h"

namespace tests::tls {

class BytesDoor final : public tote::server::Handler {
 public:
  using Exchange = tote::server::Exchange;
  using Message = tote::server::Message;

  void mount(const tote::server::State&) override {}
  std::unique_ptr<Exchange> make_exchange() override { return std::make_unique<Exchange>(); }
  std::size_t body_bytes_max(std::string_view) const override { return 1 << 20; }
  Admission admit(const Message&, Exchange&, std::unique_ptr<tote::server::Owner>&) override {
    return Admission::admitted;
  }
  bool take(Message& message, Exchange& exchange, tote::Sink&, std::uint64_t, std::string& out) override {
    int times = 1;
    std::from_chars(message.target.data() + 1, message.target.data() + message.target.size(), times);
    std::string body;
    for (int i = 0; i < times; ++i) body += message.body;
    append_response(out, 200, "text/plain", body, framing_of(exchange, {}));
    return true;
  }
  void answer(Exchange&, tote::Outcome&, std::string&) override {}
  void deny(const Message&, Exchange&, std::string&) override {}
  void refuse(const Message&, Exchange& exchange, const tote::server::Failure& failure, std::string& out) override {
    append_response(out, failure.status(), "text/plain", failure.detail, framing_of(exchange, {}));
  }
  void release(Exchange&) override {}
  void cancel(tote::Sink&, std::uint64_t) override {}
};

}  // namespace tests::tls
