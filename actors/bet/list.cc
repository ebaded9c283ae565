#include "actors/bet/list.h"

#include "actors/bet/callback.h"
#include "engine/kernel/by_members.h"
#include "engine/kernel/kind_of.h"

namespace tote::bet {
namespace {

class ListBets final : public Script {
 public:
  explicit ListBets(List asked) : asked_(std::move(asked)) {}

  void entities(std::vector<EntityRef>& out) const override { out.push_back({Reference::kind_id, index_id}); }
  void answer(Transaction&, std::string& out) const override { by_members::encode(found_, out); }
  void digest(std::string& out) const override { out.append("list ").append(asked_.after); }

  Verdict run(Transaction& on) const override {
    found_ = {};
    const auto* index = look<Reference>(on, index_id);
    if (index == nullptr) return {};
    std::size_t looked = 0;
    auto at = asked_.prefix > asked_.after ? index->entries.lower_bound(asked_.prefix)
                                           : index->entries.upper_bound(asked_.after);
    for (; at != index->entries.end() && at->first.starts_with(asked_.prefix); ++at) {
      if (found_.ids.size() == asked_.limit || looked++ == List::looked_max) return {};
      found_.next = at->first;
      if (asked_.player.empty() || asked_.player == at->second.name) found_.ids.push_back(at->first);
    }
    found_.next.clear();
    return {};
  }

 private:
  const List asked_;
  mutable Ids found_;  // of the last run
};

}  // namespace

ScriptPtr list(List asked) { return std::make_unique<ListBets>(std::move(asked)); }

bool read_ids(std::string_view answer, Ids& into) { return by_members::decode(answer, into); }

}  // namespace tote::bet
