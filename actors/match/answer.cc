#include <algorithm>
#include <iterator>
#include <vector>

#include "actors/codec/labels.h"
#include "actors/match/codec.h"
#include "actors/match/give_seat.h"
#include "actors/match/match.h"
#include "actors/match/match_generated.h"

namespace tote {
namespace {

using flat::append;
using flat::builder;
using flat::FlatBufferBuilder;
using flat::Offset;
using flat::optional_string;
using flat::text_of;
using flat::verified;
using match::tables_max;

// In an answer about one player.
enum class BookingStatus : std::uint8_t { none = 0, in = 1, pending = 2, waitlisted = 3, cancelling = 4 };

// The player whom a command is about; empty for the match itself.
struct PlayerOf {
  std::string_view operator()(const Match::Open&) const { return {}; }
  std::string_view operator()(const Match::EndOffers&) const { return {}; }
  std::string_view operator()(const Match::PostponeOffers&) const { return {}; }
  std::string_view operator()(const Match::Change&) const { return {}; }
  std::string_view operator()(const Match::CallOff&) const { return {}; }
  template <class Command>
  std::string_view operator()(const Command& command) const {
    return command.player;
  }
};

// What a player has: a seat, a hold on one, a place on the waiting list, or nothing.
struct Having {
  BookingStatus status = BookingStatus::none;
  std::int64_t position = 0;
  Match::Payment payment{};
  std::string_view saga{};
  LabelsPtr labels{};
};

BookingStatus status_of(Match::PlayerStatus status) {
  switch (status) {
    case Match::PlayerStatus::in: return BookingStatus::in;
    case Match::PlayerStatus::pending: return BookingStatus::pending;
    case Match::PlayerStatus::cancelling: break;
  }
  return BookingStatus::cancelling;
}

Having having_of(const Match::State& match, std::string_view player) {
  if (const Match::Player* found = match.players.find(player))
    return {status_of(found->status), 0, found->payment, found->saga, found->labels};
  if (has_wished(match, std::string(player))) return {BookingStatus::cancelling};
  const WaitingList::Waiting* waiting = match.waiting.find(player);
  if (waiting == nullptr) return {};
  return {
      BookingStatus::waitlisted, static_cast<std::int64_t>(match.waiting.position(player)), {}, {}, waiting->labels};
}

void answer_booking(const Match::State& match, std::string_view player, std::string& out) {
  const Having booking = having_of(match, player);
  auto& to = builder<Match>();
  const auto currency = to.CreateString(match.currency.text().data(), match.currency.text().size());
  const auto player_at = to.CreateString(player.data(), player.size());
  const auto reference = optional_string(to, booking.payment.reference);
  const auto saga = optional_string(to, booking.saga);
  const Labels& labels = labels_of(booking.labels);
  const auto booking_reference = optional_string(to, labels.reference);
  const auto metadata = flat::metadata_of<match::fbs::Label>(to, labels);
  to.Finish(match::fbs::CreateAnswer(to, match.seats, match.taken(), static_cast<std::int64_t>(match.waiting.size()),
                                     match.price.minor, currency, match.starts_at.ns, {}, player_at,
                                     static_cast<std::uint8_t>(booking.status), booking.position,
                                     static_cast<std::uint8_t>(booking.payment.method), reference,
                                     booking.payment.amount.minor, saga, false, {}, booking_reference, metadata));
  append(to, out);
}

void describe_payment(const match::fbs::Answer& from, Fields& fields) {
  const std::string_view method = name_of(static_cast<Match::Method>(from.method()));
  fields.begin("payment");
  fields.text("method", method);
  if (method != "free") fields.text(method == "card" ? "charge" : method, text_of(from.reference()));
  if (from.amount() != 0) {
    fields.integer("amount", from.amount());
    fields.text("currency", text_of(from.currency()));
  }
  fields.end();
}

bool describe_booking(std::string_view id, const match::fbs::Answer& from, Fields& fields) {
  static constexpr std::string_view statuses[] = {"cancelled", "in", "pending", "waitlisted", "cancelling"};
  if (from.status() >= std::size(statuses)) return false;
  const auto status = static_cast<BookingStatus>(from.status());
  Labels labels;
  if (!flat::read_labels(from.booking_reference(), from.metadata(), labels)) return false;
  fields.text("match", id);
  fields.text("player", text_of(from.player()));
  fields.text("status", statuses[from.status()]);
  if (status == BookingStatus::waitlisted) fields.integer("position", from.position());
  if (status == BookingStatus::pending) fields.text("saga", "booking:" + text_of(from.saga()));
  if (status == BookingStatus::in) describe_payment(from, fields);
  labels.describe(fields);
  return true;
}

// Up to `limit` of the players from `at` on, which comes to lie behind them; `last` is the last of them.
template <class At>
std::vector<Offset<match::fbs::Player>> write_players(FlatBufferBuilder& to, At& at, const At& end, std::size_t limit,
                                                      std::string_view& last) {
  std::vector<Offset<match::fbs::Player>> players;
  for (; at != end && players.size() < limit; ++at) {
    last = at->first;
    const auto id = to.CreateString(last.data(), last.size());
    players.push_back(match::fbs::CreatePlayer(to, id, static_cast<std::uint8_t>(at->second.status),
                                               static_cast<std::uint8_t>(at->second.payment.method)));
  }
  return players;
}

void answer_match(const Match::State& match, std::size_t players_max, std::string& out) {
  auto& to = builder<Match>();
  auto at = match.players.begin();
  std::string_view last;
  const auto players = to.CreateVector(write_players(to, at, match.players.end(), players_max, last));
  const auto currency = to.CreateString(match.currency.text().data(), match.currency.text().size());
  const auto payee = optional_string(to, match.payee.wallet);
  const auto fee_wallet = optional_string(to, match.payee.fee_wallet);
  const auto reason = optional_string(to, match.reason);
  to.Finish(match::fbs::CreateAnswer(to, match.seats, match.taken(), static_cast<std::int64_t>(match.waiting.size()),
                                     match.price.minor, currency, match.starts_at.ns, players, {}, 0, 0, 0, {}, 0, {},
                                     false, {}, {}, {}, payee, fee_wallet, match.payee.fee.minor, match.sales_closed,
                                     match.is_cancelled, reason));
  append(to, out);
}

void describe_players(const match::fbs::Answer& from, Fields& fields) {
  static constexpr std::string_view statuses[] = {"in", "pending", "cancelling"};
  fields.begin_list("players");
  for (const auto* player : *from.players()) {
    fields.begin({});
    fields.text("player", text_of(player->player()));
    fields.text("status", player->status() < std::size(statuses) ? statuses[player->status()] : "");
    fields.text("paid_by", name_of(static_cast<Match::Method>(player->method())));
    fields.end();
  }
  fields.end_list();
}

bool describe_page(const match::fbs::Answer& from, Fields& fields) {
  describe_players(from, fields);
  if (from.next() == nullptr)
    fields.none("next");
  else
    fields.text("next", text_of(from.next()));
  return true;
}

}  // namespace

std::string_view match::player_of(const Match::Command& command) { return std::visit(PlayerOf{}, command); }

void Match::answer(const State& match, const Command* command, std::string& out) {
  const std::string_view about = command == nullptr ? std::string_view{} : match::player_of(*command);
  if (!about.empty()) return answer_booking(match, about, out);
  answer_match(match, players_shown_max, out);
}

void Match::summarize(const State& match, std::string& out) { answer_match(match, 0, out); }

void Match::answer(const State& match, const Question& question, std::string& out) {
  if (!question.player.empty()) return answer_booking(match, question.player, out);
  auto& to = builder<Match>();
  auto at = question.after.empty() ? match.players.begin() : match.players.upper_bound(question.after);
  const std::size_t limit = std::clamp<std::size_t>(question.limit, 1, players_page_max);
  std::string_view last;
  const auto players = to.CreateVector(write_players(to, at, match.players.end(), limit, last));
  const auto next = optional_string(to, at == match.players.end() ? std::string_view{} : last);
  match::fbs::AnswerBuilder page(to);
  page.add_players(players);
  page.add_is_page(true);
  if (!next.IsNull()) page.add_next(next);
  to.Finish(page.Finish());
  append(to, out);
}

std::string Match::unbooked(std::string_view answer) {
  const auto* from = verified<match::fbs::Answer>(answer, tables_max);
  const bool has_none = from != nullptr && from->status() == static_cast<std::uint8_t>(BookingStatus::none);
  return has_none ? text_of(from->player()) : std::string();
}

void Match::describe_figures(std::string_view answer, Fields& fields) {
  const auto* from = verified<match::fbs::Answer>(answer, tables_max);
  std::int64_t free = 0;
  if (from == nullptr || from->players() == nullptr) return;
  if (__builtin_sub_overflow(from->seats(), from->taken(), &free)) return;
  fields.integer("taken", from->taken());
  fields.integer("free", free);
  fields.integer("waitlist", from->waitlist());
}

bool Match::describe_answer(std::string_view id, std::string_view answer, Fields& fields) {
  const auto* from = verified<match::fbs::Answer>(answer, tables_max);
  if (from == nullptr || tote::name_of(static_cast<Method>(from->method())).empty()) return false;
  if (from->player() != nullptr) return describe_booking(id, *from, fields);
  if (from->players() == nullptr) return false;
  if (from->is_page()) return describe_page(*from, fields);
  std::int64_t free = 0;  // of bytes that no match of ours wrote it may be beyond 64 bits
  if (__builtin_sub_overflow(from->seats(), from->taken(), &free)) return false;
  fields.text("id", id);
  fields.integer("seats", from->seats());
  fields.integer("taken", from->taken());
  fields.integer("free", free);
  fields.integer("waitlist", from->waitlist());
  if (from->starts_at_ns() != 0) fields.time("starts_at", {from->starts_at_ns()});
  if (from->price() != 0) {
    fields.begin("price");
    fields.integer("amount", from->price());
    fields.text("currency", text_of(from->currency()));
    fields.end();
  }
  describe({text_of(from->payee()), text_of(from->fee_wallet()), {from->fee()}}, fields);
  if (from->is_cancelled()) fields.text("status", "cancelled");
  if (from->sales_closed()) fields.text("sales", "closed");
  if (from->reason() != nullptr) fields.text("reason", text_of(from->reason()));
  describe_players(*from, fields);
  return true;
}

}  // namespace tote
