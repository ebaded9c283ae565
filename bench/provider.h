// A betting provider of the bench's own: a throw-away key pair for each of its doors, of which only the public half is
// ever written down, and callbacks signed with them.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/sportsbook/jws.h"

namespace tote::bench {

struct ProviderKey {
  const char* name;  // "rsa2048": of the door, and of the file with its key
  sportsbook::Algorithm algorithm;
  const char* speed;  // what `openssl speed` calls it …
  const char* mark;   // … and how the line of its answer begins
};
std::span<const ProviderKey> provider_keys();
const ProviderKey* find_provider_key(std::string_view name);  // null: there is none

class Provider {
 public:
  // Makes the key pair, which may take a second, and writes the public key into `directory`. Throws.
  Provider(const ProviderKey& key, const std::string& directory);

  std::string path() const { return std::string("/callbacks/bench-") + key_.name; }
  // The [[sportsbook]] of tote.toml.
  std::string settings() const;
  // What is posted for this payload, a JSON object.
  std::string body(std::string_view payload);
  const ProviderKey& key() const { return key_; }

 private:
  const ProviderKey& key_;
  sportsbook::KeyPtr pair_;
  std::uint64_t signed_ = 0;
};

// Verifications a second of one core, by `openssl speed`; 0 where that can't be run.
double openssl_speed(const ProviderKey& key);

}  // namespace tote::bench
