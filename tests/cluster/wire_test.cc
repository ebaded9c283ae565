// Packets between nodes: nothing but the very bytes that were sent is believed.
#include "adapters/cluster/wire.h"

#include <doctest/doctest.h>

#include <cstring>

#include "wal/frame.h"

namespace tote::cluster {
namespace {

using namespace replication;

// Two frames of a log; what is in them doesn't matter to a node.
std::string frame_bytes(Lsn first, std::uint32_t count, const wal::FrameHash& previous, std::uint32_t epoch,
                        wal::FrameHash& hash) {
  wal::FrameBuilder builder;
  const std::string records(8 * count, 'r');
  const auto frame = builder.build(first, count, records, previous, epoch);
  hash = frame.hash;
  return std::string(frame.header) + std::string(frame.payload);
}

Append some_frames() {
  wal::FrameHash first_hash, second_hash;
  const std::string first = frame_bytes({5}, 2, {1, 2}, 3, first_hash);
  const std::string second = frame_bytes({7}, 1, first_hash, 4, second_hash);
  Append said{{4}, {}, {{7}, {second_hash.high, second_hash.low}}, {6}};
  for (const std::string& bytes : {first, second}) said.frames.push_back(std::get<Frame>(read_frame(bytes)));
  return said;
}

std::vector<Message> one_of_each() {
  const Mark mark{{9}, {11, 12}}, other{{8}, {13, 14}};
  return {some_frames(),
          Append{{4}, {}, mark, {6}},
          Common{{4}, mark, {}},
          Common{{4}, {}, mark},
          Common{{4}, other, mark},
          Confirm{{4}, 77},
          Hello{},
          Held{{4}, mark},
          Ask{{4}, {other, mark}},
          Confirmed{{4}, 78},
          Refused{{5}},
          Yield{{4}, {{{4}, {"n1"}, {{"n1"}, {"n2"}}}, 12}}};
}

std::string bytes_of(const Message& message) {
  std::string bytes;
  put(message, bytes);
  return bytes;
}
std::string_view without_size(std::string_view packet) { return packet.substr(packet_size_bytes); }

TEST_CASE("wire: each message is read as it was said") {
  for (const Message& message : one_of_each()) {
    const std::string bytes = bytes_of(message);
    std::uint32_t size = 0;
    std::memcpy(&size, bytes.data(), sizeof size);
    CHECK(size == bytes.size() - packet_size_bytes);
    const Packet read = read_packet(without_size(bytes));
    REQUIRE(std::holds_alternative<Message>(read));
    CHECK(std::get<Message>(read).index() == message.index());
    CHECK(bytes_of(std::get<Message>(read)) == bytes);
  }
}

TEST_CASE("wire: what fills a node is read as it was said, and no other byte of it") {
  const FillAsk ask{77, 3, 1'000'000};
  const FillMessage all[] = {ask, FillAsk{77, fill_ended, 0}, FillPage{ask, 1'000'005, "bytes"},
                             FillPage{{77, 0, 0}, 0, ""}, FillRefused{77, "is filling n3 now"}};
  for (const FillMessage& message : all) {
    std::string bytes;
    put(message, bytes);
    const Packet read = read_packet(without_size(bytes));
    REQUIRE(std::holds_alternative<FillMessage>(read));
    CHECK(std::get<FillMessage>(read) == message);
  }
  std::string page;
  put(all[2], page);
  page.back() ^= 1;
  CHECK(std::get<std::string>(read_packet(without_size(page))) == "sends a page that isn't whole");
  std::string cut;
  put(all[0], cut);
  cut.pop_back();
  CHECK(std::holds_alternative<std::string>(read_packet(without_size(cut))));
}

TEST_CASE("wire: a frame comes with its epoch, its place and the hash of its bytes") {
  const Packet read = read_packet(without_size(bytes_of(some_frames())));
  const auto& said = std::get<Append>(std::get<Message>(read));
  REQUIRE(said.frames.size() == 2);
  CHECK(said.frames[0].epoch == Epoch{3});
  CHECK(said.frames[0].first == Lsn{5});
  CHECK(said.frames[0].last == Lsn{6});
  CHECK(said.frames[0].previous == ChainHash{1, 2});
  CHECK(said.frames[1].follows(said.frames[0].end()));
  CHECK(said.frames[1].end() == said.end);
}

TEST_CASE("wire: a greeting says who speaks to whom, and of which shard") {
  const Greeting greeting{"shop", {"n1:4f"}, {"n2"}};
  std::string bytes;
  put(greeting, bytes);
  CHECK(std::get<Greeting>(read_packet(without_size(bytes))) == greeting);
  std::string newer = bytes;
  newer[packet_size_bytes + 1 + 8] = 2;
  CHECK(std::get<std::string>(read_packet(without_size(newer))) == "speaks version 2, this program version 1");
  std::string nobody;
  put(Greeting{"shop", {""}, {"n2"}}, nobody);
  CHECK(std::holds_alternative<std::string>(read_packet(without_size(nobody))));
}

TEST_CASE("wire: a packet that ends too early, or too late, is none") {
  for (const Message& message : one_of_each()) {
    const std::string bytes = bytes_of(message);
    const std::string_view packet = without_size(bytes);
    for (std::size_t size = 0; size < packet.size(); ++size) {
      const Packet read = read_packet(packet.substr(0, size));
      // An Append may end behind any frame, a question behind any mark: then it is a shorter one.
      if (const auto* shorter = std::get_if<Message>(&read))
        CHECK(bytes_of(*shorter).size() - packet_size_bytes == size);
    }
    CHECK(std::holds_alternative<std::string>(read_packet(std::string(packet) + "x")));
  }
}

TEST_CASE("wire: one changed bit of a frame is found") {
  const std::string bytes = bytes_of(some_frames());
  const std::size_t begin = packet_size_bytes + 1 + 8 + 24 + 8 + 4;
  for (std::size_t at = begin; at < begin + 64 + 16; ++at) {
    std::string changed = bytes;
    changed[at] = static_cast<char>(changed[at] ^ 4);
    CHECK(std::holds_alternative<std::string>(read_packet(without_size(changed))));
  }
}

TEST_CASE("wire: what no node says is refused") {
  const Append said = some_frames();
  const Append unfit{{4}, {said.frames[1], said.frames[0]}, said.end, {}};
  CHECK(std::get<std::string>(read_packet(without_size(bytes_of(unfit)))) == "sends frames that don't follow");
  Ask question{{4}, {}};
  CHECK(std::holds_alternative<std::string>(read_packet(without_size(bytes_of(question)))));
  question.marks.assign(marks_max + 2, Mark{});
  CHECK(std::holds_alternative<std::string>(read_packet(without_size(bytes_of(question)))));
  CHECK(std::holds_alternative<std::string>(read_packet(std::string("\x0a", 1))));
}

TEST_CASE("wire: frames of the time when one machine had the log go like others") {
  wal::FrameHash hash;
  CHECK(std::get<Frame>(read_frame(frame_bytes({1}, 1, {}, 0, hash))).epoch == Epoch{});
}

}  // namespace
}  // namespace tote::cluster
