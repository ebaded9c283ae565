// The checks that one request passes on its way to what is to be done, for those who read what a route asks. Each step
// is false when it has put a problem into `out`.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "adapters/http/decode.h"
#include "adapters/http/reading.h"
#include "adapters/http/request_headers.h"

namespace tote::http {

struct Decoder {
  const Message& message;
  const Target& target;
  const RouteMatch& match;
  const DecodeOptions& options;
  JsonDocument& json;
  Decoded& out;

  void run();

  // -- steps for readers, all of `out.request` but kind and entity is read already
  bool refuse(Problem problem);
  bool allow(Role needed);  // who asks has it
  bool read_id(std::size_t parameter, std::string& into);
  bool check_query();    // there is none
  bool check_no_body();  // the same
  bool check_empty() { return check_query() && check_no_body(); }
  bool read_state();  // of the entity, or what was asked of it: no body, perhaps If-None-Match
  bool parse_body(Body body);
  bool refuse_body();  // what the JSON reader found
  void ask(Command question);
  // One integer of the query; `into` keeps its value when the query doesn't have it.
  bool read_number(std::string_view name, std::string_view value, std::int64_t min, std::int64_t max,
                   std::int64_t& into);
  bool refuse_parameter(std::string_view name);
  bool check_once(std::string_view name, std::string_view rest);  // the rest of the query hasn't that parameter again

  // Calls take(name, value) for each parameter of the query; which of two of one name is meant nobody can tell.
  template <class Take>
  bool each_parameter(const Take& take_one) {
    std::string_view rest = target.query;
    while (!rest.empty()) {
      const std::string_view one = rest.substr(0, rest.find('&'));
      rest.remove_prefix(std::min(rest.size(), one.size() + 1));
      const auto equals = one.find('=');
      const std::string_view value = equals == std::string_view::npos ? std::string_view{} : one.substr(equals + 1);
      const std::string_view name = one.substr(0, equals);
      if (!take_one(name, value) || !check_once(name, rest)) return false;
    }
    return true;
  }

 private:
  template <class T>
  bool take(Read<T>&& read, T& into) {
    if (read.problem) return refuse(std::move(*read.problem));
    into = std::move(read.value);
    return true;
  }
  bool find_route();
  bool read_key();
  bool read_conditions();
  bool read_change_conditions();
  bool read_read_conditions();
};

// What routes have in common (Route::read), beside read_entity (routes.h).
bool read_history(Decoder& decoder);  // of the entity: after_version, limit

}  // namespace tote::http
