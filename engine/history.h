// How an entity came to be, version by version, read from the log on a thread of its own: the loop only hands over
// questions and takes answers.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "engine/history_entry.h"
#include "engine/question_thread.h"
#include "engine/trail.h"
#include "engine/world.h"
#include "wal/log_reader.h"
#include "wal/state_store.h"

namespace tote {

class HistoryReader {
 public:
  // A question that is waiting or being answered; `answer` is its own to fill.
  struct Question {
    std::string tenant;
    const Kind* kind = nullptr;
    std::string id;
    Version after{};
    std::size_t limit = 0;
    Lsn from{}, to{};  // the entity was created not before; its newest change. 0: its row says it
    std::function<void(History&)> done;
    History answer;
  };

  // `wake` is called on the reader's thread: take() has something.
  HistoryReader(const wal::LogReader& log, const wal::StateStore* rows, std::function<void()> wake);
  HistoryReader(const HistoryReader&) = delete;
  HistoryReader& operator=(const HistoryReader&) = delete;
  ~HistoryReader() { stop(); }

  // False: too many are waiting.
  bool ask(Question question) { return thread_.ask(std::move(question)); }
  // Those that are answered.
  std::vector<Question> take();
  // Those that wait are answered with nothing, as `draining`, and so is the one that is being read.
  void stop();

 private:
  static constexpr std::size_t waiting_max = 64;
  // Entities as of the last page of a history: the next page goes on there instead of at the beginning.
  static constexpr std::size_t bookmarks_max = 16;

  // An entity as of the last page, and where its later changes are.
  struct Bookmark {
    Inhabitant it;
    Trail trail;
  };

  void answer(Question& question);
  void find_row(Question& question) const;
  Bookmark find_bookmark(const Question& question);
  void keep_bookmark(Bookmark at);

  // What is newer than the durable end can't be read yet; it will be in a moment. False: stopped.
  bool wait_for(Lsn lsn) const;
  void read(Question& question, Bookmark& at);
  // False: the page is full, or ends otherwise.
  bool read_stretch(Question& question, Inhabitant& it, Lsn from, Lsn to);
  void take(Question& question, Inhabitant& it, Lsn lsn, const wal::Record& record, const wal::Change& change);

  const wal::LogReader& log_;
  const wal::StateStore* const rows_;
  std::atomic<bool> stopped_{false};
  std::function<void()> wake_;
  std::mutex mutex_;  // guards answered_
  std::vector<Question> answered_;
  std::deque<Bookmark> bookmarks_;  // of the thread
  QuestionThread<Question> thread_;
};

}  // namespace tote
