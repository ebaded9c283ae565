// What the log keeps of a batch under a key of its own: that it began, under the key, and the text of its answers, in
// as many records as it takes. Those are under keys derived from the batch's key and from the LSN at which it began:
// answers belong to one beginning, so that they are never found without it, nor it with those of another, whichever of
// their retentions ends first.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "actors/transaction/batch_record.h"
#include "adapters/http/renderer.h"
#include "engine/tote.h"

namespace tote::http {

struct KeptBatch {
  Tenant tenant{};
  std::string key{};
  Fingerprint fingerprint{};
  std::uint32_t lines = 0;
  Lsn began{};
  bool own_keys = true;  // false: an earlier program began it
};

// Nothing when it isn't what a batch left behind. Views into the outcome.
std::optional<transaction::BatchRecord> read_batch_record(const Outcome& outcome);

// Loop thread only.
class BatchAnswers {
 public:
  BatchAnswers(Engine& engine, Renderer& renderer) : engine_(engine), renderer_(renderer) {}

  // What is stored under the key, whatever it is.
  void look(Tenant tenant, const std::string& key, Engine::Callback done);
  // The first record, if it isn't there yet.
  void begin(const KeptBatch& batch, Engine::Callback done);
  // `packed`: the text, packed. With the outcome of the record that was written last; another code than ok: they
  // aren't kept.
  void keep(const KeptBatch& batch, std::size_t text_bytes, std::string packed, Engine::Callback done);
  // The text; or outcome_unknown, it didn't come to its end; or why nobody can tell now.
  struct Found {
    Outcome outcome{};
    std::string text{};
  };
  using FoundCallback = std::function<void(Found& found)>;
  void find(const KeptBatch& batch, FoundCallback done);

 private:
  struct Keeping;
  struct Finding;

  void submit(const KeptBatch& batch, std::string key, const transaction::BatchRecord& record, Engine::Callback done);
  void keep_piece(const std::shared_ptr<Keeping>& keeping, std::size_t piece);
  void take_first(const std::shared_ptr<Finding>& finding, Outcome& outcome);
  void find_of_before(const std::shared_ptr<Finding>& finding);
  void find_piece(const std::shared_ptr<Finding>& finding);
  void unpack_all(const std::shared_ptr<Finding>& finding);

  Engine& engine_;
  Renderer& renderer_;
};

}  // namespace tote::http
