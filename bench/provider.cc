#include "bench/provider.h"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>

namespace tote::bench {

namespace {

using sportsbook::Algorithm;

constexpr ProviderKey keys[] = {
    {"rsa2048", Algorithm::rs256, "rsa2048", "+F2:"},
    {"es256", Algorithm::es256, "ecdsap256", "+F4:"},
    {"rsa4096", Algorithm::rs256, "rsa4096", "+F2:"},
};

sportsbook::KeyPtr make_pair(const ProviderKey& key) {
  const std::string_view name = key.name;
  sportsbook::KeyPtr pair(name == "es256" ? EVP_EC_gen("P-256") : EVP_RSA_gen(name == "rsa4096" ? 4'096U : 2'048U));
  if (pair == nullptr) throw std::runtime_error("no key pair could be made");
  return pair;
}

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
struct ClosePipe {
  void operator()(std::FILE* pipe) const { pclose(pipe); }
};

std::int64_t now_s() {
  using namespace std::chrono;
  return duration_cast<seconds>(system_clock::now().time_since_epoch()).count();
}

}  // namespace

std::span<const ProviderKey> provider_keys() { return keys; }

const ProviderKey* find_provider_key(std::string_view name) {
  for (const ProviderKey& key : keys)
    if (name == key.name) return &key;
  return nullptr;
}

Provider::Provider(const ProviderKey& key, const std::string& directory) : key_(key), pair_(make_pair(key)) {
  const std::string file = directory + "/bench-" + key.name + ".pem";
  const std::unique_ptr<std::FILE, CloseFile> out(std::fopen(file.c_str(), "wb"));
  if (out == nullptr || PEM_write_PUBKEY(out.get(), pair_.get()) != 1 || std::fflush(out.get()) != 0)
    throw std::runtime_error(file + ": can't be written");
}

std::string Provider::settings() const {
  return "[[sportsbook]]\nname = \"bench-" + std::string(key_.name) + "\"\npath = \"" + path() +
         "\"\nkeys = [\"bench-" + key_.name + ".pem\"]\n";
}

std::string Provider::body(std::string_view payload) {
  const std::string claims = "{\"iat\":" + std::to_string(now_s()) + ",\"exp\":" + std::to_string(now_s() + 86'400) +
                             ",\"jti\":\"" + std::to_string(++signed_) + "\",\"payload\":" + std::string(payload) + '}';
  const auto token = sportsbook::sign_jws(*pair_, key_.algorithm, {}, claims);
  if (!token) throw std::runtime_error("a callback couldn't be signed");
  return "{\"payload\":\"" + *token + "\"}";
}

// "+F2:1:2048:2457.7:43883.1": a second, to sign and to verify; older ones say the seconds of one.
double openssl_speed(const ProviderKey& key) {
  const std::string command = std::string("openssl speed -mr -seconds 2 ") + key.speed + " 2>/dev/null";
  const std::unique_ptr<std::FILE, ClosePipe> pipe(popen(command.c_str(), "r"));
  if (pipe == nullptr) return 0;
  std::array<char, 512> line{};
  double per_s = 0;
  while (std::fgets(line.data(), line.size(), pipe.get()) != nullptr) {
    const std::string_view text(line.data());
    if (!text.starts_with(key.mark)) continue;
    if (std::ranges::count(text, ':') < 4) continue;
    const double verify = std::strtod(line.data() + text.rfind(':') + 1, nullptr);
    if (verify > 0) per_s = verify < 1 ? 1 / verify : verify;
  }
  return per_s;
}

}  // namespace tote::bench
