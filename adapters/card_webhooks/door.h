// The door that a card payment provider calls, at one path of its own:
//
//   POST <path>   an event, Stripe-Signature over its bytes   200 {"received":true} once it is durable
//
// The signature is the authentication. What the event brings about comes from the log, afterwards
// (actors/payment_event); the same event again is received again, and changes nothing.
//
// Threads: the loop thread, but for what says otherwise. Large events are looked at on a thread beside it.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/card_webhooks/event.h"
#include "adapters/card_webhooks/signature.h"
#include "adapters/server/handler.h"
#include "engine/question_thread.h"
#include "engine/tote.h"

namespace tote::card_webhooks {

struct DoorOptions {
  std::string name;  // an id; orders name it
  std::string path;  // "/webhooks/stripe"
  std::string tenant = "default";
  std::vector<std::string> secret_files;  // each holds one secret
  std::int64_t tolerance_s = 300;         // how old a signature may be; 1 to 86 400
  std::int64_t future_s = 60;             // how far ahead its clock may be; 0 to 86 400
  MetadataNames metadata{};

  bool operator==(const DoorOptions&) const = default;
};
// What is wrong with them, the files aside; empty: nothing.
std::string problem_of(const DoorOptions& options);

// The secrets in the files, in their order; or what is wrong with one, naming the file and never the secret. Reads from
// disk: any thread but the loop's once that runs.
struct Secrets {
  std::vector<std::string> all{};
  std::string problem{};
};
Secrets read_secrets(const DoorOptions& options);

class Door final : public server::Handler {
 public:
  Door(DoorOptions options, std::vector<std::string> secrets);
  ~Door() override;

  const DoorOptions& options() const { return options_; }
  // From now on events are taken. What is wrong with the tenant, empty: nothing.
  std::string attach(Engine& engine);
  void set_secrets(std::vector<std::string> secrets);

  // -- Handler
  void mount(const server::State& state) override { state_ = &state; }
  std::unique_ptr<server::Exchange> make_exchange() override;
  std::size_t body_bytes_max(std::string_view) const override { return event_bytes_max; }
  Admission admit(const server::Message& message, server::Exchange&, std::unique_ptr<server::Owner>&) override;
  bool take(server::Message& message, server::Exchange& exchange, Sink& sink, std::uint64_t tag,
            std::string& out) override;
  void answer(server::Exchange& exchange, Outcome& outcome, std::string& out) override;
  void deny(const server::Message& message, server::Exchange& exchange, std::string& out) override;
  void refuse(const server::Message& message, server::Exchange& exchange, const server::Failure& failure,
              std::string& out) override;
  void release(server::Exchange&) override {}
  void cancel(Sink&, std::uint64_t) override {}
  void stop() override;

 private:
  static constexpr std::size_t looked_at_here_bytes_max = std::size_t{8} << 10;  // about 50 µs of the loop's
  static constexpr std::size_t beside_max = 256;                                 // large events; beyond: overloaded

  struct Problem;
  struct Ticket;
  struct Job;
  using JobPtr = std::shared_ptr<Job>;

  static Problem problem_of(Code code);
  void look_at(Job& job) const;  // any thread
  bool finish(Job& job, std::string* out);
  void finish_later(const JobPtr& job);
  Problem why_not(const server::Message& message) const;
  void say(const server::Exchange& exchange, const Problem& problem, std::string& out) const;

  const DoorOptions options_;
  std::shared_ptr<const std::vector<std::string>> secrets_;
  const server::State* state_ = nullptr;
  Engine* engine_ = nullptr;
  Tenant tenant_{};
  std::list<JobPtr> jobs_;  // being looked at beside the loop
  QuestionThread<JobPtr> thread_;
};

}  // namespace tote::card_webhooks
