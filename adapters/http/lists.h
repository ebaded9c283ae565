// Lists of entities in the order of their ids (API.md, Lists): the engine says which ids there are, they are looked at
// some at a time, and the page is made into text beside the loop.
#pragma once

#include <cstddef>
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
  std::string_view name{};                                   // "order:", before each id
  Command (*question)() = nullptr;                           // as which they are seen; null: as they tell themselves
  bool (*is_hidden)(std::string_view answer) = nullptr;      // it has an id, and isn't what the list is of
  ScriptPtr (*index)(const ListAsk&, IdsAsk ids) = nullptr;  // finds the ids, where the kind keeps them in order …
  bool (*read_index)(std::string_view answer, IdsPage& page, std::string& next) = nullptr;  // … and what it found
};

struct ListAsk {
  std::string_view member{};  // of the answer: "wallets"
  std::vector<ListSource> sources{};
  std::string after{}, prefix{}, status{};
  std::string player{};  // of those with an index
  std::size_t limit = list_limit;
};

// Reads after, limit, prefix and, where there are `statuses`, status; player where there is an index. False: it has put
// a problem into the decoder.
bool read_list(Decoder& decoder, std::string_view member, std::vector<ListSource> sources,
               std::vector<std::string_view> statuses);

// Loop thread. `done` gets an outcome whose answer is the body, or a refusal.
void run_list(Engine& engine, Tenant tenant, ListAsk ask, const Kinds& kinds, Renderer& renderer,
              std::function<void(Outcome&)> done);

}  // namespace tote::http
