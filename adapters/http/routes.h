// What the API answers: a row a route. Each resource has a file (routes_wallets.cc …) with its table of rows, the
// readers of what they ask, and beside each row what the OpenAPI document says of it. routes.cc finds the row of a
// request.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "adapters/http/answers.h"
#include "adapters/http/role.h"
#include "adapters/http/words.h"
#include "engine/kernel/any_entity.h"

namespace tote::http {

struct Decoder;  // decoder.h
struct Reading;  // reading.h
struct Serving;  // serving.h

bool read_entity(Decoder& decoder);  // ids; a change's body, or nothing
extern const Serving by_engine;      // serving.h

enum class Body : std::uint8_t {
  none,
  required,
  optional,  // an empty one means {}
};

struct Route {
  Method method{};
  std::string_view pattern{};  // {name} stands for one segment
  KindId kind = 0;             // of the entity that is asked; its id is the first parameter
  // Of a change of entities: reads the command. Null: their state is asked for.
  void (*command)(Reading& reading) = nullptr;
  std::string (*body_schema)() = nullptr;  // of what is written once, as the command's members (asked.h)
  Body body = Body::required;              // of a change
  bool is_of_one_entity = true;            // a path with a parameter names it: If-Match is about its version
  bool (*read)(Decoder&) = read_entity;
  const Serving* serving = &by_engine;
  Append append = append_answer;  // the outcome as a body
  bool needs_token = true;
  std::optional<Role> role{};   // that it needs, whatever it says; without: reader for GET, else writer
  std::string_view document{};  // the operation, in the short form of openapi_parts.h
};

// A resource's table. A row that lacks something doesn't compile.
template <std::size_t N>
consteval std::array<Route, N> table_of(const Route (&rows)[N]) {
  for (const Route& row : rows)
    if (!row.pattern.starts_with('/') || !row.document.starts_with('{')) throw "a route needs a pattern and a document";
  return std::to_array(rows);
}

// All rows, in the order of the document.
std::span<const Route> routes();

struct RouteMatch {
  static constexpr std::size_t parameters_max = 2;

  const Route* route = nullptr;                        // null: nothing has this path, or not with this method
  std::array<std::string_view, parameters_max> raw{};  // parameters, percent-encoded, views into the path
  std::size_t parameters = 0;
  std::string_view allow{};  // for 405: the methods of this path; empty: 404
};

// The least role that may use the route.
constexpr Role role_of(const Route& route) {
  return route.role.value_or(route.method == Method::get ? Role::reader : Role::writer);
}

// HEAD is matched as GET.
RouteMatch match_route(Method method, std::string_view path);

// False when an escape isn't %XX.
bool percent_decode(std::string_view raw, std::string& out);

}  // namespace tote::http
