#include "adapters/http/batch_answers.h"

#include <xxhash.h>

#include <algorithm>

#include "actors/transaction/batch_record.h"
#include "actors/transaction/results.h"
#include "adapters/http/batch.h"
#include "adapters/http/packed_text.h"

namespace tote::http {
namespace {

constexpr std::size_t pieces_max = 16;  // more than the largest text takes

// One look-up's answer, to a function.
class Once final : public Sink {
 public:
  explicit Once(Engine::Callback done) : done_(std::move(done)) {}
  void done(std::uint64_t, Outcome& outcome) override {
    done_(outcome);
    delete this;
  }

 private:
  Engine::Callback done_;
};

std::string answer_key(const KeptBatch& batch) {
  return derived_key(batch.key, "answer@" + std::to_string(batch.began.value), own_key_mark);
}

// Pieces of one attempt at keeping the answers are never taken for those of another.
std::string piece_key(const KeptBatch& batch, std::uint64_t hash, std::size_t piece) {
  return derived_key(
      batch.key,
      "answer@" + std::to_string(batch.began.value) + ":" + std::to_string(hash) + ":" + std::to_string(piece),
      own_key_mark);
}

std::uint64_t hash_of(std::string_view packed) { return XXH3_64bits(packed.data(), packed.size()); }

}  // namespace

std::optional<transaction::BatchRecord> read_batch_record(const Outcome& outcome) {
  if (outcome.kind != transaction::kind_id || outcome.code != Code::ok) return std::nullopt;
  return transaction::read_batch(outcome.answer);
}

void BatchAnswers::look(Tenant tenant, const std::string& key, Engine::Callback done) {
  engine_.find_outcome(tenant, key, *new Once(std::move(done)), 0);
}

void BatchAnswers::submit(const KeptBatch& batch, std::string key, const transaction::BatchRecord& record,
                          Engine::Callback done) {
  Request request;
  request.tenant = batch.tenant;
  request.kind = transaction::kind_id;
  request.command = transaction::batch_command(record);
  request.key = std::move(key);
  request.fingerprint = batch.fingerprint;
  engine_.submit(std::move(request), std::move(done));
}

void BatchAnswers::begin(const KeptBatch& batch, Engine::Callback done) {
  transaction::BatchRecord record;
  record.lines = batch.lines;
  record.own_keys = true;
  submit(batch, batch.key, record, std::move(done));
}

struct BatchAnswers::Keeping {
  KeptBatch batch;
  std::size_t text_bytes;
  std::string packed;
  std::uint64_t hash;
  std::size_t pieces;
  Engine::Callback done;
};

void BatchAnswers::keep(const KeptBatch& batch, std::size_t text_bytes, std::string packed, Engine::Callback done) {
  const std::uint64_t hash = hash_of(packed);
  const std::size_t pieces = (packed.size() - 1) / transaction::batch_packed_bytes_max + 1;
  const auto keeping =
      std::make_shared<Keeping>(Keeping{batch, text_bytes, std::move(packed), hash, pieces, std::move(done)});
  keep_piece(keeping, pieces);
}

// The last piece first: when the first is there, all are.
void BatchAnswers::keep_piece(const std::shared_ptr<Keeping>& keeping, std::size_t piece) {
  constexpr std::size_t bytes = transaction::batch_packed_bytes_max;
  transaction::BatchRecord record;
  record.lines = keeping->batch.lines;
  record.bytes = static_cast<std::uint32_t>(keeping->text_bytes);
  record.packed = std::string_view(keeping->packed).substr((piece - 1) * bytes, bytes);
  record.pieces = keeping->pieces == 1 ? 0 : static_cast<std::uint32_t>(keeping->pieces);
  record.hash = keeping->pieces == 1 ? 0 : keeping->hash;
  if (piece == 1) return submit(keeping->batch, answer_key(keeping->batch), record, keeping->done);
  submit(keeping->batch, piece_key(keeping->batch, keeping->hash, piece), record,
         [this, keeping, piece](Outcome& kept) {
           if (kept.code != Code::ok) return keeping->done(kept);
           keep_piece(keeping, piece - 1);
         });
}

struct BatchAnswers::Finding {
  KeptBatch batch;
  FoundCallback done;
  Found found{};
  std::string packed{};
  std::uint32_t text_bytes = 0;
  std::uint64_t hash = 0;
  std::size_t pieces = 1, piece = 1;  // so many there are; so many are here

  void end(Code code) {
    found.outcome.code = code;
    found.outcome.answer.clear();
    done(found);
  }
};

void BatchAnswers::find(const KeptBatch& batch, FoundCallback done) {
  const auto finding = std::make_shared<Finding>(Finding{.batch = batch, .done = std::move(done)});
  look(batch.tenant, answer_key(batch), [this, finding](Outcome& outcome) {
    if (outcome.code != Code::outcome_unknown) return take_first(finding, outcome);
    finding->found.outcome.facts = outcome.facts;
    finding->found.outcome.lsn = outcome.lsn;
    finding->batch.own_keys ? finding->end(Code::outcome_unknown) : find_of_before(finding);
  });
}

// Earlier programs kept the answers of any beginning under one key.
void BatchAnswers::find_of_before(const std::shared_ptr<Finding>& finding) {
  look(finding->batch.tenant, derived_key(finding->batch.key, "answer", old_key_mark),
       [this, finding](Outcome& outcome) {
         const bool is_of_another = is_stored(outcome.code) && outcome.lsn < finding->batch.began;
         if (outcome.code != Code::outcome_unknown && !is_of_another) return take_first(finding, outcome);
         finding->found.outcome.lsn = outcome.lsn;
         finding->end(Code::outcome_unknown);
       });
}

// Something else under the key is somebody's own: the lines answer for themselves.
void BatchAnswers::take_first(const std::shared_ptr<Finding>& finding, Outcome& outcome) {
  const auto record = read_batch_record(outcome);
  finding->found.outcome.lsn = outcome.lsn;
  if (!is_stored(outcome.code)) {
    finding->found.outcome = std::move(outcome);
    return finding->done(finding->found);
  }
  if (!record || record->bytes == 0 || record->pieces > pieces_max) return finding->end(Code::outcome_unknown);
  finding->packed = record->packed;
  finding->text_bytes = record->bytes;
  finding->hash = record->hash;
  finding->pieces = std::max<std::size_t>(record->pieces, 1);
  find_piece(finding);
}

void BatchAnswers::find_piece(const std::shared_ptr<Finding>& finding) {
  if (finding->piece == finding->pieces) return unpack_all(finding);
  ++finding->piece;
  look(finding->batch.tenant, piece_key(finding->batch, finding->hash, finding->piece),
       [this, finding](Outcome& outcome) {
         if (!is_stored(outcome.code) && outcome.code != Code::outcome_unknown) return finding->end(outcome.code);
         const auto record = read_batch_record(outcome);
         if (!record) return finding->end(Code::outcome_unknown);
         finding->packed += record->packed;
         find_piece(finding);
       });
}

void BatchAnswers::unpack_all(const std::shared_ptr<Finding>& finding) {
  const auto is_whole = std::make_shared<bool>(false);
  const auto work = [finding, is_whole] {
    if (finding->pieces > 1 && hash_of(finding->packed) != finding->hash) return;
    auto text = unpack(finding->packed, finding->text_bytes);
    *is_whole = text.has_value();
    if (text) finding->found.text = std::move(*text);
  };
  renderer_.ask(work, [finding, is_whole] { finding->end(*is_whole ? Code::ok : Code::outcome_unknown); });
}

}  // namespace tote::http
