// Lists of entities in the order of their ids (API.md, Lists): the engine says which ids there are, they are looked at
// some at a time, and the page is made into text beside the loop.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/http/renderer.h"
#include "engine/tote.h"

namespace tote::http {

struct Decoder;  // decoder.h

inline constexpr std::int64_t list_limit_max = 1'000;
inline constexpr std::int64_t list_limit = 100;
inline constexpr std::size_t list_bytes_max = std::size_t{4} << 20;  // of what is shown; beyond, the page is shorter
inline constexpr std::size_t list_looked_max = 2'000;  // entities that a page with a filter looks at; then it is short

struct ListAsk;

// Where the entities of a list are: one kind, or several whose ids are told with a name before them, in that order.
struct ListSource {
  KindId kind = 0;
  std::string_view name{};                               // "order:", before each id
  Command (*question)() = nullptr;                       // as which they are seen; null: as they tell themselves
  std::string_view alerted_status{};                     // whose entities all have an alert: only those are looked at
  bool (*is_hidden)(std::string_view answer) = nullptr;  // it has an id, and isn't what the list is of
  ScriptPtr (*index)(const ListAsk&, IdsAsk ids) = nullptr;  // finds the ids, where the kind keeps them in order …
  bool (*read_index)(std::string_view answer, IdsPage& page, std::string& next) = nullptr;  // … and what it found
};

struct ListAsk {
  std::string_view member{};  // of the answer: "wallets"
  std::vector<ListSource> sources{};
  std::string after{}, prefix{}, status{};
  std::string player{};  // of those with an index
  std::size_t limit = list_limit;
  std::chrono::steady_clock::time_point ends_at = std::chrono::steady_clock::time_point::max();  // late: no page
};

// Reads after, limit, prefix and, where there are `statuses`, status; player where there is an index. False: it has put
// a problem into the decoder.
bool read_list(Decoder& decoder, std::string_view member, std::vector<ListSource> sources,
               std::vector<std::string_view> statuses);

// Lists between their request and their answer. So many at once look at entities, some dozens each a turn; who else
// asks waits, and of those the first of the tenant that has least is next. How many may wait is the door's
// (Shared::pages). Loop thread only.
class ListRuns {
 public:
  static constexpr std::size_t at_once = 8;
  using Done = std::function<void(Outcome&)>;

  // All of it must live longer.
  ListRuns(Engine& engine, const Kinds& kinds, Renderer& renderer)
      : engine_(engine), kinds_(kinds), renderer_(renderer) {}

  // `done` gets an outcome whose answer is the body, or a refusal.
  void start(Tenant tenant, ListAsk ask, Done done);
  // Who waits is told `draining`. When nothing is written to them any more.
  void stop();

 private:
  struct Waiting {
    Tenant tenant{};
    ListAsk ask{};
    Done done{};
  };

  void go_on();
  Waiting take_next();

  Engine& engine_;
  const Kinds& kinds_;
  Renderer& renderer_;
  std::deque<Waiting> waiting_;
  std::vector<Tenant> running_;  // whose
  bool is_going_on_ = false;
};

}  // namespace tote::http
