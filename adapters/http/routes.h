// The table of everything the door answers. openapi.cc documents each row; a test compares the two.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "adapters/http/message.h"

namespace tote::http {

enum class Endpoint : std::uint8_t {
  wallet_open,
  wallet_read,
  wallet_credit,
  wallet_debit,
  wallet_hold,
  wallet_capture,
  wallet_release,
  wallet_history,
  item_open,
  item_read,
  item_restock,
  item_pick,
  item_reserve,
  item_commit,
  item_release,
  item_history,
  match_open,
  match_read,
  match_book,
  match_cancel,
  match_join,
  match_leave,
  match_history,
  match_players,
  match_booking,
  pass_open,
  pass_read,
  pass_revoke,
  transfer,
  transaction,
  batch,
  order_place,
  order_read,
  saga_read,
  saga_retry,
  saga_skip,
  refunds_read,
  refund_retry,
  payments_resume,
  gateway_balance,
  gateway_charges,
  gateway_refunds,
  log,
  projection,
  outcome,
  live,
  ready,
  metrics,
  version,
  openapi,
  problem_page,
  home,
};

struct Route {
  Method method;
  std::string_view pattern;  // {name} stands for one segment
  Endpoint endpoint;
  bool needs_token;
};

std::span<const Route> routes();

// A target split up; views into it.
struct Target {
  std::string_view path;   // percent-encoded
  std::string_view query;  // without its question mark
};
Target split_target(std::string_view target);

struct RouteMatch {
  static constexpr std::size_t parameters_max = 2;

  const Route* route = nullptr;                        // null: nothing has this path, or not with this method
  std::array<std::string_view, parameters_max> raw{};  // parameters, percent-encoded, views into the path
  std::string_view allow{};                            // for 405: the methods of this path; empty: 404
};

// HEAD is matched as GET.
RouteMatch match_route(Method method, std::string_view path);

// False when an escape isn't %XX.
bool percent_decode(std::string_view raw, std::string& out);

}  // namespace tote::http
