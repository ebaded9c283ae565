#include "replication/owner.h"

#include <algorithm>

#include "engine/kernel/invariant.h"

namespace tote::replication {

Owner::Owner(Context& context, const Registered& registered, const NodeId& before, Lsn committed, Time now)
    : context_(context), membership_(context, registered), durable_(committed) {
  for (const NodeId& node : membership_.others()) peers_.try_emplace(node);
  if (!before.text.empty() && before != context_.options.self) peers_.try_emplace(before);
  begin_epoch(registered.value.epoch, now);
}

// Whatever was known of others was said in another epoch.
void Owner::begin_epoch(Epoch epoch, Time now) {
  epoch_ = epoch;
  raised_ = refused_ = {};
  heir_ = {};
  claim_ = {};
  is_open_ = false;
  for (auto& [node, peer] : peers_) peer = {.heard_at = now, .progressed_at = now};
  context_.demand(MakeClaim{epoch});
  if (!context_.rules.claim_before_open) {
    is_open_ = true;
    context_.demand(Open{epoch});
  }
}

bool Owner::is_late(const Peer& peer, Time now) const {
  const std::int64_t silence_ms = context_.options.silence_ms;
  const bool is_behind = peer.match < context_.holding.end().lsn;
  return is_past(peer.heard_at, silence_ms, now) || (is_behind && is_past(peer.progressed_at, silence_ms, now));
}

// It can acknowledge nothing then, and gives no sign of an owner's life: who still hears it would wait for it
// otherwise, for as long as it hears nobody. Half of the silence that ends it, so that both together are over soon.
bool Owner::is_deaf(Time now) const {
  const Options& options = context_.options;
  return options.min_in_sync > 1 && !peers_.empty() && std::ranges::all_of(peers_, [&](const auto& entry) {
           return is_past(entry.second.heard_at, options.silence_ms / 2, now);
         });
}

bool Owner::has_enough(Time now) const {
  const Register& known = membership_.known().value;
  const auto answering = std::ranges::count_if(known.isr, [&](const NodeId& node) {
    const auto peer = peers_.find(node);
    return peer == peers_.end() ? node == context_.options.self : !is_late(peer->second, now);
  });
  return static_cast<std::size_t>(answering) >= context_.options.min_in_sync;
}

// Also before it is open: those in sync may be gone for ever, and others be needed to go on at all.
bool Owner::may_fill(const NodeId& node) const { return !membership_.waits_for(node); }

bool Owner::can_append() const {
  if (raised_.value > 0 || !heir_.text.empty()) return false;
  return claim_.value == 0 || (is_open_ && window_.size() < context_.options.window_frames);
}

void Owner::append(const Frame& frame, Time now) {
  TOTE_INVARIANT(can_append() && frame.epoch == epoch_ && frame.follows(context_.holding.end()));
  const Lsn before = context_.holding.end().lsn;
  context_.demand(context_.holding.append({frame}));
  window_.push_back(frame.end());
  if (claim_.value == 0) claim_ = frame.last;
  const bool speaks = !is_deaf(now);
  for (auto& [node, peer] : peers_) {
    if (peer.match == before) peer.progressed_at = now;
    // The claim goes to everybody: most have all before it.
    const bool is_streaming = speaks && peer.is_aligned && peer.sent == before;
    if (!is_streaming && frame.last != claim_) continue;
    if (is_streaming) peer.sent = frame.last;
    context_.send(node, Append{epoch_, {frame}, frame.end(), durable_});
  }
}

bool Owner::yield(const NodeId& to, Time now) {
  const auto peer = peers_.find(to);
  if (!is_open_ || raised_.value > 0 || !heir_.text.empty()) return false;
  if (peer == peers_.end() || !membership_.known().value.has(to) || is_late(peer->second, now)) return false;
  heir_ = to;
  yielded_at_ = now;
  hand_over(now);
  return true;
}

// Once all is acknowledged; again and again, because it may be lost.
void Owner::hand_over(Time now) {
  if (heir_.text.empty()) return;
  if (is_past(yielded_at_, context_.options.silence_ms, now)) {
    heir_ = {};
  } else if (durable_ == context_.holding.end().lsn) {
    context_.send(heir_, Yield{epoch_, membership_.known()});
  }
}

// A deposed owner's frame never becomes durable here: somebody in sync has promised another.
void Owner::advance() {
  const Register& known = membership_.known().value;
  if (context_.rules.enough_in_sync && known.isr.size() < context_.options.min_in_sync) return;
  const Holding& holding = context_.holding;
  Lsn least = context_.rules.owner_syncs ? holding.synced().lsn : holding.end().lsn;
  for (const NodeId& node : membership_.others()) {
    const auto peer = peers_.find(node);
    least = std::min(least, peer == peers_.end() ? Lsn{} : peer->second.match);
  }
  if (least <= durable_) return;
  durable_ = least;
  while (!window_.empty() && window_.front().lsn <= durable_) window_.pop_front();
  context_.demand(Durable{durable_});
  if (is_open_ || claim_.value == 0 || durable_ < claim_) return;
  is_open_ = true;
  context_.demand(Open{epoch_});
}

std::uint64_t Owner::confirm() {
  ++turn_;
  if (context_.rules.reads_are_confirmed)
    for (const NodeId& node : membership_.others()) context_.send(node, Confirm{epoch_, turn_});
  release();
  return turn_;
}

// An answer to a later turn's question answers for the turns before, too.
void Owner::release() {
  std::uint64_t least = turn_;
  if (context_.rules.reads_are_confirmed) {
    for (const NodeId& node : membership_.others()) {
      const auto peer = peers_.find(node);
      least = std::min(least, peer == peers_.end() ? 0 : peer->second.confirmed);
    }
  }
  if (least <= released_) return;
  released_ = least;
  context_.demand(Release{least});
}

Peer* Owner::hear(const NodeId& from, Time now) {
  auto found = peers_.find(from);
  if (found == peers_.end()) {
    if (peers_.size() >= context_.options.peers_max) return nullptr;
    found = peers_.try_emplace(from).first;
    found->second.progressed_at = now;
  }
  found->second.heard_at = now;
  return &found->second;
}

// Usually one of the newest.
bool Owner::owns(const Mark& mark) const {
  return std::ranges::find(window_, mark) != window_.end() || mark == context_.holding.end() || context_.log.has(mark);
}

void Owner::take(const NodeId& from, const Held& said, Time now) {
  Peer* const peer = hear(from, now);
  if (peer == nullptr || said.epoch != epoch_) return;
  // It was away for so long that what follows isn't kept any more; or it has said this before it was cut.
  if (!owns(said.end)) return context_.send(from, Common{epoch_, {}, said.end});
  const bool is_first = !peer->is_aligned;
  peer->is_aligned = true;
  if (said.end.lsn > peer->match || said.end == context_.holding.end()) peer->progressed_at = now;
  peer->match = std::max(peer->match, said.end.lsn);
  if (is_first) peer->sent = said.end.lsn;
  peer->sent = std::max(peer->sent, peer->match);
  advance();
  hand_over(now);
  // Who is behind gets the next page when it has the last one; who isn't gets each frame as it is made.
  if (peer->sent == peer->match) stream(from, *peer, now);
  change_membership(now);
}

void Owner::take(const NodeId& from, const Ask& said, Time now) {
  Peer* const peer = hear(from, now);
  if (peer == nullptr || said.epoch != epoch_ || said.marks.size() > context_.options.marks_max + 2) return;
  // From the newest on: what has left the log can't be told, and is common if a newer one is.
  Common answer{epoch_};
  for (auto mark = said.marks.rbegin(); mark != said.marks.rend() && !answer.common; ++mark) {
    if (owns(*mark))
      answer.common = *mark;
    else
      answer.foreign = *mark;
  }
  // Who asked may have that, between two of the marks; or has nothing of what is kept.
  if (const Mark begin = context_.log.begin(); !answer.common && begin.lsn > said.marks.front().lsn)
    answer = {epoch_, begin, {}};
  context_.send(from, answer);
}

// Somebody stood for owner while we were silent. If the register still names us it didn't win: it can't serve us in
// this epoch any more, but it can in one that is higher than its promise.
void Owner::take(const NodeId& from, const Refused& said, Time now) {
  if (hear(from, now) == nullptr || said.promised <= epoch_ || raised_.value > 0) return;
  refused_ = std::max(refused_, said.promised);
  if (!is_past(asked_at_, context_.options.register_timeout_ms, now)) return;
  asked_at_ = now;
  context_.demand(ReadRegister{});
}

void Owner::take(const NodeId& from, const Confirmed& said, Time now) {
  Peer* const peer = hear(from, now);
  if (peer == nullptr || said.epoch != epoch_) return;
  peer->confirmed = std::max(peer->confirmed, std::min(said.turn, turn_));
  release();
}

void Owner::take(const NodeId& from, const Hello&, Time now) {
  if (hear(from, now) != nullptr) beat(from, now);
}

bool Owner::take(const Registered& seen, Time now) {
  const std::int64_t before = membership_.known().revision;
  if (!membership_.take(seen, epoch_, raised_)) return false;
  // Whom this owner has asked to stand has promised to: it is left the time for it.
  const bool is_refused = refused_ > epoch_ && raised_.value == 0 && heir_.text.empty();
  if (is_refused && seen.revision == membership_.known().revision) {
    raised_ = {std::max(refused_, context_.holding.promised()).value + 1};
    context_.demand(context_.holding.promise(raised_));
  }
  if (membership_.known().revision == before) return true;
  for (const NodeId& node : membership_.others()) {
    const auto [peer, is_new] = peers_.try_emplace(node);
    if (is_new) peer->second.heard_at = peer->second.progressed_at = now;
  }
  if (membership_.known().value.epoch != epoch_) begin_epoch(membership_.known().value.epoch, now);
  advance();
  release();
  return true;
}

void Owner::synced(Time now) {
  advance();
  hand_over(now);
  change_membership(now);
}

void Owner::tick(Time now) {
  membership_.tick(now);
  if (is_deaf(now)) {
    hail(now);
  } else {
    speak(now);
    change_membership(now);
  }
  forget_lost(now);
  hand_over(now);
}

bool Owner::begin_beat(Time now) {
  const bool is_due = is_past(beaten_at_, context_.options.heartbeat_ms, now);
  if (is_due) beaten_at_ = now;
  return is_due;
}

// Only owners listen to it: those who own later epochs, may be deaf as well, and would else never tell.
void Owner::hail(Time now) {
  if (!begin_beat(now)) return;
  for (const auto& [node, peer] : peers_) context_.send(node, Hello{});
}

void Owner::speak(Time now) {
  const bool is_beat = begin_beat(now);
  for (auto& [node, peer] : peers_) {
    // Not since a frame went there: an owner under load always sends one, and those behind a gap are no use.
    const bool is_waiting = peer.is_aligned && peer.match < peer.sent;
    if (is_waiting && is_past(std::max(peer.progressed_at, peer.paged_at), context_.options.resend_ms, now)) {
      peer.sent = peer.match;
      stream(node, peer, now);
    } else if (is_beat) {
      beat(node, now);
    }
    if (is_beat && peer.confirmed < turn_ && membership_.waits_for(node)) context_.send(node, Confirm{epoch_, turn_});
  }
}

void Owner::beat(const NodeId& to, Time) { context_.send(to, Append{epoch_, {}, context_.holding.end(), durable_}); }

void Owner::stream(const NodeId& to, Peer& peer, Time now) {
  const Mark end = context_.holding.end();
  if (peer.sent >= end.lsn) return;
  std::vector<Frame> frames = context_.log.page(peer.sent, context_.options.page_bytes);
  const bool is_gone = !frames.empty() && frames.front().first > peer.sent.next();  // it was away for long
  if (frames.empty() || is_gone) return;
  peer.sent = frames.back().last;
  peer.paged_at = now;
  context_.send(to, Append{epoch_, std::move(frames), end, durable_});
}

void Owner::change_membership(Time now) {
  if (membership_.is_proposing()) return;
  const Register& known = membership_.known().value;
  if (raised_.value > 0) {
    if (context_.holding.synced_promise() < raised_) return;
    Register next = known;
    next.epoch = raised_;
    return membership_.propose(std::move(next), now);
  }
  const bool may_shrink = !context_.rules.enough_in_sync || known.isr.size() > context_.options.min_in_sync;
  for (const auto& [node, peer] : peers_) {
    if (known.has(node)) {
      if (may_shrink && is_late(peer, now)) return membership_.propose(known.without(node), now);
      continue;
    }
    const Lsn needed = context_.rules.grow_inherited ? std::max(claim_, durable_) : durable_;
    const bool has_all = peer.is_aligned && claim_.value > 0 && peer.match >= needed && !is_late(peer, now);
    if (has_all && known.isr.size() < in_sync_max) return membership_.propose(known.with(node), now);
  }
  if (membership_.is_unanswered()) membership_.propose(known, now);
}

// Who was a learner once, and is gone, makes room for another.
void Owner::forget_lost(Time now) {
  std::erase_if(peers_, [&](const auto& entry) {
    const auto& [node, peer] = entry;
    return !membership_.waits_for(node) && is_past(peer.heard_at, 10 * context_.options.silence_ms, now);
  });
}

}  // namespace tote::replication
