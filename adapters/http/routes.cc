#include "adapters/http/routes.h"

#include <vector>

#include "adapters/http/resources.h"
#include "engine/kernel/hex.h"

namespace tote::http {
namespace {

// What stands between the slashes. A path of more segments has no route.
struct Segments {
  static constexpr std::size_t count_max = 8;

  std::array<std::string_view, count_max> parts{};
  std::size_t count = 0;  // 0: too many, or no slash in front

  constexpr explicit Segments(std::string_view path) {
    if (path.empty() || path.front() != '/') return;
    for (;;) {
      if (count == count_max) {
        count = 0;
        return;
      }
      path.remove_prefix(1);
      const auto end = path.find('/');
      parts[count++] = path.substr(0, end);
      if (end == std::string_view::npos) return;
      path.remove_prefix(end);
    }
  }
};

constexpr bool is_parameter(std::string_view segment) { return !segment.empty() && segment.front() == '{'; }

// The rows of all resources in one piece, with their patterns split up.
struct Table {
  std::vector<Route> rows;
  std::vector<Segments> patterns;

  Table() {
    for (const auto resource :
         {wallet_routes(), item_routes(), match_routes(), pass_routes(), transaction_routes(), order_routes(),
          refund_routes(), payment_event_routes(), bet_routes(), book_routes(), gateway_routes(), feed_routes(),
          cluster_routes(), backup_routes(), watch_routes(), service_routes()})
      rows.insert(rows.end(), resource.begin(), resource.end());
    for (const Route& row : rows) patterns.emplace_back(row.pattern);
  }
};

const Table& table() {
  static const Table all;
  return all;
}

bool matches(const Segments& pattern, const Segments& path, RouteMatch& match) {
  if (pattern.count != path.count) return false;
  match.parameters = 0;
  for (std::size_t i = 0; i < pattern.count; ++i) {
    if (is_parameter(pattern.parts[i]))
      match.raw[match.parameters++] = path.parts[i];
    else if (pattern.parts[i] != path.parts[i])
      return false;
  }
  return true;
}

// By method, as Allow names them.
constexpr std::array<std::pair<Method, std::string_view>, 5> allowed{{{Method::get, "GET, HEAD"},
                                                                      {Method::put, "PUT"},
                                                                      {Method::patch, "PATCH"},
                                                                      {Method::post, "POST"},
                                                                      {Method::delete_, "DELETE"}}};

// `methods`: a bit each, in the order of `allowed`.
std::string_view allow_of(unsigned methods) {
  static const auto texts = [] {
    std::array<std::string, 1U << allowed.size()> all;
    for (unsigned set = 0; set < all.size(); ++set)
      for (std::size_t i = 0; i < allowed.size(); ++i)
        if ((set >> i & 1U) != 0) all[set].append(all[set].empty() ? "" : ", ").append(allowed[i].second);
    return all;
  }();
  return texts[methods];
}

}  // namespace

std::span<const Route> routes() { return table().rows; }

RouteMatch match_route(Method method, std::string_view path) {
  const Segments segments(path);
  if (segments.count == 0) return {};
  const Method wanted = method == Method::head ? Method::get : method;
  const auto& [rows, patterns] = table();
  unsigned others = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    RouteMatch match;
    if (!matches(patterns[i], segments, match)) continue;
    if (rows[i].method == wanted) {
      match.route = &rows[i];
      return match;
    }
    for (std::size_t method = 0; method < allowed.size(); ++method)
      if (rows[i].method == allowed[method].first) others |= 1U << method;
  }
  RouteMatch none;
  none.allow = allow_of(others);
  return none;
}

bool percent_decode(std::string_view raw, std::string& out) {
  out.clear();
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] != '%') {
      out += raw[i];
      continue;
    }
    if (i + 2 >= raw.size()) return false;
    const int high = hex_value(raw[i + 1]), low = hex_value(raw[i + 2]);
    if (high < 0 || low < 0) return false;
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return true;
}

}  // namespace tote::http
