#include "adapters/http/renderer.h"

namespace tote::http {

Renderer::Renderer(Post post)
    : post_(std::move(post)), thread_("tote-render", waiting_max, [this](JobPtr&& job) {
        job->work();
        post_([this, job = std::move(job)] { finish(job); });
      }) {}

void Renderer::ask(std::function<void()> work, std::function<void()> done) {
  const auto job = std::make_shared<Job>(Job{std::move(work), std::move(done)});
  jobs_.push_back(job);
  if (thread_.ask(job)) return;
  job->work();
  finish(job);
}

void Renderer::finish(const JobPtr& job) {
  jobs_.remove(job);
  if (const auto done = std::exchange(job->done, nullptr)) done();
}

void Renderer::stop() {
  thread_.stop();
  while (!jobs_.empty()) {
    const JobPtr job = jobs_.front();
    finish(job);
  }
}

}  // namespace tote::http
