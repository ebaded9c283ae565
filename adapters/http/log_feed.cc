#include "adapters/http/log_feed.h"

#include "adapters/http/record_json.h"
#include "wal/log_time.h"

namespace tote::http {
namespace {

void append_line(std::string& out, LogFeed::Form form, Lsn lsn, const wal::Record& record, const Kinds& kinds) {
  if (form == LogFeed::Form::events)
    out.append("id: ").append(std::to_string(lsn.value)).append("\nevent: record\ndata: ");
  append_record(out, lsn, record, kinds);
  out.append(form == LogFeed::Form::events ? "\n\n" : "\n");
}

}  // namespace

LogFeed::LogFeed(const wal::LogReader& log, Kinds kinds)
    : log_(log),
      kinds_(std::move(kinds)),
      thread_("tote-feed", waiting_max, [this](Question&& question) { question.done(read(question)); }) {}

LogFeed::~LogFeed() {
  for (Question& question : thread_.stop()) question.done({Code::overloaded, {}, question.after});
}

// False: it is in the archive, or can't be told. An empty page when all records are older.
bool LogFeed::find_time(Question& question, Page& page) const {
  const auto [found, damage] = wal::first_record_since(log_, *question.from, log_.durable());
  if (!damage.is_none()) {
    page.code = Code::log_damaged;
    page.damaged = damage.lsn;
    return false;
  }
  question.after = {found.value - 1};
  page.found = found;
  return true;
}

LogFeed::Page LogFeed::read(Question& question) const {
  constexpr std::size_t records_a_look = 1'024;  // at the clock
  Page page;
  if (Clock::now() >= question.ends_at) {
    page.code = Code::deadline_exceeded;
    return page;
  }
  if (question.from && !find_time(question, page)) return page;
  page.to = question.after;
  const Lsn last = std::min(log_.durable(), Lsn{question.after.value + log_scanned_max});
  if (last <= question.after) return page;
  // What was taken from the log is read with other means: a feed would bring all of the archive from the disk.
  if (question.after.next() < log_.untrimmed()) {
    page.code = Code::trimmed;
    page.damaged = log_.untrimmed();
    return page;
  }
  std::size_t records = 0, looked = 0;
  const wal::Damage damage = log_.read(question.after.next(), last, [&](Lsn lsn, const wal::Record& record) {
    page.to = lsn;
    if (++looked % records_a_look == 0 && Clock::now() >= question.ends_at) page.code = Code::deadline_exceeded;
    if (page.code != Code::ok) return false;
    if (!question.tenant.empty() && record.tenant != question.tenant) return true;
    append_line(page.text, question.form, lsn, record, kinds_);
    return ++records < question.limit && page.text.size() < log_page_bytes_max;
  });
  if (!damage.is_none()) {
    page.code = Code::log_damaged;
    page.damaged = damage.lsn;
  }
  return page;
}

}  // namespace tote::http
