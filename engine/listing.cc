#include "engine/listing.h"

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>

namespace tote {
namespace {

bool is_wanted(const IdsAsk& ask, std::string_view id) {
  return id > std::string_view(ask.after) && id.starts_with(ask.prefix);
}

// Leaves one more than is asked for: whether there are more. The greatest of them stands last.
void cut(Listing::Question& question) {
  auto& found = question.found;
  if (found.size() <= question.wanted) return;
  const auto last = found.begin() + static_cast<std::ptrdiff_t>(question.wanted);
  std::nth_element(found.begin(), last, found.end());
  found.erase(std::next(last), found.end());
  question.is_bounded = true;
}

bool may_be_of_page(const Listing::Question& question, std::string_view id) {
  return is_wanted(question.ask, id) && !(question.is_bounded && id > question.found[question.wanted]);
}

// What is beyond the page is dropped many at a time: one by one, in their order, they would cost a tree.
void keep(Listing::Question& question, std::string_view id) {
  question.found.emplace_back(id);
  if (question.found.size() >= 2 * (question.wanted + 1)) cut(question);
}

}  // namespace

Listing::Listing(Context& context, const wal::StateStore* rows, std::function<void()> wake)
    : context_(context), rows_(rows), wake_(std::move(wake)), thread_("tote-list", waiting_max, [this](Question&& one) {
        read_rows(one);
        answer(std::move(one));
        wake_();
      }) {}

bool Listing::ask(Question question) {
  if (under_way_ >= waiting_max) return false;
  ++under_way_;
  question.ask.limit = std::clamp<std::size_t>(question.ask.limit, 1, ids_max);
  if (!is_walked(question)) waiting_.push_back(std::move(question));
  return true;
}

// The page behind another one: an earlier look may have found it.
bool Listing::is_walked(Question& question) {
  auto page = context_.walks().page(question.tenant, question.ask, context_.durable(), context_.clock().monotonic_ns());
  if (!page) return false;
  question.page = std::move(*page);
  const std::lock_guard lock(mutex_);
  answered_.push_back(std::move(question));
  return true;
}

// One of each tenant before a second of any.
void Listing::begin() {
  const auto has = [this](Tenant tenant) {
    return std::ranges::find(looking_, tenant, &Question::tenant) != looking_.end();
  };
  for (const bool is_first_round : {true, false}) {
    std::vector<Question> left;
    for (Question& question : waiting_) {
      const bool is_next = looking_.size() < together_max && !(is_first_round && has(question.tenant));
      (is_next ? looking_ : left).push_back(std::move(question));
    }
    waiting_ = std::move(left);
  }
  cursor_ = 0;
  for (Question& question : looking_) {
    question.kind = context_.kind(question.ask.kind);
    question.page.as_of = context_.durable();
    question.wanted = question.ask.limit;
    if (question.ask.after.empty() || question.ask.only_alerted) continue;
    question.walk = context_.walks().begin(question.tenant, question.ask, context_.clock().monotonic_ns());
    if (question.walk != 0) question.wanted = Walks::ids_max;
  }
}

void Listing::turn() {
  if (looking_.empty()) {
    if (waiting_.empty()) return;
    begin();
  }
  constexpr std::size_t ahead = 8;
  slots_.clear();
  const auto next = context_.slots().for_each_from(cursor_, [this](const Slot* slot) { slots_.push_back(slot); });
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    if (i + ahead < slots_.size()) __builtin_prefetch(slots_[i + ahead]);
    look(*slots_[i]);
  }
  if (next) {
    cursor_ = *next;
    return;
  }
  for (Question& question : std::exchange(looking_, {})) {
    if (is_stopped_) {
      refuse(question);
      continue;
    }
    if (rows_ == nullptr || question.ask.only_alerted) {
      answer(std::move(question));
      continue;
    }
    const bool is_asked = thread_.ask(std::move(question));
    TOTE_INVARIANT(is_asked);  // it has room for all that may be under way, until stop()
  }
}

// Nearly all that is looked at is decided by the slot's first line: the entity would be another miss.
void Listing::look(const Slot& slot) {
  for (Question& question : looking_) {
    if (slot.kind != question.kind || slot.tenant != question.tenant || !may_be_of_page(question, slot.id)) continue;
    const AnyEntity* entity = slot.entity.get();
    if (entity == nullptr || entity->version == Version{}) continue;
    if (entity->first_lsn > question.page.as_of) {
      context_.walks().made(slot.tenant, question.ask.kind, slot.id, entity->first_lsn);
      continue;
    }
    if (question.ask.only_alerted && entity->alert().empty()) continue;
    keep(question, slot.id);
  }
}

// Rows that can't be read are never left out in silence.
void Listing::read_rows(Question& question) const {
  const IdsAsk& ask = question.ask;
  std::vector<std::string> rows;
  question.damage =
      rows_->each_of(question.tenant_name, ask.kind, std::max(ask.after, ask.prefix), [&](const wal::StateRow& row) {
        if (row.entity > std::string_view(ask.prefix) && !row.entity.starts_with(ask.prefix)) return false;
        if (is_wanted(ask, row.entity)) rows.emplace_back(row.entity);
        return rows.size() <= question.wanted;
      });
  if (!question.damage.is_none()) question.page.code = Code::log_damaged;
  std::ranges::sort(question.found);
  std::vector<std::string> both;
  std::ranges::set_union(std::make_move_iterator(question.found.begin()), std::make_move_iterator(question.found.end()),
                         std::make_move_iterator(rows.begin()), std::make_move_iterator(rows.end()),
                         std::back_inserter(both));
  question.found = std::move(both);
}

void Listing::answer(Question&& question) {
  auto& [code, ids, is_last, as_of] = question.page;
  ids = std::exchange(question.found, {});
  if (code != Code::ok) ids.clear();
  std::ranges::sort(ids);
  is_last = ids.size() <= question.wanted;
  if (!is_last) ids.resize(question.wanted);
  const std::lock_guard lock(mutex_);
  answered_.push_back(std::move(question));
}

std::vector<Listing::Question> Listing::take() {
  std::vector<Question> answered;
  {
    const std::lock_guard lock(mutex_);
    answered = std::exchange(answered_, {});
  }
  under_way_ -= answered.size();
  for (Question& question : answered)
    if (question.walk != 0) cut_page(question);
  return answered;
}

// The first of what the look has found; the rest is for the pages after.
void Listing::cut_page(Question& question) {
  auto& [code, ids, is_last, as_of] = question.page;
  if (code != Code::ok) return context_.walks().drop(question.walk);
  const auto first = std::span(ids).first(std::min(ids.size(), question.ask.limit));
  std::vector<std::string> page(first.begin(), first.end());
  const bool is_whole = page.size() == ids.size();
  context_.walks().keep(question.walk, std::exchange(ids, std::move(page)), is_last);
  is_last = is_last && is_whole;
}

void Listing::stop() {
  is_stopped_ = true;
  for (Question& question : thread_.stop()) refuse(question);
  for (Question& question : std::exchange(looking_, {})) refuse(question);
  for (Question& question : std::exchange(waiting_, {})) refuse(question);
}

void Listing::refuse(Question& question) {
  question.page.code = Code::draining;
  answer(std::move(question));
}

}  // namespace tote
