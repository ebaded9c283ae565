#include "tests/wal/fixture.h"

#include <doctest/doctest.h>
#include <rocksdb/db.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "wal/codec.h"
#include "wal/store_options.h"

namespace tote::wal {
namespace {

void check(const rocksdb::Status& status) { REQUIRE_MESSAGE(status.ok(), status.ToString()); }

std::string quoted(std::string_view bytes) {
  std::ostringstream out;
  out << '"';
  for (const char c : bytes) {
    if (c >= ' ' && c <= '~' && c != '"' && c != '\\') {
      out << c;
    } else {
      out << "\\x" << std::hex << (static_cast<unsigned>(c) & 0xffU) << std::dec << ';';
    }
  }
  out << '"';
  return out.str();
}

}  // namespace

std::string describe(Lsn lsn, const Record& record) {
  std::ostringstream out;
  out << lsn.value << " time=" << record.time.ns << " tenant=" << quoted(record.tenant) << " key=" << quoted(record.key)
      << " fingerprint=" << std::hex << record.fingerprint.high << '/' << record.fingerprint.low << std::dec
      << " code=" << name_of(record.code);
  for (const Fact& fact : record.facts) out << ' ' << name_of(fact.name) << '=' << fact.value;
  for (const Change& change : record.changes) {
    out << " [" << change.kind << ' ' << quoted(change.entity) << " v" << change.version.value << ' '
        << quoted(change.events) << ']';
  }
  out << " answer=" << quoted(record.answer);
  if (!record.actor.empty()) out << " actor=" << quoted(record.actor);
  if (!record.trace.is_none()) out << " trace=" << traceparent_of(record.trace);
  return out.str();
}

void with_sample(std::uint64_t number, const std::function<void(const Record&)>& use) {
  const std::string entity = "wallet-" + std::to_string(number % 3);
  const std::string key = "key-" + std::to_string(number);
  const std::string events = std::string("\x02\0\0\0", 4) + static_cast<char>(number) + 'e';
  const std::array<Change, 2> changes{Change{1, entity, {number}, events}, Change{2, "match:7", {number + 1}, {}}};
  Record record;
  record.time = {static_cast<std::int64_t>(number) * 1000};
  record.fingerprint = {number * 7, number * 11};
  switch (number % 4) {
    case 0:
      record.code = Code::insufficient_funds;
      record.facts = {{FactName::available, 5}, {FactName::requested, -static_cast<std::int64_t>(number)}};
      record.key = key;
      break;
    case 1:
      record.key = key;
      record.changes = {changes.data(), 1};
      record.answer = "answer";
      break;
    case 2:
      record.tenant = "other";
      record.changes = changes;
      record.code = Code::created;
      break;
    default: record.changes = {changes.data(), 1}; break;
  }
  use(record);
}

std::string sample_line(std::uint64_t number) {
  std::string line;
  with_sample(number, [&](const Record& record) { line = describe({number}, record); });
  return line;
}

std::vector<std::string> sample_lines(std::uint64_t count) {
  std::vector<std::string> lines;
  for (std::uint64_t number = 1; number <= count; ++number) lines.push_back(sample_line(number));
  return lines;
}

Record record_at(std::int64_t ns) {
  Record record;
  record.time = {ns};
  return record;
}

LogOptions options_for(const std::string& directory) {
  LogOptions options;
  options.directory = directory;
  options.disk_free_bytes_min = 0;
  options.on_failure = [](const std::string& sentence) { FAIL_CHECK(sentence); };
  return options;
}

std::unique_ptr<Log> open_log(const LogOptions& options) {
  auto opened = Log::open(options);
  if (const auto* damage = std::get_if<Damage>(&opened)) FAIL(damage->detail);
  auto log = std::move(std::get<std::unique_ptr<Log>>(opened));
  const Damage damage = log->replay({1}, [](Lsn, const Record&) { return true; });
  REQUIRE_MESSAGE(damage.detail.empty(), damage.detail);
  return log;
}

void append_group(Log& log, std::uint64_t count) {
  for (std::uint64_t i = 0; i < count; ++i) {
    with_sample(log.last().value + 1, [&](const Record& record) { log.append(record); });
  }
  log.commit();
  while (log.durable() < log.last()) std::this_thread::sleep_for(std::chrono::microseconds(50));
}

void write_log(const std::string& directory, const std::vector<std::uint64_t>& groups, bool closed) {
  const auto log = open_log(options_for(directory));
  log->start();
  for (const std::uint64_t count : groups) append_group(*log, count);
  if (closed) log->close();
}

History read_history(LogOptions options) {
  History history;
  auto opened = Log::open(std::move(options));
  if (auto* damage = std::get_if<Damage>(&opened)) {
    history.damage = *damage;
    return history;
  }
  history.opened = true;
  history.damage = std::get<std::unique_ptr<Log>>(opened)->replay({1}, [&](Lsn lsn, const Record& record) {
    history.lines.push_back(describe(lsn, record));
    return true;
  });
  return history;
}

History read_history(const std::string& directory) {
  LogOptions options = options_for(directory);
  options.read_only = true;
  return read_history(std::move(options));
}

struct RawFrames::Database {
  std::unique_ptr<rocksdb::DB> db;
  std::vector<rocksdb::ColumnFamilyHandle*> families;
};

RawFrames::RawFrames(const std::string& directory) : database_(std::make_unique<Database>()) {
  const rocksdb::Options options = store_options(options_for(directory));
  rocksdb::DB* db = nullptr;
  check(rocksdb::DB::Open(options, directory, family_options(options, options_for(directory)), &database_->families,
                          &db));
  database_->db.reset(db);
}

RawFrames::~RawFrames() {
  for (rocksdb::ColumnFamilyHandle* family : database_->families) database_->db->DestroyColumnFamilyHandle(family);
}

std::vector<std::pair<std::string, std::string>> RawFrames::all() const {
  std::vector<std::pair<std::string, std::string>> out;
  const std::unique_ptr<rocksdb::Iterator> at(
      database_->db->NewIterator(rocksdb::ReadOptions(), database_->families[family_log]));
  for (at->SeekToFirst(); at->Valid(); at->Next()) out.emplace_back(at->key().ToString(), at->value().ToString());
  check(at->status());
  return out;
}

void RawFrames::put(const std::string& key, const std::string& frame) {
  check(database_->db->Put(rocksdb::WriteOptions(), database_->families[family_log], key, frame));
}

void RawFrames::remove(const std::string& key) {
  check(database_->db->Delete(rocksdb::WriteOptions(), database_->families[family_log], key));
}

void RawFrames::put_meta(const std::string& key, const std::string& value) {
  check(database_->db->Put(rocksdb::WriteOptions(), database_->families[family_meta], key, value));
}

std::string RawFrames::meta(const std::string& key) const {
  std::string value;
  check(database_->db->Get(rocksdb::ReadOptions(), database_->families[family_meta], key, &value));
  return value;
}

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  REQUIRE_MESSAGE(in.good(), path);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write_file(const std::string& path, const std::string& bytes) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << bytes;
  out.close();
  REQUIRE_MESSAGE(out.good(), path);
}

std::string recovery_file_path(const std::string& directory) {
  std::string found;  // the names have the same length: the newest is the last
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    if (entry.path().extension() != ".log" || entry.file_size() == 0) continue;
    found = std::max(found, entry.path().string());
  }
  REQUIRE_FALSE(found.empty());
  return found;
}

std::shared_ptr<FrameStore> open_frames(const LogOptions& options) {
  auto opened = FrameStore::open(options);
  if (const auto* damage = std::get_if<Damage>(&opened)) FAIL(damage->detail);
  return std::get<std::shared_ptr<FrameStore>>(opened);
}

std::string frame_behind(FrameEnd& end, std::uint32_t count, std::uint32_t epoch) {
  RecordEncoder encoder;
  std::string records;
  for (std::uint32_t i = 0; i < count; ++i)
    with_sample(end.last.value + i + 1, [&](const Record& record) { encoder.append(record, records); });
  FrameBuilder builder;
  const auto made = builder.build(end.last.next(), count, records, end.hash, epoch);
  end = {{end.last.value + count}, made.hash};
  return std::string(made.header).append(made.payload);
}

bool append(FrameStore& frames, const std::string& frame, const FrameEnd& before) {
  const std::string_view one(frame);
  return frames.append({&one, 1}, before);
}

}  // namespace tote::wal
