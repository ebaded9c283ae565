// A betting provider's door (API.md, Callbacks of betting providers): one [[sportsbook]], mounted at its path. The
// signature is the authentication; what is refused is said in the provider's words: {"code":2001,"message":"…"}.
//
//   take -> Checking (a thread: JSON, signature, claims, payload) -> the engine -> answer
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/server/handler.h"
#include "adapters/sportsbook/checking.h"
#include "adapters/sportsbook/options.h"
#include "engine/tote.h"

namespace tote::sportsbook {

class Door final : public server::Handler {
 public:
  // The keys are those of options.keys, as read.
  Door(Options options, KeySetPtr keys);

  const Options& options() const { return options_; }
  // From now on there is an engine; what is wrong, empty when nothing is. Loop thread, as everything here.
  std::string attach(Engine& engine);
  // Of callbacks that are looked at from now on.
  void set_keys(KeySetPtr keys) { checking_.set_keys(std::move(keys)); }

  // -- Handler
  void mount(const server::State& state) override { state_ = &state; }
  std::unique_ptr<server::Exchange> make_exchange() override;
  std::size_t body_bytes_max(std::string_view) const override { return std::size_t{64} << 10; }
  Admission admit(const server::Message&, server::Exchange&, std::unique_ptr<server::Owner>&) override {
    return Admission::admitted;
  }
  bool take(server::Message& message, server::Exchange& exchange, Sink& sink, std::uint64_t tag,
            std::string& out) override;
  void answer(server::Exchange& exchange, Outcome& outcome, std::string& out) override;
  void deny(const server::Message&, server::Exchange& exchange, std::string& out) override;
  void refuse(const server::Message&, server::Exchange& exchange, const server::Failure& failure,
              std::string& out) override;
  void release(server::Exchange&) override {}
  void cancel(Sink&, std::uint64_t) override {}
  void stop() override;

 private:
  struct Ticket;

  void checked(std::vector<Callback>&& callbacks);
  void submit(Callback& callback, Asked&& asked);
  void say(const server::Exchange& exchange, unsigned status, std::string_view body, std::string& out) const;
  void say_refused(const server::Exchange& exchange, const Refused& refused, std::string& out) const;
  void say_nothing_here(const server::Exchange& exchange, std::string_view allow, std::string& out) const;
  void say_unavailable(const server::Exchange& exchange, std::string& out) const;

  const Options options_;
  const std::string prefix_;
  Checking checking_;
  const server::State* state_ = nullptr;
  Engine* engine_ = nullptr;
  Tenant tenant_{};
};

}  // namespace tote::sportsbook
