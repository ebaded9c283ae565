#include "engine/listing.h"

#include <utility>

namespace tote {
namespace {

bool is_wanted(const IdsAsk& ask, std::string_view id) {
  return id > std::string_view(ask.after) && id.starts_with(ask.prefix);
}

// Keeps one more than is asked for: whether there are more.
template <class Id>
void keep(Listing::Question& question, const Id& id) {
  auto& found = question.found;
  if (found.size() > question.ask.limit && *found.rbegin() < id) return;
  found.emplace(id);
  if (found.size() > question.ask.limit + 1) found.erase(std::prev(found.end()));
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
  waiting_.push_back(std::move(question));
  return true;
}

void Listing::turn() {
  if (looking_.empty()) {
    if (waiting_.empty()) return;
    looking_ = std::exchange(waiting_, {});
    cursor_ = 0;
    for (Question& question : looking_) question.page.as_of = context_.durable();
  }
  const auto next = context_.slots().for_each_from(cursor_, [this](const Slot* slot) { look(*slot); });
  if (next) {
    cursor_ = *next;
    return;
  }
  for (Question& question : std::exchange(looking_, {})) {
    if (is_stopped_) {
      refuse(question);
      continue;
    }
    if (rows_ == nullptr) {
      answer(std::move(question));
      continue;
    }
    const bool is_asked = thread_.ask(std::move(question));
    TOTE_INVARIANT(is_asked);  // it has room for all that may be under way, until stop()
  }
}

void Listing::look(const Slot& slot) {
  for (Question& question : looking_) {
    if (slot.kind->id() != question.ask.kind || slot.tenant != question.tenant) continue;
    if (slot.entity == nullptr || slot.entity->version == Version{} || !is_wanted(question.ask, slot.id)) continue;
    keep(question, slot.id);
  }
}

// Rows that can't be read are never left out in silence.
void Listing::read_rows(Question& question) const {
  const IdsAsk& ask = question.ask;
  std::size_t left = ask.limit + 1;
  const auto damage =
      rows_->each_of(question.tenant_name, ask.kind, std::max(ask.after, ask.prefix), [&](const wal::StateRow& row) {
        if (row.entity > std::string_view(ask.prefix) && !row.entity.starts_with(ask.prefix)) return false;
        if (!is_wanted(ask, row.entity)) return true;
        keep(question, row.entity);
        return --left > 0;
      });
  if (!damage.is_none()) question.page.code = Code::log_damaged;
}

void Listing::answer(Question&& question) {
  auto& [code, ids, is_last, as_of] = question.page;
  is_last = question.found.size() <= question.ask.limit;
  if (!is_last) question.found.erase(std::prev(question.found.end()));
  if (code == Code::ok)
    while (!question.found.empty()) ids.push_back(std::move(question.found.extract(question.found.begin()).value()));
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
  return answered;
}

void Listing::stop() {
  is_stopped_ = true;
  for (Question& question : thread_.stop()) refuse(question);
  for (Question& question : std::exchange(looking_, {})) refuse(question);
  for (Question& question : std::exchange(waiting_, {})) refuse(question);
}

void Listing::refuse(Question& question) {
  question.page.code = Code::draining;
  question.found.clear();
  answer(std::move(question));
}

}  // namespace tote
