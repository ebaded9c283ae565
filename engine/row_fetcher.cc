#include "engine/row_fetcher.h"

#include <pthread.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "engine/row_entity.h"

namespace tote {

void RowFetcher::send() {
  if (asked_.empty()) return;
  if (!has_threads_) {
    const auto asked = std::exchange(asked_, {});
    for (Answer& one : answer(asked)) answers_.push_back(std::move(one));
    has_answers_.store(!answers_.empty(), std::memory_order_release);
    return;
  }
  const std::lock_guard lock(mutex_);
  if (stopped_) return;
  for (Question& one : asked_) waiting_.push_back(std::move(one));
  asked_.clear();
  const std::size_t wanted = std::min(threads_max, (waiting_.size() + together_max - 1) / together_max);
  for (std::size_t more = idle_; more < wanted && threads_.size() < threads_max; ++more)
    threads_.emplace_back([this] { run(); });
  for (std::size_t woken = 0; woken < wanted; ++woken) changed_.notify_one();
}

std::vector<RowFetcher::Answer> RowFetcher::take(std::size_t count_max) {
  std::vector<Answer> out;
  const std::lock_guard lock(mutex_);
  for (; count_max > 0 && !answers_.empty(); --count_max) {
    out.push_back(std::move(answers_.front()));
    answers_.pop_front();
  }
  has_answers_.store(!answers_.empty(), std::memory_order_relaxed);
  return out;
}

void RowFetcher::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

RowFetcher::Answer RowFetcher::read(Slot* slot, std::string key) const {
  std::vector<Question> one;
  one.push_back({slot, std::move(key), nullptr});
  return std::move(answer(one).front());
}

// In the order of their keys: neighbours lie in one block, which is read and unpacked once.
std::vector<RowFetcher::Answer> RowFetcher::read(std::vector<Slot*> slots,
                                                 const std::function<std::string(const Slot&)>& key_of) const {
  constexpr std::size_t shared_from = 256;  // rows that are worth another thread
  std::vector<Question> questions;
  questions.reserve(slots.size());
  for (Slot* slot : slots) questions.push_back({slot, key_of(*slot), nullptr});
  std::ranges::sort(questions, {}, &Question::key);
  if (!has_threads_ || questions.size() < shared_from) return answer(questions);
  const auto middle = questions.begin() + static_cast<std::ptrdiff_t>(questions.size() / 2);
  const std::vector<Question> others(std::make_move_iterator(middle), std::make_move_iterator(questions.end()));
  questions.erase(middle, questions.end());
  std::vector<Answer> more;
  std::thread thread([&] { more = answer(others); });
  std::vector<Answer> answers = answer(questions);
  thread.join();
  answers.insert(answers.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  return answers;
}

void RowFetcher::run() {
  pthread_setname_np(pthread_self(), "tote-rows");
  std::vector<Question> taken;
  for (std::unique_lock lock(mutex_);;) {
    ++idle_;
    changed_.wait(lock, [this] { return stopped_ || !waiting_.empty(); });
    --idle_;
    if (stopped_) return;
    for (; taken.size() < together_max && !waiting_.empty(); waiting_.pop_front())
      taken.push_back(std::move(waiting_.front()));
    lock.unlock();
    auto answers = answer(taken);
    taken.clear();
    lock.lock();
    if (answers.empty()) continue;
    for (Answer& one : answers) answers_.push_back(std::move(one));
    has_answers_.store(true, std::memory_order_release);
    lock.unlock();
    wake_();
    lock.lock();
  }
}

std::vector<RowFetcher::Answer> RowFetcher::answer(const std::vector<Question>& questions) const {
  std::vector<std::string> keys;
  std::vector<Answer> answers;
  for (const Question& one : questions) {
    if (one.slot == nullptr) continue;
    keys.push_back(one.key);
    answers.push_back({one.slot, nullptr, 0, {}});
  }
  if (keys.empty()) return answers;
  store_->find(keys, [&answers](std::size_t at, const wal::FoundRow& found) {
    Answer& to = answers[at];
    to.damage = found.damage;
    if (found.row == nullptr) return;
    to.state_bytes = found.row->state.size();
    to.entity = to.slot->kind->make();
    if (take_row(*to.entity, *found.row)) return;
    to.entity = nullptr;
    to.damage = {found.row->lsn, "the snapshot of " + std::string(to.slot->kind->name()) + "/" +
                                     std::string(found.row->entity) + " of " + std::string(found.row->tenant) +
                                     " isn't a state of its kind"};
  });
  return answers;
}

}  // namespace tote
