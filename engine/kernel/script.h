// A transaction over several entities: a script looks at entities and commands them. When it succeeds, what
// it staged becomes one record; when it refuses, nothing of it does. Pure, like decide(): it sees nothing but what the
// Transaction shows. tests/engine/script_example_test.cc is this example, whole:
//
//   Verdict Pay::run(Transaction& on) const {
//     if (const Step step = tote::run<Wallet>(on, from, Wallet::Debit{amount}); step.refused()) return step.verdict();
//     return tote::run<Wallet>(on, to, Wallet::Credit{amount}).verdict();  // refused: `from` keeps its money
//   }
#pragma once

#include <compare>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/kernel/command.h"
#include "engine/kernel/entity.h"
#include "engine/kernel/refusal.h"
#include "engine/kernel/subject.h"

namespace tote {

class AnyEntity;

// One entity of the script's tenant.
struct EntityRef {
  KindId kind = 0;
  std::string_view id;

  auto operator<=>(const EntityRef&) const = default;
};

// What a script came to. A refusal takes back all that the script has staged; only what it named by if_refused() is
// recorded with it.
struct Verdict {
  Code code = Code::ok;
  Facts facts{};
  Subject subject{};  // of a refusal: which of several things it is about

  bool refused() const { return !is_success(code); }
};

// What one command came to, before it is in the log.
struct Step {
  Code code = Code::ok;
  Facts facts{};
  bool changed = false;  // events were made
  std::string part{};    // of a refusal: what of the entity it is about, a hold; empty: the entity

  bool refused() const { return !is_success(code); }
  Verdict verdict() const { return {code, facts, {{}, part}}; }
  // The same; a refusal is about the entity `id`, which what was asked names at `pointer`, or about a part of it.
  Verdict about(std::string_view pointer, std::string_view id) const {
    if (!refused() || !part.empty()) return verdict();
    return {code, facts, {std::string(pointer), std::string(id)}};
  }
};

// The script's view of the world, for the time of one run.
class Transaction {
 public:
  using Mark = std::size_t;

  virtual ~Transaction() = default;
  // Of all its decisions.
  virtual Time now() const = 0;
  // Decides the command on the entity as it is with what was staged so far. A success is staged, a refusal stages
  // nothing. An entity that was never heard of can be commanded: it may be about to be created.
  virtual Step run(EntityRef entity, CommandRef command) = 0;
  // The entity with what was staged so far; null: it doesn't exist. Valid until the next run() or undo() of it. Looking
  // at an entity after staging a change of it copies its state: look first where that is dear.
  virtual const AnyEntity* look(EntityRef entity) = 0;
  // What remains when the script ends in a refusal, one that isn't stored, too: an attempt that counts, an order that
  // failed. Decided then, on the entity as it was before the script; a refusal of it leaves nothing. A script that
  // succeeds drops it. Only for kinds that remember refusals (entity.h).
  virtual void if_refused(EntityRef entity, Command command) = 0;
  // undo(mark()) takes back everything that was staged, or named by if_refused(), in between.
  virtual Mark mark() const = 0;
  virtual void undo(Mark mark) = 0;
};

// What is done as one transaction. Immutable: it may be run more than once before it counts. What entities(), run() or
// digest() throw is refused as `internal_error`, nothing has happened then; answer() must not throw. A
// script that catches what it doesn't know passes RunAgain on (run_again.h).
// loop: everybody waits for it. It has limits::script_steps_max commands and looks and meets so many entities; beyond
// it is thrown out of. A loop without any of these is yours to bound.
class Script {
 public:
  virtual ~Script() = default;
  // The entities that it is known to need (views that live as long as the script; they may repeat): later requests to
  // them wait for it, earlier ones are done before it. It may run() and look() at others, too.
  virtual void entities(std::vector<EntityRef>& out) const = 0;
  virtual Verdict run(Transaction& on) const = 0;
  // After a success is committed: what the reply is made from, in the format of the kind that the request names.
  virtual void answer(Transaction& on, std::string& out) const = 0;
  // Bytes that are equal exactly when two scripts ask the same.
  virtual void digest(std::string& out) const = 0;
};

// A Request's command may be one of these instead of an entity's own command.
using ScriptPtr = std::unique_ptr<const Script>;

}  // namespace tote
