// actors/reference/reference.h: what bets named: sports, categories, tournaments, events, competitors. All of one type
// are one entity, whose id is the type: a bet touches five of them however long it is, and a list is one read.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/kernel/by_members.h"
#include "engine/kernel/entity.h"
#include "engine/kernel/ordered_map.h"

namespace tote {

struct Reference {
  static constexpr KindId kind_id = 10;
  static constexpr bool is_one_of_tenant = true;  // one a type
  static constexpr std::string_view kind = "reference", event_names[] = {"seen"};
  static constexpr std::string_view types[] = {"sport", "category", "tournament", "event", "competitor"};
  static constexpr std::size_t count_max = 100'000'000;  // of a type; beyond, new ones aren't kept, and bets go on
  static constexpr std::size_t name_bytes_max = 256;     // of UTF-8; a longer one is cut

  struct Entry {
    std::string name{};  // empty: nobody said one yet
    Time first_seen{};
    std::int64_t version = 0;
    static constexpr void members(auto&& is) {
      is("name", &Entry::name), is("first_seen", &Entry::first_seen), is("version", &Entry::version);
    }
  };
  struct Named {
    std::string id{}, name{};
    static constexpr void members(auto&& is) { is("id", &Named::id), is("name", &Named::name, {.may_lack = true}); }
  };
  struct State {
    OrderedMap<std::string, Entry> entries{};
    static constexpr void members(auto&& is) { is("entries", &State::entries); }
  };

  // Command and event: these were named. Of a command what is known already is passed over; a name is taken when it is
  // the first that anybody says.
  struct Seen {
    std::vector<Named> named{};
    Time at{};
    static constexpr void members(auto&& is) { is("named", &Seen::named), is("at", &Seen::at); }
  };
  using Command = Seen;
  using Event = Seen;

  static Decision<Event> decide(const State& references, const Command& command, Time now);
  static void apply(State& references, const Event& event);
  static bool check(const State& references) { return references.entries.size() <= count_max; }
  static bool fits(const State& references, const Event& event);

  // A page of the list: after this id, so many; or one of them.
  struct Question {
    std::string after{};
    std::size_t limit = 100;
    std::string one{};  // not empty: this one
  };
  static void answer(const State& references, const Command* command, std::string& out);  // how many there are
  static void answer(const State& references, const Question& question, std::string& out);
  static bool describe_answer(std::string_view id, std::string_view answer, Fields& fields);
  static void summarize(const State& references, std::string& out) { answer(references, nullptr, out); }
  static bool is_type(std::string_view type);
  static bool is_empty(std::string_view answer);  // of a question: there is no such one

  // What it says to the world. Other entities' indexes (of bets) are told to nobody.
  static void tell(std::string_view type, const Event& event, Fields& fields);
  static std::span<const Table> tables();
  static void rows(std::string_view type, const State& references, std::span<const Event> events, RowWriter& out);

  // The id of one that is known by its name only: readable, and another for another name.
  static std::string id_of_name(std::string_view name);
};

}  // namespace tote
