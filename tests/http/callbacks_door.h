// A second door, as a provider's callbacks would have one: signed bodies, answers of its own, status 400 for every
// "no".
//
//   POST <prefix>/deposits   {"wallet":"alice","amount":5,"id":"tx-1"}, Signature: HMAC-SHA256 of the body, in hex
#pragma once

#include <string>
#include <string_view>

#include "adapters/server/handler.h"
#include "engine/tote.h"

namespace tests::http {

class CallbacksDoor final : public tote::server::Handler {
 public:
  static constexpr std::size_t body_max = 1'024;

  CallbacksDoor(tote::Engine& engine, std::string secret) : engine_(engine), secret_(std::move(secret)) {}
  // What a client of the provider's sends as its Signature.
  static std::string sign(std::string_view secret, std::string_view body);

  void mount(const tote::server::State& state) override { state_ = &state; }
  std::unique_ptr<tote::server::Exchange> make_exchange() override;
  std::size_t body_bytes_max(std::string_view) const override { return body_max; }
  Admission admit(const tote::server::Message& message, tote::server::Exchange&,
                  std::unique_ptr<tote::server::Owner>&) override;
  bool take(tote::server::Message& message, tote::server::Exchange& exchange, tote::Sink& sink, std::uint64_t tag,
            std::string& out) override;
  void answer(tote::server::Exchange& exchange, tote::Outcome& outcome, std::string& out) override;
  void deny(const tote::server::Message&, tote::server::Exchange& exchange, std::string& out) override;
  void refuse(const tote::server::Message&, tote::server::Exchange& exchange, const tote::server::Failure& failure,
              std::string& out) override;
  void release(tote::server::Exchange&) override {}
  void cancel(tote::Sink&, std::uint64_t) override {}

 private:
  void say(const tote::server::Exchange& exchange, unsigned status, std::string_view code, std::string_view message,
           std::string& out) const;

  tote::Engine& engine_;
  const std::string secret_;
  const tote::server::State* state_ = nullptr;
};

}  // namespace tests::http
