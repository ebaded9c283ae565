// Ids and idempotency keys: exactly the syntax of API.md, Common.
#include "engine/kernel/name.h"

#include <doctest/doctest.h>

#include <string>

#include "engine/kernel/ordinal.h"

namespace tote {
namespace {

constexpr int bytes = 256;

TEST_CASE("id: exactly A-Z a-z 0-9 . _ : - may stand in it") {
  const std::string allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:-";
  for (int byte = 0; byte < bytes; ++byte) {
    CAPTURE(byte);
    const std::string id = std::string("a") + static_cast<char>(byte) + "z";
    CHECK(is_valid_id(id) == (allowed.find(static_cast<char>(byte)) != std::string::npos));
  }
}

TEST_CASE("id: 1 to 128 characters") {
  CHECK_FALSE(is_valid_id(""));
  CHECK(is_valid_id("a"));
  CHECK(is_valid_id(std::string(128, 'a')));
  CHECK_FALSE(is_valid_id(std::string(129, 'a')));
}

TEST_CASE("id: the character that is wrong is found wherever it stands") {
  CHECK_FALSE(is_valid_id("/a"));
  CHECK_FALSE(is_valid_id("a/"));
  CHECK_FALSE(is_valid_id(std::string("a\0", 2)));
  CHECK_FALSE(is_valid_id("\xc3\xa4"));
}

TEST_CASE("idempotency key: visible ASCII, no space") {
  for (int byte = 0; byte < bytes; ++byte) {
    CAPTURE(byte);
    const std::string key = std::string("k") + static_cast<char>(byte);
    CHECK(is_valid_idempotency_key(key) == (byte >= 0x21 && byte <= 0x7e));
  }
}

TEST_CASE("idempotency key: 1 to 255 characters") {
  CHECK_FALSE(is_valid_idempotency_key(""));
  CHECK(is_valid_idempotency_key(std::string(255, '~')));
  CHECK_FALSE(is_valid_idempotency_key(std::string(256, '~')));
}

TEST_CASE("ordinal: the next one is one more") {
  CHECK(Lsn{}.next() == Lsn{1});
  CHECK(Version{41}.next() == Version{42});
  CHECK(Lsn{1} < Lsn{2});
}

}  // namespace
}  // namespace tote
