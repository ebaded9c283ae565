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
//   10 FillAsk := image (8) file (4) offset (8)    12 FillRefused := image (8) why: text
//   11 FillPage := image (8) file (4) offset (8) size (8) checksum (8) bytes*    checksum: XXH3-64 of the bytes
//                  with the highest bit of the offset the bytes are a checksum of that part of the file (wal/fill_image.h)
//
// 10 to 12 are said to nodes that say in etcd that they know of them (node_list.h): others close the connection.
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

// -- a node that has nothing in common with the owner's log is given all of it (wal/fill_image.h), page by page, as it
// asks for them; any of it may be lost, and is asked for again
inline constexpr std::uint32_t fill_ended = 0xffffffff;
struct FillAsk {
  std::uint64_t image = 0;  // drawn by who asks: a new one is made for a new number
  std::uint32_t file = 0;   // 0: the list; fill_ended: it is of no use any more
  std::uint64_t offset = 0;

  bool operator==(const FillAsk&) const = default;
};
struct FillPage {
  FillAsk at{};            // that is answered
  std::uint64_t size = 0;  // of the file
  std::string bytes{};

  bool operator==(const FillPage&) const = default;
};
struct FillRefused {
  std::uint64_t image = 0;
  std::string why{};

  bool operator==(const FillRefused&) const = default;
};
using FillMessage = std::variant<FillAsk, FillPage, FillRefused>;

void put(const Greeting& greeting, std::string& to);
void put(const FillMessage& message, std::string& to);
void put(const replication::Message& message, std::string& to);

// A packet without its size, or a sentence that says what is wrong with it: then nothing of the connection is believed.
using Packet = std::variant<Greeting, replication::Message, FillMessage, std::string>;
Packet read_packet(std::string_view packet);

// A frame as it is on disk, proved to be whole; or what is wrong with it.
std::variant<replication::Frame, std::string> read_frame(std::string_view bytes);

}  // namespace tote::cluster
