// What nodes say to each other, as bytes: packets over one connection from one node to another, in one direction.
//
//   connection := greeting packet*            packet := size (4) type (1) body     `size` is that of type and body
//   greeting   := packet of type 0: `TOTEPEER` version (4) = 1, shard, from, to   texts: size (2) bytes
//   mark       := LSN (8) hash (16, its high 8 bytes first)
//   1 Append   := epoch (8) end: mark, committed (8) (size (4) frame)*            `frame` as in wal/FORMAT.md
//   2 Common   := epoch (8) has (1: 1 common, 2 foreign, 3 both) mark*            3 Confirm := epoch (8) turn (8)
//   4 Hello    := nothing    5 Held := epoch (8) mark    6 Ask := epoch (8) mark*
//   7 Confirmed := epoch (8) turn (8)    8 Refused := epoch (8)
//   9 Yield    := epoch (8) revision (8) register: text
//
// Numbers are little-endian. A frame's hash isn't sent: who receives it makes it of the bytes. Pure bytes, any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "replication/message.h"

namespace tote::cluster {

inline constexpr std::size_t packet_size_bytes = 4;
inline constexpr std::size_t packet_bytes_max = (256 << 20) + (64 << 10);  // one frame may have 256 MiB
inline constexpr std::size_t marks_max = 64;                               // in one question

// Who speaks to whom; the first packet of a connection.
struct Greeting {
  std::string shard{};
  replication::NodeId from{}, to{};

  bool operator==(const Greeting&) const = default;
};

void put(const Greeting& greeting, std::string& to);
void put(const replication::Message& message, std::string& to);

// A packet without its size, or a sentence that says what is wrong with it: then nothing of the connection is believed.
using Packet = std::variant<Greeting, replication::Message, std::string>;
Packet read_packet(std::string_view packet);

// A frame as it is on disk, proved to be whole; or what is wrong with it.
std::variant<replication::Frame, std::string> read_frame(std::string_view bytes);

}  // namespace tote::cluster
