// The two sides of a fill by themselves: their messages are handed over one by one, as bytes, and time goes by hand.
#include <doctest/doctest.h>

#include <chrono>
#include <deque>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "adapters/cluster/fill_giver.h"
#include "adapters/cluster/fill_taker.h"
#include "tests/wal/fill_fixture.h"

namespace tote::cluster {
namespace {

using replication::Mark;
using replication::NodeId;
using wal::Owned;
using namespace std::chrono_literals;

Mark mark_of(const wal::FrameEnd& end) { return {end.last, {end.hash.high, end.hash.low}}; }

std::string packet_of(const FillMessage& said) {
  std::string bytes;
  put(said, bytes);
  return bytes.substr(packet_size_bytes);
}

struct Letter {
  NodeId from{}, to{};
  std::string packet{};
};

// The way between nodes, of which a test takes what it wants; and the time of all.
struct Post {
  std::deque<Letter> letters{};
  FillClock::time_point now = FillClock::time_point{} + 1h;

  void put(const NodeId& from, const NodeId& to, const FillMessage& said) {
    letters.push_back({from, to, packet_of(said)});
  }
  Letter next() {
    REQUIRE_FALSE(letters.empty());
    Letter letter = std::move(letters.front());
    letters.pop_front();
    return letter;
  }
};

FillMessage said_in(const Letter& letter) {
  const Packet packet = read_packet(letter.packet);
  REQUIRE(std::holds_alternative<FillMessage>(packet));
  return std::get<FillMessage>(packet);
}

bool is_page(const Letter& letter) { return std::holds_alternative<FillPage>(said_in(letter)); }

FillAsk ask_in(const Letter& letter) { return std::get<FillAsk>(said_in(letter)); }

struct Giving {
  Giving(Post& the_post, const std::string& name, const std::string& directory, int frames = 4)
      : post(the_post), node{name}, log(directory) {
    for (int i = 0; i < frames; ++i) log.add(5, 3);
    log.trim({11});
  }
  std::uintmax_t links_of_tables() const {
    std::uintmax_t most = 0;
    for (const auto& entry : std::filesystem::directory_iterator(log.options.directory))
      if (entry.path().extension() == ".sst") most = std::max(most, entry.hard_link_count());
    return most;
  }

  Post& post;
  const NodeId node;
  Owned log;
  FillGiver giver{log.frames, [this](const NodeId& to, const FillMessage& said) { post.put(node, to, said); }};
};

struct Taking {
  Taking(Post& the_post, const std::string& name, const std::string& directory)
      : post(the_post), node{name}, log(directory) {
    REQUIRE(log.frames->promise(1));
  }
  // What a node does as long as it hears that it has nothing in common with the owner's log.
  void want(const NodeId& owner) {
    taker.want(owner, mark_of(log.end), post.now);
    taker.look(post.now);
  }

  Post& post;
  const NodeId node;
  Owned log;
  int done = 0;
  std::vector<std::string> problems{};
  FillTaker taker{
      log.frames->options(), log.frames->id(),
      FillTaker::Told{[this](const NodeId& to, const FillMessage& said) { post.put(node, to, said); },
                      [this] { ++done; }, [this](const std::string& sentence) { problems.push_back(sentence); }}};
};

struct Talk {
  wal::TemporaryDirectory directory;
  Post post;
  Giving owner{post, "n1", directory.path("n1")}, other{post, "n4", directory.path("n4"), 6};
  Taking taking{post, "n2", directory.path("n2")}, second{post, "n3", directory.path("n3")};

  void deliver(const Letter& letter) {
    const FillMessage said = said_in(letter);
    for (Giving* each : {&owner, &other})
      if (letter.to == each->node) each->giver.take(letter.from, std::get<FillAsk>(said), post.now);
    for (Taking* each : {&taking, &second})
      if (letter.to == each->node) each->taker.take(letter.from, said, post.now);
  }
  void deliver_all() {
    while (!post.letters.empty()) deliver(post.next());
  }
  // So many pages have come.
  void deliver_pages(int count) {
    while (count > 0) {
      const Letter letter = post.next();
      count -= letter.to == taking.node && is_page(letter) ? 1 : 0;
      deliver(letter);
    }
  }
  // Nobody hears anything meanwhile, but that the fill is wanted.
  void wait(std::chrono::milliseconds time, const NodeId& by) {
    for (const auto until = post.now + time; post.now < until;) {
      post.now += 100ms;
      taking.want(by);
    }
  }
  void check_filled(Taking& node, const Giving& by) {
    CHECK(node.done == 1);
    REQUIRE(node.log.start_again().is_none());
    CHECK(node.log.end == by.log.end);
  }
};

TEST_CASE("fill talk: all pages come, and the owner's image goes with the last") {
  Talk talk;
  talk.taking.want(talk.owner.node);
  talk.deliver_pages(3);
  CHECK(talk.owner.giver.to() == talk.taking.node);
  CHECK(talk.owner.log.has("fill.links"));
  CHECK(talk.taking.taker.progress());
  talk.deliver_all();
  CHECK_FALSE(talk.owner.log.has("fill.links"));
  CHECK_FALSE(talk.owner.giver.idle_at());
  CHECK(talk.taking.problems.empty());
  talk.check_filled(talk.taking, talk.owner);
}

TEST_CASE("fill talk: a page that is lost, and a question that is, are asked for again") {
  Talk talk;
  talk.taking.want(talk.owner.node);
  talk.deliver_pages(3);
  const FillAsk asked = ask_in(talk.post.letters.front());
  talk.post.next();  // the question
  talk.wait(1'000ms, talk.owner.node);
  CHECK(talk.post.letters.empty());
  talk.wait(100ms, talk.owner.node);
  REQUIRE(talk.post.letters.size() == 1);
  CHECK(ask_in(talk.post.letters.front()) == asked);
  talk.deliver(talk.post.next());
  talk.post.next();  // its answer
  talk.wait(1'100ms, talk.owner.node);
  CHECK(ask_in(talk.post.letters.front()) == asked);
  talk.deliver_all();
  CHECK(talk.taking.problems.empty());
  talk.check_filled(talk.taking, talk.owner);
}

TEST_CASE("fill talk: pages that come twice, late and out of order are taken once") {
  Talk talk;
  std::vector<Letter> heard;
  talk.taking.want(talk.owner.node);
  while (!talk.post.letters.empty()) {
    const Letter letter = talk.post.next();
    talk.deliver(letter);
    if (letter.to != talk.taking.node) continue;
    heard.push_back(letter);
    for (auto late = heard.rbegin(); late != heard.rend(); ++late) talk.deliver(*late);
  }
  CHECK(heard.size() > 5);
  CHECK(talk.taking.problems.empty());
  talk.check_filled(talk.taking, talk.owner);
}

TEST_CASE("fill talk: a question that comes twice is answered twice, and counted once") {
  Talk talk;
  talk.taking.want(talk.owner.node);
  talk.deliver_pages(4);
  const Letter question = talk.post.next();
  talk.deliver(question);
  const std::uint64_t bytes = talk.owner.giver.progress().bytes;
  talk.deliver(question);
  CHECK(talk.owner.giver.progress().bytes == bytes);
  CHECK(talk.post.letters.size() == 2);
  talk.deliver_all();
  talk.check_filled(talk.taking, talk.owner);
}

TEST_CASE("fill talk: a page whose checksum is wrong isn't believed, and comes again") {
  Talk talk;
  talk.taking.want(talk.owner.node);
  talk.deliver_pages(3);
  talk.deliver(talk.post.next());
  Letter page = talk.post.next();
  page.packet.back() = static_cast<char>(page.packet.back() ^ 1);
  const Packet read = read_packet(page.packet);
  CHECK(std::holds_alternative<std::string>(read));  // the connection ends
  talk.wait(1'100ms, talk.owner.node);
  talk.deliver_all();
  talk.check_filled(talk.taking, talk.owner);
}

TEST_CASE("fill talk: the owner gives an image back of which nobody has asked for a page for 15 s") {
  Talk talk;
  talk.taking.want(talk.owner.node);
  talk.deliver_pages(3);
  CHECK(talk.owner.links_of_tables() == 2);
  REQUIRE(talk.owner.giver.idle_at());
  const auto idle_at = *talk.owner.giver.idle_at();
  CHECK(idle_at == talk.post.now + 15s);
  talk.owner.giver.look(idle_at - 1ms);
  CHECK(talk.owner.log.has("fill.links"));
  talk.owner.giver.look(idle_at);
  CHECK_FALSE(talk.owner.log.has("fill.links"));
  CHECK(talk.owner.links_of_tables() == 1);  // what RocksDB removes now is free
  CHECK_FALSE(talk.owner.giver.idle_at());
  CHECK(talk.owner.giver.to() == NodeId{});

  // Who asks for more of it is told, and is given another one.
  talk.post.now = idle_at;
  const FillAsk asked = ask_in(talk.post.letters.front());
  talk.taking.want(talk.owner.node);
  talk.deliver_all();
  REQUIRE(talk.taking.problems.size() == 1);
  CHECK(talk.taking.problems[0] == "this node can't be filled now: n1 has given up the image that was asked for");
  talk.wait(1'000ms, talk.owner.node);
  REQUIRE_FALSE(talk.post.letters.empty());
  CHECK(ask_in(talk.post.letters.front()).image != asked.image);
  talk.deliver_all();
  talk.check_filled(talk.taking, talk.owner);
}

TEST_CASE("fill talk: one node at a time; the second is told to wait, and has its turn") {
  Talk talk;
  talk.taking.want(talk.owner.node);
  talk.deliver_pages(2);
  const Letter question = talk.post.next();
  talk.second.want(talk.owner.node);
  talk.deliver_all();
  REQUIRE(talk.second.problems.size() == 1);
  CHECK(talk.second.problems[0] == "this node can't be filled now: n1 is filling n2 now, and one node at a time");
  CHECK(talk.owner.giver.to() == talk.taking.node);
  CHECK_FALSE(talk.second.log.has("fill"));
  talk.deliver(question);
  talk.deliver_all();
  CHECK(talk.taking.done == 1);
  talk.post.now += 1s;
  talk.second.want(talk.owner.node);
  talk.deliver_all();
  CHECK(talk.second.problems.size() == 1);
  talk.check_filled(talk.taking, talk.owner);
  talk.check_filled(talk.second, talk.owner);
}

TEST_CASE("fill talk: a node gives up an owner that says nothing for 20 s, tries again, and keeps what it has") {
  Talk talk;
  talk.taking.want(talk.owner.node);
  while (!talk.taking.log.has("fill/CURRENT") || talk.post.letters.empty()) talk.deliver(talk.post.next());
  const FillAsk asked = ask_in(talk.post.letters.front());
  talk.post.letters.clear();
  talk.wait(20'000ms, talk.owner.node);
  CHECK(talk.taking.problems.empty());
  talk.post.letters.clear();
  talk.wait(100ms, talk.owner.node);
  REQUIRE(talk.taking.problems.size() == 1);
  CHECK(talk.taking.problems[0] == "this node can't be filled now: n1 sends nothing");
  CHECK(talk.post.letters.size() == 1);
  CHECK(ask_in(talk.post.letters.front()) == FillAsk{asked.image, fill_ended, 0});
  talk.post.letters.clear();
  talk.wait(900ms, talk.owner.node);
  CHECK(talk.post.letters.empty());
  talk.wait(100ms, talk.owner.node);
  REQUIRE(talk.post.letters.size() == 1);
  CHECK(ask_in(talk.post.letters.front()).image != asked.image);
  bool has_proved = false;
  while (!talk.post.letters.empty()) {
    const Letter letter = talk.post.next();
    has_proved = has_proved || (letter.to == talk.owner.node && wal::FillImage::is_check(ask_in(letter).offset) &&
                                ask_in(letter).file != fill_ended);
    talk.deliver(letter);
  }
  CHECK(has_proved);
  talk.check_filled(talk.taking, talk.owner);
}

TEST_CASE("fill talk: what nobody wants for 5 s is ended, and the owner hears of it") {
  Talk talk;
  talk.taking.want(talk.owner.node);
  talk.deliver_pages(3);
  talk.post.letters.clear();
  talk.post.now += 5s;
  talk.taking.taker.look(talk.post.now);
  REQUIRE(talk.post.letters.size() == 1);
  CHECK(ask_in(talk.post.letters.front()).file == fill_ended);
  talk.deliver_all();
  CHECK_FALSE(talk.owner.log.has("fill.links"));
  CHECK(talk.taking.problems.empty());
  talk.taking.taker.look(talk.post.now + 1min);
  CHECK(talk.post.letters.empty());
  talk.taking.want(talk.owner.node);
  talk.deliver_all();
  talk.check_filled(talk.taking, talk.owner);
}

TEST_CASE("fill talk: where another node owns the log it goes on with that one's image") {
  Talk talk;
  talk.taking.want(talk.owner.node);
  talk.deliver_pages(4);
  talk.deliver(talk.post.next());  // a page of the old one is on its way
  const Letter late = talk.post.next();
  REQUIRE(is_page(late));
  talk.taking.want(talk.other.node);
  talk.deliver(late);
  talk.taking.want(talk.other.node);
  talk.deliver(late);
  talk.deliver_all();
  CHECK_FALSE(talk.owner.log.has("fill.links"));
  CHECK(talk.taking.problems.empty());
  talk.check_filled(talk.taking, talk.other);
}

TEST_CASE("fill talk: a log that has gone on meanwhile is filled anew") {
  Talk talk;
  talk.taking.want(talk.owner.node);
  const FillAsk asked = ask_in(talk.post.letters.front());
  talk.deliver_pages(3);
  talk.taking.log.add(2, 1);
  talk.post.letters.clear();
  talk.taking.want(talk.owner.node);
  REQUIRE(talk.post.letters.size() == 1);
  CHECK(ask_in(talk.post.letters.front()).file == fill_ended);
  talk.taking.want(talk.owner.node);
  CHECK(ask_in(talk.post.letters.back()).image != asked.image);
  talk.deliver_all();
  talk.check_filled(talk.taking, talk.owner);
}

TEST_CASE("fill talk: an owner whose program can't prove what is there is asked for all of it") {
  Talk talk;
  talk.taking.want(talk.owner.node);
  while (!talk.taking.log.has("fill/CURRENT") || talk.post.letters.empty()) talk.deliver(talk.post.next());
  talk.post.now += 5s;
  talk.taking.taker.look(talk.post.now);
  talk.post.letters.clear();
  talk.taking.want(talk.owner.node);
  int checks = 0;
  for (int tries = 0; tries < 3 && talk.taking.done == 0; ++tries) {
    while (!talk.post.letters.empty()) {
      const Letter letter = talk.post.next();
      const bool is_to_owner = letter.to == talk.owner.node;
      if (!is_to_owner || ask_in(letter).file == fill_ended || !wal::FillImage::is_check(ask_in(letter).offset)) {
        talk.deliver(letter);
        continue;
      }
      ++checks;  // as the program before this one
      talk.post.put(talk.owner.node, letter.from, FillRefused{ask_in(letter).image, "no such place in a file"});
    }
    talk.wait(1'000ms, talk.owner.node);
  }
  CHECK(checks == 1);
  talk.check_filled(talk.taking, talk.owner);
}

TEST_CASE("fill talk: the rest goes where none is wanted, and never what is being taken or has come") {
  Talk talk;
  talk.taking.want(talk.owner.node);
  talk.deliver_pages(5);
  talk.taking.taker.drop_rest();
  CHECK(talk.taking.log.has("fill"));
  talk.post.now += 5s;
  talk.taking.taker.look(talk.post.now);
  talk.deliver_all();
  CHECK(talk.taking.log.has("fill"));
  talk.taking.taker.drop_rest();
  CHECK_FALSE(talk.taking.log.has("fill"));
  talk.taking.want(talk.owner.node);
  talk.deliver_all();
  talk.taking.taker.drop_rest();
  CHECK(talk.taking.log.has("fill.whole"));
  talk.check_filled(talk.taking, talk.owner);
}

}  // namespace
}  // namespace tote::cluster
