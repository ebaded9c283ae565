// Lists that are walked page by page (engine/listing.h): what one look has found is kept for the pages after, so that a
// walk over all entities costs a look every ids_max of them, not one a page. Who is made meanwhile wasn't met, and is
// noted: a page of a walk is as complete as one of a look. Nothing is ever deleted, so nobody leaves a walk.
//
// Loop thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/ids_page.h"
#include "engine/slot_table.h"

namespace tote {

class Walks {
 public:
  static constexpr std::size_t ids_max = 10'000;       // that one look finds for the pages after
  static constexpr std::size_t walks_max = 16;         // together some 10 MB; the one that wasn't used for longest goes
  static constexpr std::size_t newcomers_max = 1'024;  // of a walk; with more of them the next page costs a look
  static constexpr std::int64_t unused_max_ns = 30'000'000'000;
  using Number = std::uint64_t;  // of a walk; 0: none

  // A page that a walk has all of, as of an LSN that is durable.
  std::optional<IdsPage> page(Tenant tenant, const IdsAsk& ask, Lsn durable, std::int64_t now_ns);

  // A look for the ids behind `ask.after` begins. 0: too many look at once.
  Number begin(Tenant tenant, const IdsAsk& ask, std::int64_t now_ns);
  // What the look found, sorted; `is_last`: there were no more.
  void keep(Number number, std::vector<std::string> ids, bool is_last);
  void drop(Number number);

  // Whom a look may have missed: made by that record, which may not be durable yet. Nearly always nobody walks.
  void made(Tenant tenant, KindId kind, std::string_view id, Lsn lsn) {
    if (!walks_.empty()) note(tenant, kind, id, lsn);
  }

 private:
  struct Newcomer {
    Lsn lsn;
    std::string id;
  };
  struct Walk {
    Number number;
    Tenant tenant;
    IdsAsk ask;
    std::int64_t used_at_ns;
    bool is_looking = true;
    bool is_last = false;
    std::vector<std::string> ids{};
    std::vector<Newcomer> newcomers{};
  };

  static bool has_all_of(const Walk& walk, Tenant tenant, const IdsAsk& ask);
  static IdsPage page_of(const Walk& walk, const IdsAsk& ask, Lsn durable);
  void note(Tenant tenant, KindId kind, std::string_view id, Lsn lsn);
  void drop_unused(std::int64_t now_ns);
  bool make_room();

  std::list<Walk> walks_;
  Number last_ = 0;
};

}  // namespace tote
