// `tote token`: draws a token, prints it once and what the settings keep of it.
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <array>
#include <cstdio>

#include "adapters/cli/commands.h"
#include "adapters/cli/errors.h"
#include "adapters/http/role.h"
#include "engine/kernel/hex.h"
#include "engine/kernel/name.h"

namespace tote::cli {
namespace {

std::string drawn_token() {
  std::array<unsigned char, 32> random{};
  if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1)
    throw Failure("the system has no random bytes to give");
  return "tote_" + hex_of(random);
}

std::string sha256_of(std::string_view text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return hex_of(digest);
}

}  // namespace

int make_token(const TokenArguments& arguments) {
  if (!http::role_of(arguments.role)) throw UsageError("--role must be reader, writer, operator or issuer");
  if (!arguments.name.empty() && !is_valid_id(arguments.name))
    throw UsageError("--name must be 1 to 128 characters of A-Z a-z 0-9 . _ : -");
  const std::string token = drawn_token();
  const std::string name = arguments.name.empty() ? "" : ", name = \"" + arguments.name + "\"";
  std::printf("token   %s\nsha256  %s\n\n", token.c_str(), sha256_of(token).c_str());
  std::printf("The token isn't kept anywhere: give it to who will use it. In tote.toml, under its [[tenant]]:\n");
  std::printf("  tokens = [{ sha256 = \"%s\", role = \"%s\"%s }]\n", sha256_of(token).c_str(), arguments.role.c_str(),
              name.c_str());
  return exit_ok;
}

}  // namespace tote::cli
