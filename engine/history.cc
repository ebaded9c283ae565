#include "engine/history.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "wal/state_row.h"

namespace tote {

HistoryReader::HistoryReader(const wal::LogReader& log, const wal::StateStore* rows, std::function<void()> wake)
    : log_(log), rows_(rows), wake_(std::move(wake)), thread_("tote-history", waiting_max, [this](Question&& question) {
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
  History& page = question.answer;
  if (question.to == Lsn{}) find_row(question);
  if (page.code == Code::not_found) return;
  Bookmark at = find_bookmark(question);
  if (page.damage.is_none() && wait_for(question.to)) read(question, at);
  const bool is_trimmed = !page.damage.is_none() && page.damage.lsn != Lsn{} && page.damage.lsn < log_.first();
  if (is_trimmed) page.code = Code::trimmed, page.damage.lsn = log_.first();
  if (stopped_) page.code = Code::draining;
  if (!page.damage.is_none() && !is_trimmed) page.code = Code::log_damaged;
  if (page.code == Code::ok) return keep_bookmark(std::move(at));
  page.entries.clear();
  page.next = {};
}

// An entity at rest isn't fetched for who looks at what it was.
void HistoryReader::find_row(Question& question) const {
  const std::string key = wal::state_key(question.tenant, question.kind->id(), question.id);
  rows_->find({&key, 1}, [&question](std::size_t, const wal::FoundRow& found) {
    question.answer.damage = found.damage;
    if (found.row != nullptr)
      question.from = found.row->first, question.to = found.row->lsn;
    else if (found.damage.is_none())
      question.answer.code = Code::not_found;
  });
}

bool HistoryReader::wait_for(Lsn lsn) const {
  while (log_.durable() < lsn && !stopped_.load(std::memory_order_relaxed))
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  return !stopped_.load(std::memory_order_relaxed);
}

// Applies the entity's events again, one by one, from where a bookmark lies or from its beginning.
void HistoryReader::read(Question& question, Bookmark& at) {
  History& page = question.answer;
  Trail& trail = at.trail;
  const AnyEntity& entity = *at.it.entity;
  if (trail.end() < question.to) {
    page.damage = trail.extend(log_, at.it, std::max(trail.end(), entity.lsn), question.to, stopped_);
    if (!page.damage.is_none()) return;
  }
  bool goes_on = true;
  const Lsn from = entity.lsn == Lsn{} ? std::max(question.from, Lsn{1}) : entity.lsn.next();
  if (from <= trail.scanned_to()) goes_on = read_stretch(question, at.it, from, trail.scanned_to());
  for (trail.pass(entity.lsn); goes_on && trail.has_steps(); trail.pass(entity.lsn)) {
    const Trail::Stretch next = trail.next();
    const Lsn before = entity.lsn;
    goes_on = read_stretch(question, at.it, next.from, next.to);
    if (goes_on && entity.lsn == before) {
      page.damage = {next.from, question.id + " isn't changed by the record that the next change of it names"};
      return;
    }
  }
  if (!page.entries.empty()) page.lsn = page.entries.back().lsn;
  if (!goes_on && entity.lsn < question.to) page.next = entity.version;
}

bool HistoryReader::read_stretch(Question& question, Inhabitant& it, Lsn from, Lsn to) {
  History& page = question.answer;
  bool goes_on = true;
  auto damage = log_.read(from, to, [&](Lsn lsn, const wal::Record& record) {
    if (stopped_.load(std::memory_order_relaxed)) return goes_on = false;
    for (const wal::Change& change : record.changes)
      if (it.is_changed_by(record, change)) take(question, it, lsn, record, change);
    return goes_on = page.entries.size() < question.limit && page.damage.is_none();
  });
  if (page.damage.is_none()) page.damage = std::move(damage);
  return goes_on && page.damage.is_none();
}

void HistoryReader::take(Question& question, Inhabitant& it, Lsn lsn, const wal::Record& record,
                         const wal::Change& change) {
  History& page = question.answer;
  const auto tell = [&](std::string_view event) {
    if (change.version <= question.after) return;
    HistoryEntry& entry = page.entries.emplace_back();
    entry.version = change.version;
    entry.lsn = lsn;
    entry.time = record.time;
    entry.key = record.key;
    entry.actor = record.actor;
    entry.events = event;
    it.entity->summarize(entry.answer);
    for (const wal::Change& other : record.changes)
      if (other.kind != change.kind || other.entity != change.entity)
        entry.others.push_back({other.kind, std::string(other.entity)});
  };
  if (const auto found = replay(*it.entity, lsn, change, tell); !found.is_none())
    page.damage = {lsn, question.id + " " + found.text()};
}

HistoryReader::Bookmark HistoryReader::find_bookmark(const Question& question) {
  const auto found = std::find_if(bookmarks_.begin(), bookmarks_.end(), [&](const Bookmark& mark) {
    return mark.it.tenant == question.tenant && mark.it.kind == question.kind && mark.it.id == question.id &&
           mark.it.entity->version <= question.after;
  });
  if (found == bookmarks_.end()) return {{question.tenant, question.kind, question.id, question.kind->make()}, {}};
  Bookmark mark = std::move(*found);
  bookmarks_.erase(found);
  return mark;
}

void HistoryReader::keep_bookmark(Bookmark at) {
  bookmarks_.push_back(std::move(at));
  if (bookmarks_.size() > bookmarks_max) bookmarks_.pop_front();
}

}  // namespace tote
