#include "bench/plan.h"

#include <charconv>
#include <string_view>

#include "bench/provider.h"

namespace tote::bench {

const char* const help_text =
    "tote bench WORKLOAD [options]: measures durable transactions and checks them afterwards\n"
    "\n"
    "Embedded, credits of 1, each with its own idempotency key:\n"
    "  hot-batch       one wallet, batches of 256\n"
    "  hot-single      one wallet, one command a submit\n"
    "  wallets-batch   many wallets at random (--wallets, 10000), batches of 256\n"
    "  wallets-single  many wallets at random, one command a submit\n"
    "  recovery        writes --requests records (5000000), closes, opens, counts records a second\n"
    "  memory          --wallets (1000000) idle wallets: growth of the process's memory per wallet\n"
    "  at-rest         --wallets (1000000) of which only --entities-bytes fit into memory: credits all over, and of\n"
    "                  100000 of them beside as many alone; then closes and opens\n"
    "  snapshots       --wallets (1000000): single credits at --rate (50000) with and without snapshots, then batches "
    "as\n"
    "                  fast as they go: how far behind snapshots are, and what a start takes right then\n"
    "Embedded, several entities or a crowd after one, in batches of 256:\n"
    "  transfers-hot   transfers of 1 both ways between two wallets\n"
    "  transfers-10k   the same between wallets drawn at random (--wallets, 10000)\n"
    "  flash-sale      --requests picks (1000000) of an item of which there are --stock\n"
    "  last-seat       --requests bookings (600000): 60 players after the last seat of each match\n"
    "  orders          two lines each, paid from one of --wallets (10000)\n"
    "Of the machine:\n"
    "  sync            fdatasync after appends of 512 bytes, on the data directory's disk\n"
    "Over HTTP, one request in flight a connection:\n"
    "  http            POST /v1/wallets/…/credits to --url (http://127.0.0.1:8080); --picks: …/items/…/picks;\n"
    "                  --lines: /v1/batch\n"
    "\n"
    "  callbacks       a betting provider's bets of one player, --parallel of them at once, at --url; writes keys and\n"
    "                  callbacks.toml into --data (.), and waits for a server that has read them\n"
    "\n"
    "  --parallel N,N…  callbacks: so many at once (5,20,200)\n"
    "  --algorithms A,… callbacks: of these (rsa2048, es256, rsa4096) what the door verifies in --seconds, beside\n"
    "                   what `openssl speed` says of one core\n"
    "  --seconds S      measured, after a warm-up (10)\n"
    "  --every S        embedded: the rate of each S seconds, too, and the least of them by the first\n"
    "  --wallets N      --batch N      --requests N      --connections N (64)\n"
    "  --entities-bytes N  at-rest: of entities in memory (32 a wallet)\n"
    "  --stock N        of the item that is sold out (10000)\n"
    "  --in-flight N    commands sent and not yet answered (32 batches; 4096 single ones)\n"
    "  --data DIR       where the workload makes its own directory, removed at the end (build/ or $TMPDIR)\n"
    "  --fixed-reply    http: the server answers all alike (a static reply): create and check nothing\n"
    "  --get            http: plain GET / instead, with --fixed-reply\n"
    "  --picks          http: picks of one item with --stock, instead of credits\n"
    "  --lines N        http: N credits and debits (at most 10000) in one POST /v1/batch, a key each\n"
    "  --rate N         http, snapshots: N requests a second, evenly; http without it: as fast as answers come\n"
    "  --announce       write \"measuring\" to standard error when the measured part begins\n"
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

}  // namespace

std::variant<Plan, std::string> plan_of(std::span<const std::string> args) {
  Plan plan;
  for (std::size_t i = 0; i < args.size(); ++i) {
    const std::string_view arg = args[i];
    if (arg == "--help" || arg == "-h")
      plan.help = true;
    else if (arg == "--json")
      plan.json = true;
    else if (arg == "--announce")
      plan.announce = true;
    else if (arg == "--fixed-reply")
      plan.fixed_reply = true;
    else if (arg == "--picks")
      plan.picks = true;
    else if (arg == "--get")
      plan.get = plan.fixed_reply = true;
    else if (!arg.starts_with("-")) {
      if (!plan.workload.empty()) return "one workload at a time: '" + args[i] + "'";
      plan.workload = arg;
    } else {
      // The rest take a value.
      if (i + 1 == args.size()) return args[i] + " needs a value";
      const std::string& value = args[++i];
      bool ok = true;
      if (arg == "--wallets")
        ok = read(value, plan.wallets) && plan.wallets <= 100'000'000;
      else if (arg == "--entities-bytes")
        ok = read(value, plan.entities_bytes);
      else if (arg == "--seconds")
        ok = read(value, plan.seconds) && plan.seconds <= 86'400;
      else if (arg == "--every")
        ok = read(value, plan.every_s) && plan.every_s <= 86'400;
      else if (arg == "--batch")
        ok = read(value, plan.batch) && plan.batch <= 65'536;
      else if (arg == "--in-flight")
        ok = read(value, plan.in_flight);
      else if (arg == "--requests")
        ok = read(value, plan.requests);
      else if (arg == "--stock")
        ok = read(value, plan.stock) && plan.stock <= 1'000'000'000'000;
      else if (arg == "--connections")
        ok = read(value, plan.connections) && plan.connections <= 10'000;
      else if (arg == "--lines")
        ok = read(value, plan.lines) && plan.lines <= 10'000;
      else if (arg == "--rate")
        ok = read(value, plan.rate) && plan.rate <= 10'000'000;
      else if (arg == "--parallel")
        ok = read_list(value, plan.parallel,
                       [](std::string_view text, std::size_t& one) { return read(text, one) && one <= 10'000; });
      else if (arg == "--algorithms")
        ok = read_list(value, plan.algorithms, [](std::string_view text, std::string& one) {
          return find_provider_key(one = text) != nullptr;
        });
      else if (arg == "--url")
        plan.url = value;
      else if (arg == "--data")
        plan.data = value;
      else
        return "unknown option " + args[i - 1];
      if (!ok) return args[i - 1] + ": not what it may be: '" + value + "'";
    }
  }
  if (plan.workload.empty() && !plan.help) return std::string("name a workload; see --help");
  return plan;
}

}  // namespace tote::bench
