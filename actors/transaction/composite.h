// Several commands to any entities as one transaction: all of them, or none.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/kernel/kind_of.h"
#include "engine/kernel/script.h"

namespace tote {

// One of the commands. Most are a command to one entity (EntityPart); one that takes several entities is its own.
class Part {
 public:
  virtual ~Part() = default;
  virtual void entities(std::vector<EntityRef>& out) const = 0;
  virtual Verdict run(Transaction& on) const = 0;
  // The entity whose answer is this part's result, and that answer, after the commit.
  virtual EntityRef about() const = 0;
  virtual void answer(const AnyEntity& about, std::string& out) const = 0;
  virtual void digest(std::string& out) const = 0;
};
using PartPtr = std::unique_ptr<const Part>;

template <Entity E>
class EntityPart final : public Part {
 public:
  EntityPart(std::string id, typename E::Command command) : id_(std::move(id)), command_(std::move(command)) {}

  void entities(std::vector<EntityRef>& out) const override { out.push_back(about()); }
  Verdict run(Transaction& on) const override {
    return tote::run<E>(on, id_, command_).about(std::string("/").append(E::kind), id_);
  }
  EntityRef about() const override { return {E::kind_id, id_}; }
  void answer(const AnyEntity& about, std::string& out) const override { about.answer(CommandRef::to(command_), out); }
  void digest(std::string& out) const override {
    out.append(E::kind).append(1, '/').append(id_).append(1, '\0');
    E::digest(command_, out);
  }

 private:
  const std::string id_;
  const typename E::Command command_;
};
template <Entity E>
PartPtr part(std::string id, typename E::Command command) {
  return std::make_unique<EntityPart<E>>(std::move(id), std::move(command));
}

// Runs its parts in order; the first refusal refuses all, and names the part (`index`, from 0).
class Composite final : public Script {
 public:
  static constexpr std::size_t parts_max = 64;

  // 1 to parts_max, else it is `invalid_request`.
  explicit Composite(std::vector<PartPtr> parts) : parts_(std::move(parts)) {}

  void entities(std::vector<EntityRef>& out) const override;
  Verdict run(Transaction& on) const override;
  void answer(Transaction& on, std::string& out) const override;
  void digest(std::string& out) const override;

 private:
  const std::vector<PartPtr> parts_;
};

// For a Request{kind = transaction::kind_id}.
Command composite_command(std::vector<PartPtr> parts);

}  // namespace tote
