#include "actors/bet/list.h"

#include <algorithm>

#include "actors/bet/callback.h"
#include "actors/bet/page.h"
#include "engine/kernel/any_entity.h"

namespace tote::bet {
namespace {

class ListBets final : public Script {
 public:
  explicit ListBets(List asked) : asked_(std::move(asked)) {}

  void entities(std::vector<EntityRef>& out) const override { out.push_back({Reference::kind_id, index_id}); }
  void answer(Transaction&, std::string& out) const override { write_page(page_, out); }
  void digest(std::string& out) const override { out.append("list ").append(asked_.after); }

  Verdict run(Transaction& on) const override {
    page_ = {};
    const auto* index = look<Reference>(on, index_id);
    if (index == nullptr) return {};
    const std::size_t limit = std::min(asked_.limit, List::shown_max);
    std::size_t looked = 0;
    for (auto at = index->entries.upper_bound(asked_.after); at != index->entries.end(); ++at) {
      if (page_.bets.size() == limit || looked++ == List::looked_max) return {};
      page_.next = at->first;
      if (asked_.player.empty() || asked_.player == at->second.name) add(on, at->first);
    }
    page_.next.clear();
    return {};
  }

 private:
  void add(Transaction& on, const std::string& id) const {
    const AnyEntity* entity = on.look({Bet::kind_id, id});
    if (entity == nullptr) return;
    const auto& bet = static_cast<const EntityOf<Bet>*>(entity)->seen();
    const bool is_shown = bet.is_bet() || bet.status == Bet::Status::tombstoned;
    if (!is_shown || (asked_.status && *asked_.status != bet.status)) return;
    Page::One one{
        id, {}, static_cast<std::int64_t>(entity->version.value), static_cast<std::int64_t>(entity->lsn.value)};
    entity->answer({}, one.answer);
    page_.bets.push_back(std::move(one));
  }

  const List asked_;
  mutable Page page_;  // of the last run
};

}  // namespace

ScriptPtr list(List asked) { return std::make_unique<ListBets>(std::move(asked)); }

}  // namespace tote::bet
