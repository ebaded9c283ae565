// A thread that answers questions one after the other, beside the loop: started by the first, with a bound on those
// that wait.
#pragma once

#include <pthread.h>

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

namespace tote {

template <class Question>
class QuestionThread {
 public:
  // `answer` runs on the thread. `name` has at most 15 characters, as the kernel has it.
  QuestionThread(const char* name, std::size_t waiting_max, std::function<void(Question&&)> answer)
      : name_(name), waiting_max_(waiting_max), answer_(std::move(answer)) {}
  QuestionThread(const QuestionThread&) = delete;
  QuestionThread& operator=(const QuestionThread&) = delete;
  ~QuestionThread() { stop(); }

  // False: too many are waiting, or it was stopped. Any thread.
  bool ask(Question question) {
    const std::lock_guard lock(mutex_);
    if (stopped_ || waiting_.size() >= waiting_max_) return false;
    waiting_.push_back(std::move(question));
    if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
    changed_.notify_one();
    return true;
  }

  // Those that wait are given back. Returns when the one that is being answered is.
  std::deque<Question> stop() {
    std::deque<Question> left;
    {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
      left = std::exchange(waiting_, {});
      changed_.notify_one();
    }
    if (thread_.joinable()) thread_.join();
    return left;
  }

 private:
  void run() {
    pthread_setname_np(pthread_self(), name_);
    for (std::unique_lock lock(mutex_);;) {
      changed_.wait(lock, [this] { return stopped_ || !waiting_.empty(); });
      if (stopped_) return;
      Question question = std::move(waiting_.front());
      waiting_.pop_front();
      lock.unlock();
      answer_(std::move(question));
      lock.lock();
    }
  }

  const char* const name_;
  const std::size_t waiting_max_;
  const std::function<void(Question&&)> answer_;
  std::mutex mutex_;  // hand-over only
  std::condition_variable changed_;
  std::deque<Question> waiting_;
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace tote
