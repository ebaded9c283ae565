// Transactions over several entities (DESIGN D6). A transaction takes its place in the queues of all its entities at
// once, when it arrives. Each entity finishes what came before and holds still; what comes later is parked. When the
// last one holds still the script runs on all of them, and one record takes it all. One order, that of arrival, means
// no deadlock; nobody ever aborts because of a neighbour, and nobody waits for the disk.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/context.h"
#include "engine/kernel/run_again.h"
#include "engine/kernel/staging.h"
#include "wal/record.h"

namespace tote {

// The script's view of the engine's live entities.
class LiveStaging final : public Staging {
 public:
  // A script has met an entity that isn't in memory yet, or that can't be read.
  struct Absent : RunAgain {
    explicit Absent(Slot* absent) : slot(absent) {}
    Slot* slot;
  };
  struct Damaged {};

  explicit LiveStaging(Context& context) : context_(context) {}

  void begin(Tenant tenant, Time now);
  // While the script ran, it met an entity that time had changed: that is recorded now, so what it has decided is old.
  bool is_outdated() const { return is_outdated_; }
  // There was more of that than goes into one turn.
  bool is_behind() const { return is_behind_; }
  // The script is done, and its answer may look around: there is no way back, so it waits for whom it finds.
  void answer(const Script& script, std::string& out) {
    is_answering_ = true;
    script.answer(*this, out);
    is_answering_ = false;
  }

 protected:
  Touched find(EntityRef ref) override;

 private:
  void fetch(Slot& slot);

  Context& context_;
  Tenant tenant_{};
  bool is_outdated_ = false;
  bool is_behind_ = false;
  bool is_answering_ = false;
};

// Runs one transaction at a time, on entities that hold still for it.
class Transactions {
 public:
  explicit Transactions(Context& context) : context_(context), staging_(context) {}

  // Finds what the transaction says it needs: flight->visits. False: refused.
  bool prepare(Flight* flight);
  enum class Ran : std::uint8_t {
    done,
    behind,  // time has brought them more than one turn takes: it must be run again in the next
    absent,  // the script has met missing(), which is being fetched: it must be run again then
  };
  // Decides, applies and records; the flight waits in the gate. Its visits, and what else the script met, are appended
  // to `met`.
  Ran run(Flight* flight, std::vector<Slot*>& met);
  Slot* missing() const { return missing_; }

 private:
  bool is_expected(const Flight& flight);
  bool catch_up_all(const Flight& flight);
  // Nothing: time has brought more than goes into this turn.
  std::optional<Verdict> decide(Flight* flight);
  Ran execute(Flight* flight);
  bool refuse(Flight* flight);
  Verdict decide_once(Flight* flight);
  void record(Flight* flight, const Verdict& verdict);
  void commit(Flight* flight);
  std::size_t made() const;
  void gather_changes();
  Lsn newest_seen() const;

  Context& context_;
  LiveStaging staging_;
  bool find_all(Flight* flight);

  Time now_{};
  Slot* missing_ = nullptr;
  // Scratch of one run.
  std::vector<EntityRef> refs_;
  std::string events_;
  std::vector<Slot*> changed_;
  std::vector<std::size_t> ends_;  // of each changed slot's events
  std::vector<wal::Change> changes_;
};

}  // namespace tote
