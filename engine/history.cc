#include "engine/history.h"

#include <algorithm>

namespace tote {

HistoryReader::HistoryReader(const wal::LogReader& log, std::function<void()> wake)
    : log_(log), wake_(std::move(wake)), thread_("tote-history", waiting_max, [this](Question&& question) {
        answer(question);
        {
          const std::lock_guard lock(mutex_);
          answered_.push_back(std::move(question));
        }
        wake_();
      }) {}

std::vector<HistoryReader::Question> HistoryReader::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(answered_, {});
}

void HistoryReader::stop() {
  stopped_ = true;
  for (Question& question : thread_.stop()) {
    question.answer.code = Code::draining;
    const std::lock_guard lock(mutex_);
    answered_.push_back(std::move(question));
  }
}

void HistoryReader::answer(Question& question) {
  Inhabitant at = find_bookmark(question);
  History& page = question.answer;
  read(question, at);
  if (stopped_) page.code = Code::draining;
  if (!page.damage.is_none()) page.code = Code::log_damaged;
  if (page.code == Code::ok) return keep_bookmark(std::move(at));
  page.entries.clear();
  page.next = {};
}

// Applies the entity's events again, one by one, from where a bookmark lies or from its beginning.
void HistoryReader::read(Question& question, Inhabitant& at) {
  History& page = question.answer;
  const Lsn from = at.entity->lsn == Lsn{} ? question.from : at.entity->lsn.next();
  const auto take = [&](Lsn lsn, const wal::Record& record, const wal::Change& change) {
    const auto tell = [&](std::string_view event) {
      if (change.version <= question.after) return;
      HistoryEntry& entry = page.entries.emplace_back();
      entry.version = change.version;
      entry.lsn = lsn;
      entry.time = record.time;
      entry.key = record.key;
      entry.events = event;
      at.entity->summarize(entry.answer);
      for (const wal::Change& other : record.changes)
        if (other.kind != change.kind || other.entity != change.entity)
          entry.others.push_back({other.kind, std::string(other.entity)});
    };
    if (const auto found = replay(*at.entity, lsn, change, tell); !found.is_none())
      page.damage = {lsn, question.id + " " + found.text()};
  };
  bool stopped_early = false;
  if (from <= question.to) {
    auto damage = log_.read(from, question.to, [&](Lsn lsn, const wal::Record& record) {
      if (stopped_.load(std::memory_order_relaxed)) return false;
      for (const wal::Change& change : record.changes)
        if (at.is_changed_by(record, change)) take(lsn, record, change);
      stopped_early = page.entries.size() >= question.limit;
      return !stopped_early && page.damage.is_none();
    });
    if (page.damage.is_none()) page.damage = std::move(damage);
  }
  if (!page.entries.empty()) page.lsn = page.entries.back().lsn;
  if (stopped_early && at.entity->lsn < question.to) page.next = at.entity->version;
}

Inhabitant HistoryReader::find_bookmark(const Question& question) {
  const auto found = std::find_if(bookmarks_.begin(), bookmarks_.end(), [&](const Inhabitant& mark) {
    return mark.tenant == question.tenant && mark.kind == question.kind && mark.id == question.id &&
           mark.entity->version <= question.after;
  });
  if (found == bookmarks_.end()) return {question.tenant, question.kind, question.id, question.kind->make()};
  Inhabitant mark = std::move(*found);
  bookmarks_.erase(found);
  return mark;
}

void HistoryReader::keep_bookmark(Inhabitant at) {
  bookmarks_.push_back(std::move(at));
  if (bookmarks_.size() > bookmarks_max) bookmarks_.pop_front();
}

}  // namespace tote
