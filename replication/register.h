// Who owns a shard and who is in sync with the owner: the one value that a consensus engine keeps for it (etcd),
// changed only by compare-and-swap on its revision. Values and their text; no errors but those of `read_register`, any
// thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "replication/mark.h"

namespace tote::replication {

// A node with its disk: one whose disk was lost comes back under another id, because it has lost what it had promised.
struct NodeId {
  std::string text;  // 1 to node_id_bytes_max of A-Z a-z 0-9 . _ : -

  auto operator<=>(const NodeId&) const = default;
};

inline constexpr std::size_t node_id_bytes_max = 128;
inline constexpr std::size_t in_sync_max = 16;  // nodes of one register

bool is_node_id(std::string_view text);

struct Register {
  Epoch epoch{};
  NodeId owner{};
  std::vector<NodeId> isr{};  // in sync, the owner among them; sorted, each once
  std::string log{};  // id of the log that is owned, 32 hex digits: whose nodes have another don't belong; or none

  bool operator==(const Register&) const = default;
  bool has(const NodeId& node) const;
  Register with(const NodeId& node) const;
  Register without(const NodeId& node) const;
};

// The register as of a revision: etcd's mod_revision of its key. 0: nobody has made it yet.
struct Registered {
  Register value{};
  std::int64_t revision = 0;
};

// "tote 1 epoch=3 owner=n1 isr=n1,n2,n3 log=0123…ef": what lies in etcd, for people, too. Without a log: without that.
std::string to_text(const Register& value);
// Nothing, unless it is what to_text() makes of a register that keeps the rules above.
std::optional<Register> read_register(std::string_view text);

// The consensus engine as a port. A call returns at once and its answer comes by itself, or never: a proposal without
// an answer may still take effect, at any time until the revision has moved on. One thread calls, and gets the answers.
class RegisterPort {
 public:
  virtual ~RegisterPort() = default;

  // Asks for the register as it is now: never an older one than what any node has been told before.
  virtual void read() = 0;
  // Makes it `value` if its revision is still `expected` (0: if there is none); the answer is what it is then, either
  // way.
  virtual void propose(std::int64_t expected, const Register& value) = 0;
};

}  // namespace tote::replication
