// Those who ask the radar what is hot, until they are answered: a look takes some hundred microseconds and telling it
// not much less, so a turn does one or the other, however many ask at once. Who asks of the same tenant shares a look
// that is made after all of them have asked.
#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <functional>
#include <iterator>
#include <optional>
#include <utility>

#include "engine/radar.h"

namespace tote {

// Loop thread only.
class HotQuestions {
 public:
  static constexpr std::size_t waiting_max = 4'096;
  static constexpr std::size_t told_at_once = 4;

  struct Question {
    std::optional<Tenant> tenant{};  // none: all of them
    std::size_t count_max = 0;
    std::function<void(Code, HotEntities&)> done{};
  };

  // False: too many are waiting.
  bool ask(Question question) {
    if (waiting_.size() + looked_.size() >= waiting_max) return false;
    waiting_.push_back(std::move(question));
    return true;
  }
  bool wants_turn() const { return !waiting_.empty() || !looked_.empty(); }
  // So many have been answered.
  std::size_t turn(const Radar& radar) {
    if (looked_.empty()) {
      if (!waiting_.empty()) look(radar);
      return 0;
    }
    std::size_t told = 0;
    for (; told < told_at_once && !looked_.empty(); ++told) {
      const Question question = std::move(looked_.front());
      looked_.pop_front();
      HotEntities hot{hot_.window_us, {}};
      std::copy_n(hot_.entities.begin(), std::min(question.count_max, hot_.entities.size()),
                  std::back_inserter(hot.entities));
      question.done(Code::ok, hot);
    }
    return told;
  }

 private:
  void look(const Radar& radar) {
    const std::optional<Tenant> tenant = waiting_.front().tenant;
    const auto others = std::stable_partition(waiting_.begin(), waiting_.end(),
                                              [tenant](const Question& one) { return one.tenant == tenant; });
    std::move(waiting_.begin(), others, std::back_inserter(looked_));
    waiting_.erase(waiting_.begin(), others);
    hot_ = radar.hottest(tenant, std::ranges::max(looked_, {}, &Question::count_max).count_max);
  }

  std::deque<Question> waiting_, looked_;
  HotEntities hot_;  // of those who are looked for
};

}  // namespace tote
