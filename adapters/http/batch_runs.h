// Batches between their reading and their answer. What is large is done in slices or on the renderer's thread, so that
// no turn of the loop grows with a batch.
//
//   start -> [begin, durable] -> slices: read, submit … answers, durable -> render -> [keep, durable] -> answer
//
// In brackets: of a batch under a key of its own. Its beginning is a record under that key and holds the fingerprint;
// its answers are kept beside it (batch_answers.h). Sent again it is answered from those; without them (the server died
// between the lines) the lines are sent again, each under its own key: those that were executed answer what they did,
// the others are executed.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "adapters/http/batch.h"
#include "adapters/http/batch_answers.h"
#include "adapters/http/renderer.h"
#include "engine/tote.h"

namespace tote::http {

struct BatchAsk {
  using Clock = std::chrono::steady_clock;

  Tenant tenant{};
  std::string key{};  // empty: none
  Fingerprint fingerprint{};
  Clock::time_point ends_at = Clock::time_point::max();  // not decided by then: not executed
  std::size_t lines = 0;                                 // of the body, not blank
  Role role = Role::issuer;                              // of who asks
  std::string actor{};                                   // and the name; empty: it isn't known
  bool is_always_told = false;                           // it stands in every line's record
  Trace trace{};                                         // what it is asked for
  bool is_of_cluster = false;                            // who is asked is a node of one
  std::string body{};
};

// Loop thread only. Answers come as outcomes whose answer is the body, or as refusals.
class BatchRuns {
 public:
  BatchRuns(Engine& engine, const Kinds& kinds, const DecodeOptions& options, Renderer::Post post, Renderer& renderer)
      : engine_(engine),
        kinds_(kinds),
        options_(options),
        post_(std::move(post)),
        renderer_(renderer),
        answers_(engine, renderer) {}
  BatchRuns(const BatchRuns&) = delete;
  BatchRuns& operator=(const BatchRuns&) = delete;
  ~BatchRuns() { stop(); }

  void start(BatchAsk ask, Sink& sink, std::uint64_t tag);
  // What GET /v1/outcomes/{key} says of any key: an outcome whose answer is the body, or a refusal. One of a batch that
  // began and wasn't finished has the sentence that says so as its answer.
  void find_outcome(Tenant tenant, const std::string& key, Sink& sink, std::uint64_t tag);
  // Who waits is told `draining`. When nothing is written to them any more.
  void stop();

 private:
  // Who gets the answer; the first sent the batch, the others asked the same while it was under way.
  struct Waiter {
    Sink* sink = nullptr;
    std::uint64_t tag = 0;
    bool asks_only = false;  // for the outcome of the key
  };
  struct Run {
    BatchAsk ask;
    Batch batch;
    std::vector<Waiter> waiters;
    std::size_t submitted = 0, answered = 0;  // slices
    std::string text;                         // the answers
    std::string packed;                       // the same for the records; empty: they aren't kept
    Lsn began{}, lsn{};
    bool is_known = false;  // it was answered before
  };
  using RunPtr = std::shared_ptr<Run>;

  RunPtr find(Tenant tenant, const std::string& key) const;
  KeptBatch kept(const RunPtr& run) const;
  void begin(const RunPtr& run);
  void look_for_answer(const RunPtr& run, const Outcome& began);
  void read_on(const RunPtr& run);
  void refuse_late(const RunPtr& run, std::size_t lines_before, std::vector<Request>& requests);
  void take_slice(const RunPtr& run, std::size_t from, std::span<Outcome> outcomes);
  void finish_slices(const RunPtr& run);
  void render(const RunPtr& run, std::function<void()> work, std::function<void()> done);
  void keep(const RunPtr& run);
  void answer(const RunPtr& run);
  void finish(const RunPtr& run, Outcome whole);
  void find_batch_outcome(const KeptBatch& batch, Sink& sink, std::uint64_t tag);
  void tell_outcome(const RunPtr& run, std::vector<Waiter> waiters, const Outcome& whole);

  Engine& engine_;
  const Kinds& kinds_;
  const DecodeOptions options_;
  const Renderer::Post post_;
  Renderer& renderer_;
  BatchAnswers answers_;
  std::vector<RunPtr> runs_;  // as many as the door lets in
  std::size_t lookups_ = 0;   // of outcomes of batches
  JsonDocument json_;
};

}  // namespace tote::http
