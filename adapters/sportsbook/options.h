// One [[sportsbook]]: how a provider speaks. Profiles (profiles.toml) are named sets of these.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tote::sportsbook {

enum class Unit : std::uint8_t { subunits, x100000, decimal };

struct Options {
  std::string name;  // 1 to 20 characters of ids, without ':': part of bet ids
  std::string path;  // "/callbacks/acme"
  std::string tenant = "default";
  std::string profile = "payload-jws";
  std::vector<std::string> keys;  // paths of PEM files and JWK sets
  std::string issuer, audience;   // empty: not checked
  std::int64_t leeway_s = 60;
  std::string wallet = "{player_id}";
  bool sessions = false;
  bool may_overdraw = true;    // negative_balance = "allow"; false: "clamp"
  bool unknown_is_ok = false;  // unknown_parent = "ok"
  std::int64_t timeout_ms = 3'000;
  Unit unit = Unit::subunits;
  unsigned error_status = 400;

  bool operator==(const Options&) const = default;
};

// What is wrong with it, its key first: "wallet: …"; empty when nothing is.
std::string problem_of(const Options& options);

}  // namespace tote::sportsbook
