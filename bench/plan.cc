#include "bench/plan.h"

#include <charconv>
#include <optional>
#include <string_view>

#include "bench/provider.h"

namespace tote::bench {

const char* const help_text =
    "tote bench WORKLOAD [options]: durable transactions, measured, then checked\n"
    "\n"
    "Embedded, credits of 1, each with its own idempotency key:\n"
    "  hot-batch, hot-single          one wallet: batches of 256; commands alone\n"
    "  wallets-batch, wallets-single  the same over --wallets (10000) at random\n"
    "  recovery   --requests records (5000000) are read again: records a second\n"
    "  memory     --wallets (1000000) idle ones: growth of the process for each\n"
    "  at-rest    --wallets (1000000), of which --entities-bytes fit into memory\n"
    "  snapshots  --wallets (1000000), at --rate (50000) with and without snapshots\n"
    "Embedded, several entities or a crowd after one, in batches of 256:\n"
    "  transfers-hot, transfers-10k   between two wallets; drawn from --wallets\n"
    "  flash-sale  --requests picks (1000000) of an item of which there are --stock\n"
    "  last-seat   --requests bookings (600000): 60 players after each last seat\n"
    "  orders      two lines each, paid from one of --wallets (10000)\n"
    "Of the machine:\n"
    "  sync       fdatasync after appends of 512 bytes, on the disk of --data\n"
    "Over HTTP, at --url (http://127.0.0.1:8080), one request at a time each:\n"
    "  http       credits; --picks: of one item; --lines: batches; --get: GET /\n"
    "  callbacks  bets of one player; writes keys and callbacks.toml into --data (.)\n"
    "             and waits for a server that has read them\n"
    "\n"
    "  --parallel N,N…  callbacks: so many at once (5,20,200)\n"
    "  --algorithms A,… callbacks: what the door verifies, beside openssl speed\n"
    "  --seconds S      measured, after a warm-up (10)\n"
    "  --every S        embedded: the rate of each S seconds, too\n"
    "  --wallets N      --batch N      --requests N      --connections N (64)\n"
    "  --stock N (10000)               --entities-bytes N (32 a wallet)\n"
    "  --in-flight N    commands without an answer yet (32 batches; 4096 single)\n"
    "  --data DIR       a directory in it is used and removed (build/ or $TMPDIR)\n"
    "  --etcd URL,…     credits: the log of a cluster's owner, the first to come;\n"
    "  --replicas N     so many nodes in sync (3), the others tote serve, empty\n"
    "  --fixed-reply    http: answers are all alike: create and check nothing\n"
    "  --lines N        http: N credits and debits (at most 10000) a POST /v1/batch\n"
    "  --rate N         requests a second, evenly; http: else as fast as it goes\n"
    "  --announce       say \"measuring\" on stderr when the measured part begins\n"
    "  --json           one JSON object instead of lines\n"
    "Exit: 0 measured and every check holds, 1 not valid, 2 usage.\n";

namespace {

template <class Number>
bool read(std::string_view text, Number& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && value > Number{};
}

// "5,20,200"
template <class Value, class ReadOne>
bool read_list(std::string_view text, std::vector<Value>& values, ReadOne read_one) {
  values.clear();
  for (;;) {
    const auto comma = text.find(',');
    if (!read_one(text.substr(0, comma), values.emplace_back())) return false;
    if (comma == std::string_view::npos) return true;
    text.remove_prefix(comma + 1);
  }
}

// False: there is no such option, or it takes a value.
bool read_flag(Plan& plan, std::string_view arg) {
  if (arg == "--help" || arg == "-h") return plan.help = true;
  if (arg == "--json") return plan.json = true;
  if (arg == "--announce") return plan.announce = true;
  if (arg == "--fixed-reply") return plan.fixed_reply = true;
  if (arg == "--picks") return plan.picks = true;
  return arg == "--get" && (plan.get = plan.fixed_reply = true);
}

// Whether the value is one that the option may have; nothing: there is no such option.
std::optional<bool> read_option(Plan& plan, std::string_view arg, const std::string& value) {
  if (arg == "--wallets") return read(value, plan.wallets) && plan.wallets <= 100'000'000;
  if (arg == "--entities-bytes") return read(value, plan.entities_bytes);
  if (arg == "--seconds") return read(value, plan.seconds) && plan.seconds <= 86'400;
  if (arg == "--every") return read(value, plan.every_s) && plan.every_s <= 86'400;
  if (arg == "--batch") return read(value, plan.batch) && plan.batch <= 65'536;
  if (arg == "--in-flight") return read(value, plan.in_flight);
  if (arg == "--requests") return read(value, plan.requests);
  if (arg == "--stock") return read(value, plan.stock) && plan.stock <= 1'000'000'000'000;
  if (arg == "--connections") return read(value, plan.connections) && plan.connections <= 10'000;
  if (arg == "--lines") return read(value, plan.lines) && plan.lines <= 10'000;
  if (arg == "--rate") return read(value, plan.rate) && plan.rate <= 10'000'000;
  if (arg == "--parallel")
    return read_list(value, plan.parallel,
                     [](std::string_view text, std::size_t& one) { return read(text, one) && one <= 10'000; });
  if (arg == "--algorithms")
    return read_list(value, plan.algorithms,
                     [](std::string_view text, std::string& one) { return find_provider_key(one = text) != nullptr; });
  if (arg == "--etcd")
    return read_list(value, plan.etcd, [](std::string_view text, std::string& one) { return !(one = text).empty(); });
  if (arg == "--replicas") return read(value, plan.replicas) && plan.replicas <= 16;
  if (arg == "--url") return plan.url = value, true;
  if (arg == "--data") return plan.data = value, true;
  return std::nullopt;
}

}  // namespace

std::variant<Plan, std::string> plan_of(std::span<const std::string> args) {
  Plan plan;
  for (std::size_t i = 0; i < args.size(); ++i) {
    const std::string_view arg = args[i];
    if (read_flag(plan, arg)) continue;
    if (!arg.starts_with("-")) {
      if (!plan.workload.empty()) return "one workload at a time: '" + args[i] + "'";
      plan.workload = arg;
      continue;
    }
    if (i + 1 == args.size()) return args[i] + " needs a value";
    const std::string& value = args[++i];
    const auto is_read = read_option(plan, arg, value);
    if (!is_read) return "unknown option " + args[i - 1];
    if (!*is_read) return args[i - 1] + ": not what it may be: '" + value + "'";
  }
  if (plan.workload.empty() && !plan.help) return std::string("name a workload; see --help");
  return plan;
}

}  // namespace tote::bench
