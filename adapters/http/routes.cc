#include "adapters/http/routes.h"

#include <vector>

namespace tote::http {
namespace {

constexpr auto table = std::to_array<Route>({
    {Method::put, "/v1/wallets/{id}", Endpoint::wallet_open, true},
    {Method::get, "/v1/wallets/{id}", Endpoint::wallet_read, true},
    {Method::post, "/v1/wallets/{id}/credits", Endpoint::wallet_credit, true},
    {Method::post, "/v1/wallets/{id}/debits", Endpoint::wallet_debit, true},
    {Method::post, "/v1/wallets/{id}/holds", Endpoint::wallet_hold, true},
    {Method::post, "/v1/wallets/{id}/holds/{hold}/capture", Endpoint::wallet_capture, true},
    {Method::post, "/v1/wallets/{id}/holds/{hold}/release", Endpoint::wallet_release, true},
    {Method::get, "/v1/wallets/{id}/history", Endpoint::wallet_history, true},
    {Method::put, "/v1/items/{id}", Endpoint::item_open, true},
    {Method::get, "/v1/items/{id}", Endpoint::item_read, true},
    {Method::post, "/v1/items/{id}/restocks", Endpoint::item_restock, true},
    {Method::post, "/v1/items/{id}/picks", Endpoint::item_pick, true},
    {Method::post, "/v1/items/{id}/reservations", Endpoint::item_reserve, true},
    {Method::post, "/v1/items/{id}/reservations/{reservation}/commit", Endpoint::item_commit, true},
    {Method::post, "/v1/items/{id}/reservations/{reservation}/release", Endpoint::item_release, true},
    {Method::get, "/v1/items/{id}/history", Endpoint::item_history, true},
    {Method::put, "/v1/matches/{id}", Endpoint::match_open, true},
    {Method::get, "/v1/matches/{id}", Endpoint::match_read, true},
    {Method::post, "/v1/matches/{id}/bookings", Endpoint::match_book, true},
    {Method::get, "/v1/matches/{id}/bookings/{player}", Endpoint::match_booking, true},
    {Method::delete_, "/v1/matches/{id}/bookings/{player}", Endpoint::match_cancel, true},
    {Method::post, "/v1/matches/{id}/waitlist", Endpoint::match_join, true},
    {Method::delete_, "/v1/matches/{id}/waitlist/{player}", Endpoint::match_leave, true},
    {Method::get, "/v1/matches/{id}/history", Endpoint::match_history, true},
    {Method::get, "/v1/matches/{id}/players", Endpoint::match_players, true},
    {Method::put, "/v1/passes/{id}", Endpoint::pass_open, true},
    {Method::get, "/v1/passes/{id}", Endpoint::pass_read, true},
    {Method::post, "/v1/passes/{id}/revoke", Endpoint::pass_revoke, true},
    {Method::post, "/v1/transfers", Endpoint::transfer, true},
    {Method::post, "/v1/transactions", Endpoint::transaction, true},
    {Method::post, "/v1/batch", Endpoint::batch, true},
    {Method::post, "/v1/orders", Endpoint::order_place, true},
    {Method::get, "/v1/orders/{id}", Endpoint::order_read, true},
    {Method::get, "/v1/sagas/{saga}", Endpoint::saga_read, true},
    {Method::post, "/v1/sagas/{saga}/retry", Endpoint::saga_retry, true},
    {Method::post, "/v1/sagas/{saga}/skip", Endpoint::saga_skip, true},
    {Method::get, "/v1/refunds", Endpoint::refunds_read, true},
    {Method::post, "/v1/refunds/{id}/retry", Endpoint::refund_retry, true},
    {Method::post, "/v1/payments/resume", Endpoint::payments_resume, true},
    {Method::put, "/test-gateway/balance", Endpoint::gateway_balance, true},
    {Method::get, "/test-gateway/charges", Endpoint::gateway_charges, true},
    {Method::get, "/test-gateway/refunds", Endpoint::gateway_refunds, true},
    {Method::get, "/v1/log", Endpoint::log, true},
    {Method::get, "/v1/projection", Endpoint::projection, true},
    {Method::get, "/v1/outcomes/{key}", Endpoint::outcome, true},
    {Method::get, "/livez", Endpoint::live, false},
    {Method::get, "/readyz", Endpoint::ready, false},
    {Method::get, "/metrics", Endpoint::metrics, false},
    {Method::get, "/version", Endpoint::version, false},
    {Method::get, "/openapi.json", Endpoint::openapi, false},
    {Method::get, "/problems/{code}", Endpoint::problem_page, false},
    {Method::get, "/", Endpoint::home, false},
});

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

constexpr std::array<Segments, table.size()> split_patterns() {
  auto at = [](std::size_t i) { return Segments(table[i].pattern); };
  return [&]<std::size_t... I>(std::index_sequence<I...>) { return std::array<Segments, table.size()>{at(I)...}; }
  (std::make_index_sequence<table.size()>{});
}

constexpr auto patterns = split_patterns();

bool matches(const Segments& pattern, const Segments& path, RouteMatch& match) {
  if (pattern.count != path.count) return false;
  std::size_t parameters = 0;
  for (std::size_t i = 0; i < pattern.count; ++i) {
    if (is_parameter(pattern.parts[i]))
      match.raw[parameters++] = path.parts[i];
    else if (pattern.parts[i] != path.parts[i])
      return false;
  }
  return true;
}

std::string_view allow_of(bool get, bool put, bool post, bool remove) {
  if (get && put) return "GET, HEAD, PUT";
  if (get) return "GET, HEAD";
  if (put) return "PUT";
  if (post) return "POST";
  return remove ? "DELETE" : "";
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::span<const Route> routes() { return table; }

Target split_target(std::string_view target) {
  // Absolute form (RFC 9112 §3.2.2): what stands before the path was the way to this server.
  if (const auto scheme = target.find("://"); scheme != std::string_view::npos && scheme < target.find('/')) {
    const auto path = target.find('/', scheme + 3);
    target = path == std::string_view::npos ? std::string_view("/") : target.substr(path);
  }
  const auto question = target.find('?');
  if (question == std::string_view::npos) return {target, {}};
  return {target.substr(0, question), target.substr(question + 1)};
}

RouteMatch match_route(Method method, std::string_view path) {
  const Segments segments(path);
  if (segments.count == 0) return {};
  const Method wanted = method == Method::head ? Method::get : method;
  bool get = false, put = false, post = false, remove = false;
  for (std::size_t i = 0; i < table.size(); ++i) {
    RouteMatch match;
    if (!matches(patterns[i], segments, match)) continue;
    if (table[i].method == wanted) {
      match.route = &table[i];
      return match;
    }
    get |= table[i].method == Method::get;
    put |= table[i].method == Method::put;
    post |= table[i].method == Method::post;
    remove |= table[i].method == Method::delete_;
  }
  RouteMatch none;
  none.allow = allow_of(get, put, post, remove);
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
