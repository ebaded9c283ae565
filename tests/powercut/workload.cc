#include "tests/powercut/workload.h"

#include <sys/mman.h>
#include <xxhash.h>

#include <algorithm>
#include <cstdio>
#include <deque>
#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>
#include <map>
#include <new>
#include <utility>
#include <variant>

#include "actors/transaction/results.h"
#include "actors/transaction/transfer.h"
#include "actors/wallet/wallet.h"
#include "engine/tote.h"

namespace tests::powercut {
namespace {

using namespace tote;

constexpr std::uint64_t wallets = 6;
constexpr std::uint64_t setup = 2 * wallets + 2;  // numbers below: the wallets are made and filled
constexpr std::int64_t start_minor = 1'000'000'000;
const std::string poor = "poor", unkeyed = "unkeyed";

std::string wallet(std::uint64_t number) { return "w" + std::to_string(number % wallets); }
std::int64_t amount_of(std::uint64_t number) { return static_cast<std::int64_t>(1 + number * 7 % 90); }

enum class Asked { opening, filling, transfer, credit, refused };

Asked kind_of_request(std::uint64_t number) {
  if (number < wallets + 2) return Asked::opening;
  if (number < setup) return Asked::filling;
  constexpr Asked kinds[] = {Asked::transfer, Asked::credit, Asked::transfer, Asked::refused};
  return kinds[number % 4];
}

// Request number `number`: always the same, so that it can be asked again.
Request request_of(std::uint64_t number) {
  const std::string key = "key-" + std::to_string(number);
  const Wallet::Open open{*currency_of("EUR")};
  switch (kind_of_request(number)) {
    case Asked::opening:
      if (number >= wallets) return request<Wallet>(number == wallets ? poor : unkeyed, open, key);
      return request<Wallet>(wallet(number), open, key);
    case Asked::filling: return request<Wallet>(wallet(number), Wallet::Credit{{start_minor}, {}}, key);
    case Asked::credit: return request<Wallet>(wallet(number), Wallet::Credit{{amount_of(number)}, {}}, key);
    case Asked::refused: return request<Wallet>(poor, Wallet::Debit{{amount_of(number)}, {}}, key);
    case Asked::transfer: break;
  }
  Request asked{.kind = transaction::kind_id, .entity = "transfer", .key = key};
  asked.command =
      transfer_command(wallet(number), wallet(number + 1 + number / 7 % (wallets - 1)), {amount_of(number)});
  return asked;
}

// Everything that the asker is told.
std::uint64_t answer_of(const Outcome& outcome) {
  std::string told = std::to_string(static_cast<int>(outcome.code)) + " " + std::to_string(outcome.version.value) +
                     " " + std::to_string(outcome.lsn.value) + " ";
  for (const Fact& fact : outcome.facts)
    told += std::to_string(static_cast<int>(fact.name)) + "=" + std::to_string(fact.value) + " ";
  told += outcome.answer;
  return XXH3_64bits(told.data(), told.size()) | 1U;
}

// Kept under its key; others may be asked again and come to something else.
bool is_final(Code code) { return static_cast<int>(code) < 100 || static_cast<int>(code) >= 200; }

Options options_of(const std::string& directory) {
  Options options;
  options.directory = directory;
  options.kinds = {kind_of<Wallet>(), transaction::kind()};
  options.keys_in_memory_max = 64;
  options.key_runs_max = 2;
  options.disk_free_bytes_min = 0;
  return options;
}

std::unique_ptr<Engine> open(Options options) {
  auto opened = Engine::open(std::move(options));
  if (const auto* error = std::get_if<OpenError>(&opened)) {
    std::fprintf(stderr, "refused at LSN %llu: %s\n", static_cast<unsigned long long>(error->lsn.value),
                 error->detail.c_str());
    return nullptr;
  }
  return std::move(std::get<std::unique_ptr<Engine>>(opened));
}

// One life of an engine.
class Session {
 public:
  Session(Engine& engine, Book& book, std::mt19937_64& random) : engine_(engine), book_(book), random_(random) {}

  void ask_until(std::uint64_t requests) {
    requests = std::min<std::uint64_t>(requests, Book::requests_max);
    while (book_.asked < requests) {
      const std::uint64_t begin = book_.asked;
      std::uint64_t end = std::min(begin + 1 + random_() % 40, requests);
      if (begin < setup) end = setup;
      ask(begin, end);
      if (begin < setup || random_() % 3 == 0) wait();
      if (!is_set_up()) return;  // what comes later needs it
    }
    wait();
  }

 private:
  void ask(std::uint64_t begin, std::uint64_t end) {
    std::vector<Request> requests;
    for (std::uint64_t number = begin; number < end; ++number) requests.push_back(request_of(number));
    book_.asked = end;
    if (begin >= setup && random_() % 2 == 0) {
      requests.push_back(request<Wallet>(unkeyed, Wallet::Credit{{1}, {}}));
      ++book_.unkeyed_asked;
    }
    auto told = std::make_shared<std::promise<void>>();
    waiting_.push_back(told->get_future());
    engine_.submit(std::move(requests), [this, begin, end, told](std::span<Outcome> outcomes) {
      for (std::size_t i = 0; i < outcomes.size(); ++i) note(begin + i, end, outcomes[i]);
      told->set_value();
    });
  }

  void note(std::uint64_t number, std::uint64_t end, const Outcome& outcome) {
    if (!is_final(outcome.code)) return;
    if (number == end) {
      ++book_.unkeyed_told;
    } else {
      book_.entries[number].answer = answer_of(outcome);
    }
  }

  bool is_set_up() const {
    return std::all_of(book_.entries.begin(), book_.entries.begin() + setup,
                       [](const Entry& entry) { return entry.answer != 0; });
  }

  void wait() {
    for (auto& told : waiting_) told.wait();
    waiting_.clear();
  }

  Engine& engine_;
  Book& book_;
  std::mt19937_64& random_;
  std::deque<std::future<void>> waiting_;
};

// What the wallets must hold once everything that was asked has happened once.
std::map<std::string, std::int64_t> books_after(std::uint64_t asked) {
  std::map<std::string, std::int64_t> out;
  for (std::uint64_t number = 0; number < asked; ++number) {
    switch (kind_of_request(number)) {
      case Asked::filling: out[wallet(number)] += start_minor; break;
      case Asked::credit: out[wallet(number)] += amount_of(number); break;
      case Asked::transfer:
        out[wallet(number)] -= amount_of(number);
        out[wallet(number + 1 + number / 7 % (wallets - 1))] += amount_of(number);
        break;
      case Asked::opening:
      case Asked::refused: break;
    }
  }
  return out;
}

std::int64_t balance(Engine& engine, const std::string& id) {
  struct Balance final : Fields {
    std::int64_t minor = -1;
    void integer(std::string_view name, std::int64_t value) override {
      if (name == "balance") minor = value;
    }
    void text(std::string_view, std::string_view) override {}
    void time(std::string_view, Time) override {}
    void begin(std::string_view) override {}
    void end() override {}
  } fields;
  const Outcome outcome = engine.call(request<Wallet>(id));
  if (outcome.code == Code::ok) Wallet::describe_answer(id, outcome.answer, fields);
  return fields.minor;
}

int wrong(const std::string& sentence) {
  std::fprintf(stderr, "%s\n", sentence.c_str());
  return exit_wrong;
}

int unknown(const std::string& sentence) {
  std::fprintf(stderr, "%s\n", sentence.c_str());
  return exit_damage_told;
}

int ask_again(Engine& engine, const Book& book) {
  for (std::uint64_t number = 0; number < book.asked; ++number) {
    Outcome outcome = engine.call(request_of(number));
    while (outcome.code == Code::overloaded) outcome = engine.call(request_of(number));
    const std::uint64_t told = book.entries[number].answer;
    const std::string which = "request " + std::to_string(number);
    if (outcome.code == Code::log_damaged) return unknown(which + " can't be told");
    if (!is_final(outcome.code)) return wrong(which + " isn't answered: " + std::string(name_of(outcome.code)));
    if (told != 0 && !outcome.replayed) return wrong(which + " was acknowledged and is lost: it was executed again");
    if (told != 0 && told != answer_of(outcome)) return wrong(which + " was acknowledged with another answer");
    const bool is_expected =
        kind_of_request(number) == Asked::refused ? outcome.code == Code::insufficient_funds : is_success(outcome.code);
    if (!is_expected) return wrong(which + " came to " + std::string(name_of(outcome.code)));
  }
  return exit_sound;
}

int check_books(Engine& engine, const Book& book) {
  if (book.asked < setup) return exit_sound;
  for (const auto& [id, minor] : books_after(book.asked))
    if (const std::int64_t is = balance(engine, id); is != minor)
      return wrong(id + " holds " + std::to_string(is) + " instead of " + std::to_string(minor));
  const std::int64_t alone = balance(engine, unkeyed);
  const auto asked = static_cast<std::int64_t>(book.unkeyed_asked.load());
  const auto told = static_cast<std::int64_t>(book.unkeyed_told.load());
  if (alone < told || alone > asked)
    return wrong("of " + std::to_string(asked) + " requests without keys " + std::to_string(told) +
                 " were acknowledged, " + std::to_string(alone) + " have happened");
  return exit_sound;
}

}  // namespace

SharedBook::SharedBook() {
  void* const memory = ::mmap(nullptr, sizeof(Book), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  book_ = new (memory) Book;
}

SharedBook::~SharedBook() { ::munmap(book_, sizeof(Book)); }

int work(const Use& use, Book& book, const std::shared_ptr<FragileDisk>& disk) {
  std::mt19937_64 random(use.seed);
  std::unique_ptr<rocksdb::Env> env;
  if (disk != nullptr) env = rocksdb::NewCompositeEnv(disk);
  const std::uint64_t sessions = 1 + random() % use.sessions_max;
  for (std::uint64_t session = 1; session <= sessions; ++session) {
    Options options = options_of(use.directory);
    options.env = env.get();
    if (random() % 2 == 0) options.table_bytes = 64 << 10;
    options.snapshot_interval_ms = static_cast<std::int64_t>(random() % 4);     // rounds all the time, or none
    if (random() % 2 == 0) options.entities_bytes = 1'000 + random() % 20'000;  // some ten of them in memory
    auto engine = open(std::move(options));
    if (engine == nullptr) return exit_refused;
    Session(*engine, book, random).ask_until(use.requests_max * session / sessions);
    if (session == sessions && !use.closes_at_end) return exit_sound;
    engine->close();
  }
  return exit_sound;
}

int check(const std::string& directory, const Book& book) {
  const bool is_created =
      std::filesystem::exists(directory + "/CURRENT") && !std::filesystem::exists(directory + "/tote.creating");
  Options reading = options_of(directory);
  reading.read_only = true;
  if (is_created && open(std::move(reading)) == nullptr) return exit_refused;
  for (int time = 1; time <= 2; ++time) {  // what is mended by one start must hold for the next
    const auto engine = open(options_of(directory));
    if (engine == nullptr) return exit_refused;
    if (const int code = ask_again(*engine, book); code != exit_sound) return code;
    if (const int code = check_books(*engine, book); code != exit_sound) return code;
    engine->close();
  }
  return exit_sound;
}

std::uint64_t hash_of_directory(const std::string& directory) {
  std::map<std::string, std::string> files;
  for (const auto& at : std::filesystem::recursive_directory_iterator(directory)) {
    std::ifstream in(at.path(), std::ios::binary);
    files[at.path().string()] = at.is_directory() ? "" : std::string(std::istreambuf_iterator<char>(in), {});
  }
  std::string all;
  for (const auto& [name, bytes] : files) all += name + '\0' + std::to_string(bytes.size()) + '\0' + bytes;
  return XXH3_64bits(all.data(), all.size());
}

}  // namespace tests::powercut
