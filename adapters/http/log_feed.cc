#include "adapters/http/log_feed.h"

#include <pthread.h>

#include "adapters/http/record_json.h"

namespace tote::http {
namespace {

void append_line(std::string& out, LogFeed::Form form, Lsn lsn, const wal::Record& record, const Kinds& kinds) {
  if (form == LogFeed::Form::events)
    out.append("id: ").append(std::to_string(lsn.value)).append("\nevent: record\ndata: ");
  append_record(out, lsn, record, kinds);
  out.append(form == LogFeed::Form::events ? "\n\n" : "\n");
}

}  // namespace

LogFeed::~LogFeed() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    changed_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
  for (Question& question : waiting_) question.done({Code::overloaded, {}, question.after});
}

bool LogFeed::ask(Question question) {
  const std::lock_guard lock(mutex_);
  if (stopped_ || waiting_.size() >= waiting_max) return false;
  waiting_.push_back(std::move(question));
  if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
  changed_.notify_one();
  return true;
}

void LogFeed::run() {
  pthread_setname_np(pthread_self(), "tote-feed");
  for (std::unique_lock lock(mutex_);;) {
    changed_.wait(lock, [this] { return stopped_ || !waiting_.empty(); });
    if (stopped_) return;
    Question question = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    question.done(read(question));
    lock.lock();
  }
}

LogFeed::Page LogFeed::read(const Question& question) const {
  Page page;
  page.to = question.after;
  const Lsn last = std::min(engine_.durable(), Lsn{question.after.value + log_scanned_max});
  if (last <= question.after) return page;
  std::size_t records = 0;
  const bool is_sound = engine_.read_log(question.after.next(), last, [&](Lsn lsn, const wal::Record& record) {
    page.to = lsn;
    if (record.tenant != question.tenant) return true;
    append_line(page.text, question.form, lsn, record, kinds_);
    return ++records < question.limit && page.text.size() < log_page_bytes_max;
  });
  if (!is_sound) page.code = Code::overloaded;
  return page;
}

}  // namespace tote::http
