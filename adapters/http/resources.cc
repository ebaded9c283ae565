#include "adapters/http/resources.h"

#include <array>

#include "actors/item/item.h"
#include "actors/match/match.h"
#include "actors/order/order.h"
#include "actors/pass/pass.h"
#include "actors/refund/refunds.h"
#include "actors/transaction/results.h"
#include "actors/wallet/wallet.h"

namespace tote::http {
namespace {

constexpr auto rows = std::to_array<Resource>({
    {Endpoint::wallet_open, Wallet::kind_id, 1, Body::required, read_wallet_open},
    {Endpoint::wallet_read, Wallet::kind_id, 1},
    {Endpoint::wallet_credit, Wallet::kind_id, 1, Body::required, read_wallet_credit},
    {Endpoint::wallet_debit, Wallet::kind_id, 1, Body::required, read_wallet_debit},
    {Endpoint::wallet_hold, Wallet::kind_id, 1, Body::required, read_wallet_hold},
    {Endpoint::wallet_capture, Wallet::kind_id, 2, Body::optional, read_wallet_capture},
    {Endpoint::wallet_release, Wallet::kind_id, 2, Body::optional, read_wallet_release},
    {Endpoint::wallet_history, Wallet::kind_id, 1},
    {Endpoint::item_open, Item::kind_id, 1, Body::required, read_item_open},
    {Endpoint::item_read, Item::kind_id, 1},
    {Endpoint::item_restock, Item::kind_id, 1, Body::required, read_item_restock},
    {Endpoint::item_pick, Item::kind_id, 1, Body::required, read_item_pick},
    {Endpoint::item_reserve, Item::kind_id, 1, Body::required, read_item_reserve},
    {Endpoint::item_commit, Item::kind_id, 2, Body::optional, read_item_commit},
    {Endpoint::item_release, Item::kind_id, 2, Body::optional, read_item_release},
    {Endpoint::item_history, Item::kind_id, 1},
    {Endpoint::match_open, Match::kind_id, 1, Body::required, read_match_open},
    {Endpoint::match_read, Match::kind_id, 1},
    {Endpoint::match_book, Match::kind_id, 1, Body::required, read_match_book},
    {Endpoint::match_cancel, Match::kind_id, 2, Body::none, read_match_cancel},
    {Endpoint::match_join, Match::kind_id, 1, Body::required, read_match_join},
    {Endpoint::match_leave, Match::kind_id, 2, Body::none, read_match_leave},
    {Endpoint::match_history, Match::kind_id, 1},
    {Endpoint::match_players, Match::kind_id, 1},
    {Endpoint::match_booking, Match::kind_id, 2},
    {Endpoint::pass_open, Pass::kind_id, 1, Body::required, read_pass_open},
    {Endpoint::pass_read, Pass::kind_id, 1},
    {Endpoint::pass_revoke, Pass::kind_id, 1, Body::optional, read_pass_revoke},
    {Endpoint::transfer, transaction::kind_id, 0, Body::required, read_transfer},
    {Endpoint::transaction, transaction::kind_id, 0, Body::required, read_transaction},
    {Endpoint::order_place, Order::kind_id, 0, Body::required, read_order_place},
    {Endpoint::order_read, Order::kind_id, 1},
    {Endpoint::refunds_read, Refunds::kind_id, 0},
    {Endpoint::refund_retry, Refunds::kind_id, 1, Body::optional, read_refund_retry},
    {Endpoint::payments_resume, Refunds::kind_id, 0, Body::required, read_payments_resume},
});

constexpr std::size_t endpoints_count = static_cast<std::size_t>(Endpoint::home) + 1;

// Row numbers by endpoint; -1: none.
constexpr auto row_by_endpoint = [] {
  std::array<std::int16_t, endpoints_count> by_endpoint{};
  by_endpoint.fill(-1);
  for (std::size_t i = 0; i < rows.size(); ++i)
    by_endpoint[static_cast<std::size_t>(rows[i].endpoint)] = static_cast<std::int16_t>(i);
  return by_endpoint;
}();

}  // namespace

const Resource* resource_of(Endpoint endpoint) {
  const int row = row_by_endpoint[static_cast<std::size_t>(endpoint)];
  return row < 0 ? nullptr : &rows[static_cast<std::size_t>(row)];
}

}  // namespace tote::http
