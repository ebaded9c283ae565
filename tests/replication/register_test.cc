// The register's text: what lies in etcd.
#include "replication/register.h"

#include <doctest/doctest.h>

namespace tote::replication {
namespace {

TEST_CASE("the register's text is read back as it was") {
  const Register value{{42}, {"n2"}, {{"n1"}, {"n2"}, {"n3:4f"}}};
  CHECK(to_text(value) == "tote 1 epoch=42 owner=n2 isr=n1,n2,n3:4f");
  CHECK(read_register(to_text(value)) == value);
}

TEST_CASE("a register that somebody else wrote, or half of one, is none") {
  for (const char* text :
       {"", "tote", "tote 1 epoch=", "tote 1 epoch=1 owner=n1", "tote 2 epoch=1 owner=n1 isr=n1",
        "tote 1 epoch=0 owner=n1 isr=n1", "tote 1 epoch=01 owner=n1 isr=n1", "tote 1 epoch=-1 owner=n1 isr=n1",
        "tote 1 epoch=4294967296 owner=n1 isr=n1", "tote 1 epoch=99999999999999999999999 owner=n1 isr=n1",
        "tote 1 epoch=1 owner=n1 isr=n2", "tote 1 epoch=1 owner=n1 isr=n2,n1", "tote 1 epoch=1 owner=n1 isr=n1,n1",
        "tote 1 epoch=1 owner=n1 isr=n1,", "tote 1 epoch=1 owner= isr=", "tote 1 epoch=1 owner=n 1 isr=n 1",
        "tote 1 epoch=1 owner=n1 isr=n1 ", " tote 1 epoch=1 owner=n1 isr=n1", "tote 1 epoch=1 owner=n1 isr=n1\n"})
    CHECK_MESSAGE(!read_register(text), text);
}

TEST_CASE("a register names no more nodes than it may") {
  Register value{{1}, {"a"}, {}};
  for (std::size_t i = 0; i < in_sync_max; ++i) value = value.with({std::string(1, static_cast<char>('a' + i))});
  CHECK(read_register(to_text(value)));
  CHECK(!read_register(to_text(value.with({"z"}))));
  CHECK(!is_node_id(std::string(node_id_bytes_max + 1, 'n')));
}

TEST_CASE("who joins and leaves keeps the register in order, each once") {
  const Register value{{1}, {"b"}, {{"b"}}};
  CHECK(value.with({"a"}).with({"c"}).with({"a"}).isr == std::vector<NodeId>{{"a"}, {"b"}, {"c"}});
  CHECK(value.with({"a"}).without({"a"}) == value);
}

}  // namespace
}  // namespace tote::replication
