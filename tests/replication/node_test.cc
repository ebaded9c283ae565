// One node, step by step: what it says to what happens.
#include "replication/node.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/replication/rig.h"

namespace tote::replication::test {
namespace {

TEST_CASE("a cluster of one node opens by itself, and what its disk has synced is durable") {
  Options options = options_of(a, 1);
  options.creates = true;
  Rig rig(options);
  CHECK(rig.demanded<ReadRegister>());
  rig.registered({}, 0);
  rig.pass(50);
  CHECK(!rig.demanded<Propose>());  // the promise isn't on disk
  rig.sync();
  const auto proposed = rig.demanded<Propose>();
  REQUIRE(proposed);
  CHECK(proposed->expected == 0);
  CHECK(proposed->value == Register{{1}, a, {a}});
  rig.registered(proposed->value, 1);
  rig.append({0});
  rig.sync();
  CHECK(rig.demanded<Open>());
  CHECK(rig.demanded<Durable>()->lsn == Lsn{1});
  rig.append({5, 6});
  CHECK(!rig.demanded<Durable>());
  rig.sync();
  CHECK(rig.demanded<Durable>()->lsn == Lsn{3});
  rig.confirm();
  CHECK(rig.demanded<Release>()->turn == 1);
}

TEST_CASE("an owner acknowledges what its own disk and all in sync have synced, and no earlier") {
  OwnerRig rig;
  const Frame frame = rig.append({7});
  REQUIRE(rig.said<Append>(b));
  rig.say(b, Held{{1}, frame.end()});
  CHECK(!rig.demanded<Durable>());
  rig.sync();
  CHECK(rig.demanded<Durable>()->lsn == frame.last);
  const Frame next = rig.append({8});
  rig.sync();
  CHECK(!rig.demanded<Durable>());
  rig.say(b, Held{{1}, {next.last, {1, 1}}});  // another frame at the same place
  rig.say(b, Held{{2}, next.end()});           // of another epoch
  rig.say(c, Held{{1}, next.end()});           // of somebody who isn't in sync
  CHECK(!rig.demanded<Durable>());
}

TEST_CASE(
    "who is silent is waited for until the register has said that it left; and it stays when too few would be left") {
  OwnerRig rig;
  rig.append({7});
  rig.sync();
  rig.pass(1'100);
  CHECK(!rig.demanded<Propose>());
  CHECK(!rig.node().has_enough(rig.now()));
  rig.say(c, Hello{});
  rig.say(c, Held{{1}, rig.node().end()});
  const auto grown = rig.demanded<Propose>();
  REQUIRE(grown);
  CHECK(grown->value.isr == std::vector<NodeId>{a, b, c});
  rig.registered(grown->value, 3);
  CHECK(!rig.demanded<Durable>());
  rig.pass(50);
  const auto shrunk = rig.demanded<Propose>();
  REQUIRE(shrunk);
  CHECK(shrunk->value.isr == std::vector<NodeId>{a, c});
  CHECK(!rig.demanded<Durable>());
  rig.registered(shrunk->value, 4);
  CHECK(rig.demanded<Durable>()->lsn == Lsn{2});
}

TEST_CASE("a learner that has missed a frame gets it again, though the owner never pauses") {
  OwnerRig rig;
  const Held nothing{{1}, log_begins};
  rig.say(c, nothing);
  REQUIRE(rig.said<Append>(c));  // the claim, which is lost
  std::int64_t waited_ms = 0;
  for (bool is_sent_again = false; !is_sent_again && waited_ms < 2'000; waited_ms += 50) {
    rig.pass(50);
    const auto said = rig.said<Append>(c);
    is_sent_again = said && !said->frames.empty() && said->frames.front().first == Lsn{1};
    const Frame next = rig.append({7});
    rig.sync();
    rig.say(b, Held{{1}, next.end()});
    rig.said<Append>(c);
    rig.say(c, nothing);  // a frame that doesn't follow what it has
  }
  CHECK(waited_ms <= 400);
}

TEST_CASE("who was proposed without an answer is waited for as long as the revision stands") {
  OwnerRig rig;
  rig.say(c, Hello{});
  rig.say(c, Held{{1}, rig.node().end()});
  REQUIRE(rig.demanded<Propose>());
  rig.pass(700);  // no answer
  const Frame frame = rig.append({9});
  rig.sync();
  rig.say(b, Held{{1}, frame.end()});
  CHECK(!rig.demanded<Durable>());
  rig.say(c, Held{{1}, frame.end()});
  CHECK(rig.demanded<Durable>()->lsn == frame.last);
}

TEST_CASE("a deposed owner stops, whoever tells it") {
  {
    OwnerRig rig;
    rig.registered({{2}, b, {b, c}}, 3);
    CHECK(rig.demanded<Stop>());
    CHECK(rig.node().is_stopped());
  }
  OwnerRig rig;
  rig.say(b, Append{{2}, {}, log_begins, {}});
  CHECK(rig.demanded<Stop>());
}

TEST_CASE("an owner whom somebody refuses goes on in a higher epoch, if the register still names it") {
  OwnerRig rig;
  rig.say(b, Refused{{4}});
  REQUIRE(rig.demanded<ReadRegister>());
  CHECK(rig.node().can_append());
  rig.registered(rig.node().known().value, rig.node().known().revision);
  CHECK(!rig.node().can_append());
  rig.sync();
  const auto proposed = rig.demanded<Propose>();
  REQUIRE(proposed);
  CHECK(proposed->value == Register{{5}, a, {a, b}});
  rig.registered(proposed->value, 3);
  CHECK(rig.demanded<MakeClaim>()->epoch == Epoch{5});
  CHECK(!rig.node().is_open());
}

TEST_CASE("an owner yields once all is acknowledged, adds nothing meanwhile, and goes on when nobody takes over") {
  OwnerRig rig;
  CHECK(!rig.node().yield(c, rig.now()));  // isn't in sync
  const Frame frame = rig.append({7});
  CHECK(rig.node().yield(b, rig.now()));
  CHECK(!rig.node().can_append());
  rig.pass(50);
  CHECK(!rig.said<Yield>(b));
  rig.sync();
  rig.say(b, Held{{1}, frame.end()});
  const auto said = rig.said<Yield>(b);
  REQUIRE(said);
  CHECK(said->known.revision == 2);
  CHECK(said->known.value.owner == a);
  rig.say(b, Held{{1}, frame.end()});
  CHECK(rig.said<Yield>(b));  // it may have been lost
  rig.pass(1'000);
  CHECK(rig.node().can_append());
  CHECK(rig.node().is_open());
}

TEST_CASE("an owner that yields doesn't take the heir's promise for a reason to go on itself") {
  OwnerRig rig;
  CHECK(rig.node().yield(b, rig.now()));
  rig.pass(50);
  REQUIRE(rig.said<Yield>(b));
  rig.say(b, Refused{{2}});  // it stands, as it was asked to
  rig.registered(rig.node().known().value, rig.node().known().revision);
  CHECK(!rig.demanded<Propose>());
  CHECK(!rig.node().is_stopped());
  rig.pass(1'000);
  CHECK(rig.node().can_append());  // it didn't take over, and has promised
  rig.registered(rig.node().known().value, rig.node().known().revision);
  rig.sync();
  REQUIRE(rig.demanded<Propose>());
}

TEST_CASE("who is yielded to stands at once, as the register is that it is told of") {
  Rig rig(options_of(b));
  rig.registered({{4}, a, {a, b, c}}, 9);
  rig.say(a, Append{{4}, {}, log_begins, {}});
  rig.sync();
  rig.say(a, Yield{{4}, {{{4}, a, {a, b, c}}, 9}});
  rig.sync();
  const auto proposed = rig.demanded<Propose>();
  REQUIRE(proposed);
  CHECK(proposed->expected == 9);
  CHECK(proposed->value == Register{{5}, b, {b, c}});
}

TEST_CASE("who owned the log before is told by the first frame of the next owner's, in sync or not") {
  Rig rig(options_of(b));
  rig.registered({{4}, a, {a, b, c}}, 9);
  rig.say(a, Append{{4}, {}, log_begins, {}});
  rig.sync();
  rig.say(a, Yield{{4}, {{{4}, a, {a, b, c}}, 9}});
  rig.sync();
  const auto proposed = rig.demanded<Propose>();
  REQUIRE(proposed);
  rig.registered(proposed->value, 10);
  const Frame claim = rig.append({0});
  const auto said = rig.said<Append>(a);
  REQUIRE(said);
  CHECK(said->epoch == Epoch{5});
}

TEST_CASE("who hears of a new epoch asks the register at once who owns the log, and once") {
  Rig rig(options_of(b));
  rig.registered({{4}, a, {a, b, c}}, 9);
  rig.demanded<ReadRegister>();
  rig.say(a, Append{{4}, {}, log_begins, {}});
  CHECK(!rig.demanded<ReadRegister>());
  rig.say(c, Append{{5}, {}, log_begins, {}});
  CHECK(rig.demanded<ReadRegister>());
  rig.say(c, Append{{5}, {}, log_begins, {}});
  CHECK(!rig.demanded<ReadRegister>());
}

TEST_CASE("a read leaves when all in sync have said that they promised nobody else") {
  OwnerRig rig;
  const std::uint64_t first = rig.confirm();
  const std::uint64_t second = rig.confirm();
  CHECK(!rig.demanded<Release>());
  rig.say(c, Confirmed{{1}, second});
  rig.say(b, Confirmed{{2}, second});
  CHECK(!rig.demanded<Release>());
  rig.say(b, Confirmed{{1}, first});
  CHECK(rig.demanded<Release>()->turn == first);
  rig.say(b, Confirmed{{1}, second + 7});
  CHECK(rig.demanded<Release>()->turn == second);
}

TEST_CASE("a backup holds what it has synced, applies what is committed, and refuses older epochs") {
  Rig rig(options_of(b));
  const Frame one = frame_after(log_begins, {3}, {0}), two = frame_after(one.end(), {3}, {1, 2});
  rig.say(a, Append{{3}, {one, two}, two.end(), {1}});
  CHECK(!rig.said<Held>(a));
  CHECK(!rig.demanded<Apply>());
  rig.sync();
  CHECK(rig.said<Held>(a)->end == two.end());
  CHECK(rig.demanded<Apply>()->lsn == Lsn{1});
  rig.say(a, Append{{3}, {}, two.end(), {3}});
  CHECK(rig.demanded<Apply>()->lsn == Lsn{3});
  rig.say(c, Append{{2}, {}, two.end(), {3}});
  CHECK(rig.said<Refused>(c)->promised == Epoch{3});
  rig.say(c, Confirm{{2}, 1});
  CHECK(rig.said<Refused>(c));
  rig.say(a, Confirm{{3}, 9});
  CHECK(rig.said<Confirmed>(a)->turn == 9);
}

TEST_CASE("a promise is there after a power cut once somebody was told of it") {
  Rig rig(options_of(b));
  rig.say(a, Append{{3}, {}, log_begins, {}});
  CHECK(!rig.said<Held>(a));
  rig.sync();
  CHECK(rig.said<Held>(a));
  rig.disk().forget(0);
  rig.start();
  rig.say(c, Append{{2}, {}, log_begins, {}});
  CHECK(rig.said<Refused>(c)->promised == Epoch{3});
}

TEST_CASE("what is beyond the last common frame is cut, saved aside, and what was cut is never cut again") {
  Rig rig(options_of(b));
  const Frame common = frame_after(log_begins, {1}, {1});
  Frame last = common;
  std::vector<Frame> foreign;
  for (std::uint32_t i = 0; i < 40; ++i) foreign.push_back(last = frame_after(last.end(), {1}, {100 + i}));
  rig.say(a, Append{{1}, {common}, common.end(), {1}});
  rig.say(a, Append{{1}, foreign, last.end(), {1}});
  rig.sync();
  // c owns epoch 2 and has only the first of them, and a claim.
  const Frame claim = frame_after(common.end(), {2}, {0});
  const auto owns = [&](const Mark& mark) { return mark == log_begins || mark == common.end() || mark == claim.end(); };
  rig.say(c, Append{{2}, {claim}, claim.end(), {2}});
  Common answer;
  int rounds = 0;
  while (const auto asked = rig.said<Ask>(c)) {
    REQUIRE(++rounds < 8);
    answer = {{2}, {}, {}};
    for (const Mark& mark : asked->marks)
      if (owns(mark)) answer.common = mark;
    for (const Mark& mark : asked->marks)
      if (!owns(mark) && !answer.foreign) answer.foreign = mark;
    rig.say(c, answer);
  }
  CHECK(rig.disk().end() == common.end());
  CHECK(rig.disk().aside().size() == foreign.size());
  CHECK(rig.demanded<Apply>()->lsn == Lsn{1});
  rig.sync();
  rig.say(c, Append{{2}, {claim}, claim.end(), {2}});
  rig.sync();
  CHECK(rig.said<Held>(c)->end == claim.end());
  rig.say(c, answer);  // once more, and late
  CHECK(rig.disk().end() == claim.end());
}

TEST_CASE("an answer from before a crash cuts nothing that was held since") {
  Rules rules;
  SUBCASE("as it is") {}
  SUBCASE("without the rule") { rules.cut_is_verified = false; }
  Rig rig(options_of(b), rules);
  const Frame common = frame_after(log_begins, {1}, {1}), foreign = frame_after(common.end(), {1}, {2});
  const Frame claim = frame_after(common.end(), {2}, {0}), next = frame_after(claim.end(), {2}, {3});
  rig.say(a, Append{{1}, {common, foreign}, foreign.end(), {1}});
  rig.sync();
  rig.say(c, Append{{2}, {claim}, claim.end(), {1}});
  const Common answer{{2}, common.end(), foreign.end()};
  rig.say(c, answer);
  rig.say(c, Append{{2}, {claim}, claim.end(), {1}});
  rig.sync();
  CHECK(rig.said<Held>(c)->end == claim.end());
  rig.start();
  rig.say(c, Append{{2}, {}, next.end(), {1}});
  REQUIRE(rig.said<Ask>(c));
  rig.say(c, answer);  // doubled on its way, and late
  CHECK(rig.disk().end() == (rules.cut_is_verified ? claim.end() : common.end()));
}

TEST_CASE("a node that would lose what it applied stops") {
  Rig rig(options_of(b));
  const Frame one = frame_after(log_begins, {1}, {1}), two = frame_after(one.end(), {1}, {2});
  rig.say(a, Append{{1}, {one, two}, two.end(), {2}});
  rig.sync();
  rig.say(c, Append{{2}, {}, {{9}, {9, 9}}, {}});
  rig.say(c, Common{{2}, one.end(), two.end()});
  CHECK(rig.demanded<Stop>());
  CHECK(rig.disk().end() == two.end());
}

TEST_CASE("a node whose log has nothing in common with the owner's is to be filled, and goes on until it is") {
  Rig rig(options_of(b));
  const Frame one = frame_after(log_begins, {1}, {1}), two = frame_after(one.end(), {1}, {2});
  const Mark later{{7}, {7, 7}}, end{{9}, {9, 9}};
  rig.say(a, Append{{1}, {one, two}, two.end(), {}});
  rig.sync();
  rig.say(c, Append{{2}, {}, end, {}});
  REQUIRE(rig.said<Ask>(c));
  SUBCASE("none of the marks is the owner's") { rig.say(c, Common{{2}, {}, log_begins}); }
  SUBCASE("the owner's log begins later") { rig.say(c, Common{{2}, later, {}}); }
  CHECK(rig.demanded<NeedsFill>()->owner == c);
  CHECK_FALSE(rig.demanded<Stop>());
  CHECK_FALSE(rig.said<Held>(c));
  CHECK(rig.disk().end() == two.end());
  // Another owner may have what follows.
  const Frame three = frame_after(two.end(), {3}, {3});
  rig.say(a, Append{{3}, {three}, three.end(), {}});
  rig.sync();
  CHECK(rig.said<Held>(a)->end == three.end());
  CHECK_FALSE(rig.demanded<NeedsFill>());
}

TEST_CASE("where the owner's log begins is enough to find what is in common, between two marks that were asked about") {
  Rig rig(options_of(b));
  std::vector<Frame> frames;
  for (std::uint32_t i = 1; i <= 40; ++i)
    frames.push_back(frame_after(frames.empty() ? log_begins : frames.back().end(), {1}, {i}));
  rig.say(a, Append{{1}, frames, frames.back().end(), {37}});
  rig.sync();
  const Frame other = frame_after(frames[38].end(), {2}, {0});
  rig.say(c, Append{{2}, {}, other.end(), {}});
  REQUIRE(rig.said<Ask>(c));
  rig.say(c, Common{{2}, frames[37].end(), {}});
  const auto question = rig.said<Ask>(c);
  REQUIRE(question);
  CHECK(question->marks.front() == frames[37].end());
  rig.say(c, Common{{2}, frames[38].end(), frames[39].end()});
  rig.sync();
  CHECK(rig.said<Held>(c)->end == frames[38].end());
  CHECK_FALSE(rig.demanded<NeedsFill>());
}

TEST_CASE("a node that was behind when the owner trimmed its log is to be filled; a doubled answer changes nothing") {
  Rig rig(options_of(b));
  const Frame one = frame_after(log_begins, {1}, {1}), two = frame_after(one.end(), {1}, {2});
  rig.say(a, Append{{1}, {one, two}, two.end(), {}});
  rig.sync();
  REQUIRE(rig.said<Held>(a));
  rig.say(a, Common{{1}, {}, one.end()});
  CHECK_FALSE(rig.demanded<NeedsFill>());
  rig.say(a, Common{{1}, {}, two.end()});
  CHECK(rig.demanded<NeedsFill>()->owner == a);
}

TEST_CASE("an owner fills nobody that it counts on, nor may by now") {
  OwnerRig rig;
  CHECK_FALSE(rig.node().owner()->may_fill(b));
  CHECK(rig.node().owner()->may_fill(c));
  rig.say(c, Held{{1}, rig.node().end()});
  REQUIRE(rig.demanded<Propose>());  // nobody has answered it yet
  CHECK_FALSE(rig.node().owner()->may_fill(c));
}

TEST_CASE("an owner that has trimmed its log says so to whoever asks about what was before, and sends nothing else") {
  OwnerRig rig;
  const Mark claim = rig.node().end();
  for (std::uint32_t i = 1; i <= 4; ++i) {
    const Frame next = rig.append({i});
    rig.sync();
    rig.say(b, Held{{1}, next.end()});
  }
  const Mark end = rig.node().end();
  REQUIRE(rig.disk().trim(end.lsn));
  const Mark begin = rig.disk().begin();
  rig.say(c, Ask{{1}, {log_begins}});
  CHECK(rig.said<Common>(c)->common == begin);
  rig.say(c, Ask{{1}, {log_begins, end}});
  CHECK(rig.said<Common>(c)->common == end);
  rig.say(c, Held{{1}, claim});
  CHECK_FALSE(rig.said<Append>(c));
  const auto answer = rig.said<Common>(c);
  REQUIRE(answer);
  CHECK_FALSE(answer->common);
  CHECK(answer->foreign == claim);
}

TEST_CASE("only who is in sync stands for owner, after the owner's silence, with its promise on disk first") {
  Rig rig(options_of(b));
  rig.registered({{4}, a, {a, c}}, 7);
  rig.pass(10'000);
  rig.sync();
  CHECK(!rig.demanded<Propose>());
  rig.registered({{4}, a, {a, b, c}}, 8);
  rig.say(a, Append{{4}, {}, log_begins, {}});
  rig.demanded<ReadRegister>();
  rig.pass(900);
  rig.sync();
  CHECK(rig.demanded<ReadRegister>());
  CHECK(!rig.demanded<Propose>());
  rig.pass(200);
  rig.sync();
  CHECK(!rig.demanded<Propose>());  // it isn't known whether it could win
  rig.registered({{4}, a, {a, b, c}}, 8);
  rig.pass(50);
  CHECK(!rig.demanded<Propose>());
  rig.sync();
  const auto proposed = rig.demanded<Propose>();
  REQUIRE(proposed);
  CHECK(proposed->expected == 8);
  CHECK(proposed->value == Register{{5}, b, {b, c}});
  rig.say(a, Append{{4}, {}, log_begins, {}});
  CHECK(rig.said<Refused>(a)->promised == Epoch{5});
}

TEST_CASE("who reaches neither the owner nor the register promises nothing, and serves the owner when it is back") {
  Rig rig(options_of(b));
  rig.registered({{4}, a, {a, b, c}}, 8);
  rig.say(a, Append{{4}, {}, log_begins, {}});
  rig.sync();
  for (int i = 0; i < 100; ++i) {
    rig.pass(50);
    rig.sync();
  }
  CHECK(rig.demanded<ReadRegister>());
  rig.say(a, Append{{4}, {}, log_begins, {}});
  rig.registered({{4}, a, {a, b, c}}, 8);
  rig.sync();
  CHECK(!rig.said<Refused>(a));
  CHECK(rig.said<Held>(a));
  CHECK(!rig.demanded<Propose>());
}

TEST_CASE("who is yielded to and hasn't heard from the register for long doesn't stand") {
  Rig rig(options_of(b));
  rig.registered({{4}, a, {a, b, c}}, 9);
  for (int i = 0; i < 30; ++i) {
    rig.say(a, Append{{4}, {}, log_begins, {}});
    rig.pass(50);
    rig.sync();
  }
  rig.say(a, Yield{{4}, {{{4}, a, {a, b, c}}, 9}});
  rig.sync();
  CHECK(!rig.demanded<Propose>());
  rig.say(a, Append{{4}, {}, log_begins, {}});
  CHECK(!rig.said<Refused>(a));
}

}  // namespace
}  // namespace tote::replication::test
