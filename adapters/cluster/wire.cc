#include "adapters/cluster/wire.h"

#include <xxhash.h>

#include <cstring>
#include <limits>
#include <memory>
#include <type_traits>
#include <utility>

#include "engine/kernel/invariant.h"
#include "wal/frame.h"

namespace tote::cluster {
namespace {

using replication::Append;
using replication::Ask;
using replication::Common;
using replication::Confirm;
using replication::Confirmed;
using replication::Epoch;
using replication::Frame;
using replication::Held;
using replication::Hello;
using replication::Mark;
using replication::Message;
using replication::Refused;
using replication::Yield;

constexpr std::string_view greeting_mark = "TOTEPEER";
constexpr std::uint32_t wire_version = 1;
constexpr std::size_t why_bytes_max = 1'000;  // of a sentence

enum class Type : std::uint8_t {
  greeting,
  append,
  common,
  confirm,
  hello,
  held,
  ask,
  confirmed,
  refused,
  yield,
  fill_ask,
  fill_page,
  fill_refused
};

template <class Number>
void put_number(Number value, std::string& to) {
  to.append(reinterpret_cast<const char*>(&value), sizeof value);
}
void put_text(std::string_view text, std::string& to) {
  TOTE_INVARIANT(text.size() <= std::numeric_limits<std::uint16_t>::max());
  put_number(static_cast<std::uint16_t>(text.size()), to);
  to += text;
}
void put_mark(const Mark& mark, std::string& to) {
  put_number(mark.lsn.value, to);
  put_number(mark.hash.high, to);
  put_number(mark.hash.low, to);
}

// The size is known when the rest is there.
template <class Body>
void put_packet(Type type, std::string& to, const Body& body) {
  const std::size_t at = to.size();
  to.append(packet_size_bytes, '\0');
  put_number(type, to);
  body();
  const auto size = static_cast<std::uint32_t>(to.size() - at - packet_size_bytes);
  TOTE_INVARIANT(size <= packet_bytes_max);
  std::memcpy(to.data() + at, &size, sizeof size);
}

// Takes fields off the front of a packet; once one isn't there, none is.
class Fields {
 public:
  explicit Fields(std::string_view packet) : rest_(packet) {}

  template <class Number>
  Number number() {
    Number value{};
    const std::string_view bytes = take(sizeof value);
    if (!bytes.empty()) std::memcpy(&value, bytes.data(), sizeof value);
    return value;
  }
  Epoch epoch() { return {number<std::uint64_t>()}; }
  Lsn lsn() { return {number<std::uint64_t>()}; }
  Mark mark() {
    const Lsn at = lsn();
    const auto high = number<std::uint64_t>();
    return {at, {high, number<std::uint64_t>()}};
  }
  std::string_view take(std::size_t bytes) {
    is_whole_ = is_whole_ && bytes <= rest_.size();
    if (!is_whole_) return {};
    const std::string_view taken = rest_.substr(0, bytes);
    rest_.remove_prefix(bytes);
    return taken;
  }
  std::string text() { return std::string(take(number<std::uint16_t>())); }
  std::string_view rest() { return take(rest_.size()); }
  bool has_more() const { return is_whole_ && !rest_.empty(); }
  bool is_at_end() const { return is_whole_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool is_whole_ = true;
};

void put_body(const Append& said, std::string& to) {
  put_number(said.epoch.value, to);
  put_mark(said.end, to);
  put_number(said.committed.value, to);
  for (const Frame& frame : said.frames) {
    put_number(static_cast<std::uint32_t>(frame.bytes->size()), to);
    to += *frame.bytes;
  }
}
void put_body(const Common& said, std::string& to) {
  put_number(said.epoch.value, to);
  put_number(static_cast<std::uint8_t>((said.common ? 1 : 0) + (said.foreign ? 2 : 0)), to);
  if (said.common) put_mark(*said.common, to);
  if (said.foreign) put_mark(*said.foreign, to);
}
void put_body(const Hello&, std::string&) {}
void put_body(const Held& said, std::string& to) {
  put_number(said.epoch.value, to);
  put_mark(said.end, to);
}
void put_body(const Ask& said, std::string& to) {
  put_number(said.epoch.value, to);
  for (const Mark& mark : said.marks) put_mark(mark, to);
}
void put_body(const Yield& said, std::string& to) {
  put_number(said.epoch.value, to);
  put_number(said.known.revision, to);
  put_text(to_text(said.known.value), to);
}
void put_body(const Refused& said, std::string& to) { put_number(said.promised.value, to); }
template <class Turn>
void put_body(const Turn& said, std::string& to) {
  put_number(said.epoch.value, to);
  put_number(said.turn, to);
}

// Their types have the order of the variant.
Type type_of(const Message& message) {
  static_assert(std::is_same_v<std::variant_alternative_t<8, Message>, Yield> && std::variant_size_v<Message> == 9);
  return static_cast<Type>(message.index() + 1);
}

Packet read_greeting(Fields& fields) {
  if (fields.take(greeting_mark.size()) != greeting_mark) return "isn't a node of tote's";
  const auto version = fields.number<std::uint32_t>();
  if (version != wire_version) return "speaks version " + std::to_string(version) + ", this program version 1";
  Greeting greeting;
  greeting.shard = fields.text();
  greeting.from = {fields.text()};
  greeting.to = {fields.text()};
  if (!replication::is_node_id(greeting.from.text) || !replication::is_node_id(greeting.to.text))
    return "doesn't say who it is";
  return greeting;
}

Packet read_append(Fields& fields) {
  Append said{fields.epoch(), {}, fields.mark(), fields.lsn()};
  while (fields.has_more()) {
    auto read = read_frame(fields.take(fields.number<std::uint32_t>()));
    if (auto* problem = std::get_if<std::string>(&read)) return std::move(*problem);
    auto& frame = std::get<Frame>(read);
    if (!said.frames.empty() && !frame.follows(said.frames.back().end())) return "sends frames that don't follow";
    said.frames.push_back(std::move(frame));
  }
  return said;
}

Packet read_common(Fields& fields) {
  Common said{fields.epoch(), {}, {}};
  const auto has = fields.number<std::uint8_t>();
  if (has < 1 || has > 3) return "answers nothing";
  if ((has & 1) != 0) said.common = fields.mark();
  if ((has & 2) != 0) said.foreign = fields.mark();
  return said;
}

Packet read_yield(Fields& fields) {
  const Epoch epoch = fields.epoch();
  const auto revision = fields.number<std::int64_t>();
  const auto known = replication::read_register(fields.text());
  if (!known || revision <= 0) return "yields without a register";
  return Yield{epoch, {*known, revision}};
}

Packet read_ask(Fields& fields) {
  Ask said{fields.epoch(), {}};
  while (fields.has_more() && said.marks.size() <= marks_max) said.marks.push_back(fields.mark());
  if (said.marks.empty()) return "asks about nothing";
  return said;
}

template <class Turn>
Packet read_turn(Fields& fields) {
  const Epoch epoch = fields.epoch();
  return Turn{epoch, fields.number<std::uint64_t>()};
}

void put_place(const FillAsk& at, std::string& to) {
  put_number(at.image, to);
  put_number(at.file, to);
  put_number(at.offset, to);
}
void put_fill(const FillAsk& said, std::string& to) {
  put_packet(Type::fill_ask, to, [&] { put_place(said, to); });
}
void put_fill(const FillPage& said, std::string& to) {
  put_packet(Type::fill_page, to, [&] {
    put_place(said.at, to);
    put_number(said.size, to);
    put_number(std::uint64_t{XXH3_64bits(said.bytes.data(), said.bytes.size())}, to);
    to += said.bytes;
  });
}
void put_fill(const FillRefused& said, std::string& to) {
  put_packet(Type::fill_refused, to, [&] {
    put_number(said.image, to);
    put_text(std::string_view(said.why).substr(0, why_bytes_max), to);
  });
}

FillAsk read_place(Fields& fields) {
  FillAsk at{fields.number<std::uint64_t>()};
  at.file = fields.number<std::uint32_t>();
  at.offset = fields.number<std::uint64_t>();
  return at;
}

Packet read_page(Fields& fields) {
  FillPage said{read_place(fields)};
  said.size = fields.number<std::uint64_t>();
  const auto checksum = fields.number<std::uint64_t>();
  said.bytes = fields.rest();
  if (checksum != XXH3_64bits(said.bytes.data(), said.bytes.size())) return "sends a page that isn't whole";
  return FillMessage(std::move(said));
}

Packet read_fill_refused(Fields& fields) {
  const auto image = fields.number<std::uint64_t>();
  return FillMessage(FillRefused{image, fields.text()});
}

Packet read_body(Type type, Fields& fields) {
  switch (type) {
    case Type::greeting: return read_greeting(fields);
    case Type::append: return read_append(fields);
    case Type::common: return read_common(fields);
    case Type::confirm: return read_turn<Confirm>(fields);
    case Type::hello: return Hello{};
    case Type::held: {
      const Epoch epoch = fields.epoch();
      return Held{epoch, fields.mark()};
    }
    case Type::ask: return read_ask(fields);
    case Type::confirmed: return read_turn<Confirmed>(fields);
    case Type::refused: return Refused{fields.epoch()};
    case Type::yield: return read_yield(fields);
    case Type::fill_ask: return FillMessage(read_place(fields));
    case Type::fill_page: return read_page(fields);
    case Type::fill_refused: return read_fill_refused(fields);
  }
  return "says what this program doesn't know";
}

}  // namespace

void put(const Greeting& greeting, std::string& to) {
  put_packet(Type::greeting, to, [&] {
    to += greeting_mark;
    put_number(wire_version, to);
    put_text(greeting.shard, to);
    put_text(greeting.from.text, to);
    put_text(greeting.to.text, to);
  });
}

void put(const Message& message, std::string& to) {
  put_packet(type_of(message), to, [&] { std::visit([&](const auto& said) { put_body(said, to); }, message); });
}

void put(const FillMessage& message, std::string& to) {
  std::visit([&](const auto& said) { put_fill(said, to); }, message);
}

Packet read_packet(std::string_view packet) {
  if (packet.size() > packet_bytes_max) return "sends a packet that is too large";
  Fields fields(packet);
  const Type type = fields.number<Type>();
  Packet read = packet.empty() ? Packet("sends an empty packet") : read_body(type, fields);
  if (!std::holds_alternative<std::string>(read) && !fields.is_at_end()) return "sends a packet of another size";
  return read;
}

std::variant<Frame, std::string> read_frame(std::string_view bytes) {
  wal::FrameHeader header;
  if (std::string problem = wal::open_frame(bytes, header); !problem.empty()) return problem;
  const wal::FrameHash hash = wal::hash_of(bytes);
  return Frame{{header.epoch},        header.first,
               header.last,           {header.previous.high, header.previous.low},
               {hash.high, hash.low}, std::make_shared<const std::string>(bytes)};
}

}  // namespace tote::cluster
