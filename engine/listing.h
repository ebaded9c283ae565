// Ids of one kind in their order, a page at a time, however many there are. Nobody keeps them in that order in memory:
//
//   loop     all slots are looked through, a segment a turn, for the first few behind `after`
//   thread   the rows on disk are in the order of their ids: the first few behind `after`
//
// and what both have is the page. The slots first: an entity that has left the memory since then was on disk before it
// left, and one that was away has its row for ever. So whoever existed when the look began is met, wherever it moves
// meanwhile; who came since isn't looked at, because its record may not be durable yet. Some of those who ask share a
// look, of each tenant one before a second of any: a turn's work has a bound, and nobody waits for all of another's.
// Who asks for the page behind another one is likely to ask for the one behind that: what its look finds is for all of
// them (engine/walks.h).
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "engine/context.h"
#include "engine/ids_page.h"
#include "engine/question_thread.h"
#include "wal/state_store.h"

namespace tote {

class Listing {
 public:
  // More than a door has places for (adapters/http/server.h, pages_max): there, each tenant has its share of them.
  static constexpr std::size_t waiting_max = 1'024;
  static constexpr std::size_t ids_max = 10'000;  // of a page
  // That share a look. Each of a segment's slots is compared with each question, some 2 600 slots a turn.
  static constexpr std::size_t together_max = 8;

  struct Question {
    Tenant tenant{};
    std::string tenant_name{};
    IdsAsk ask{};
    std::function<void(IdsPage&)> done{};  // on the loop
    IdsPage page{};
    wal::Damage damage{};  // that was met
    const Kind* kind = nullptr;
    std::vector<std::string> found{};
    std::size_t wanted = 0;   // ids; more than are asked for when others are for the pages after
    bool is_bounded = false;  // found[wanted] is the greatest that may still be of the page
    Walks::Number walk = 0;   // whose they are then
  };

  // `wake`: from the thread, when take() has something.
  Listing(Context& context, const wal::StateStore* rows, std::function<void()> wake);

  // -- loop thread
  // False: too many are waiting.
  bool ask(Question question);
  bool wants_turn() const { return !looking_.empty() || !waiting_.empty(); }
  void turn();
  std::vector<Question> take();  // those that are answered
  // All that is under way, refused as draining, is there for take(). Returns when the thread has ended.
  void stop();

 private:
  bool is_walked(Question& question);
  void begin();
  void look(const Slot& slot);
  void read_rows(Question& question) const;
  void answer(Question&& question);
  void refuse(Question& question);
  void cut_page(Question& question);

  Context& context_;
  const wal::StateStore* const rows_;  // null: there are none
  const std::function<void()> wake_;
  std::vector<Question> waiting_, looking_;
  std::uint64_t cursor_ = 0;        // of the look that is under way
  std::vector<const Slot*> slots_;  // scratch
  std::size_t under_way_ = 0;
  bool is_stopped_ = false;
  std::mutex mutex_;  // hand-over only
  std::vector<Question> answered_;
  QuestionThread<Question> thread_;
};

}  // namespace tote
