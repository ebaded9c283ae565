// Text that is too large to be made on the loop: it is made on a thread beside it.
#pragma once

#include <functional>
#include <list>
#include <memory>

#include "engine/question_thread.h"

namespace tote::http {

// Loop thread only, but for the work itself.
class Renderer {
 public:
  // Runs work on the loop thread; called on the renderer's thread.
  using Post = std::function<void(std::function<void()>)>;

  explicit Renderer(Post post);
  Renderer(const Renderer&) = delete;
  Renderer& operator=(const Renderer&) = delete;
  ~Renderer() { stop(); }

  // `work` runs on the thread, then `done` on the loop. What both use must live as long as they do.
  void ask(std::function<void()> work, std::function<void()> done);
  // `done` of everything that is under way is called now, whether its work was done or not.
  void stop();

 private:
  struct Job {
    std::function<void()> work, done;
  };
  using JobPtr = std::shared_ptr<Job>;
  static constexpr std::size_t waiting_max = 1'024;  // beyond: on the loop; who asks has a smaller bound of its own

  void finish(const JobPtr& job);

  Post post_;
  std::list<JobPtr> jobs_;  // asked and not finished, a few dozen at most
  QuestionThread<JobPtr> thread_;
};

}  // namespace tote::http
