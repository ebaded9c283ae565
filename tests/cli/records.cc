#include "tests/cli/records.h"

#include <stdexcept>

#include "wal/log.h"

namespace tote::cli::test {

wal::Record Writer::change(const std::string& id, Wallet::Command command, const std::string& key) {
  const auto record = handle(id, std::move(command), key);
  if (!is_success(record.code)) throw std::logic_error("it was refused");
  return record;
}

wal::Record Writer::refusal(const std::string& id, Wallet::Command command, const std::string& key) {
  const auto record = handle(id, std::move(command), key);
  if (is_success(record.code)) throw std::logic_error("it was not refused");
  return record;
}

wal::Record Writer::handle(const std::string& id, Wallet::Command command, const std::string& key) {
  now_ = after(now_, 1);
  id_ = id;
  key_ = key;
  events_.clear();
  answer_.clear();
  changes.clear();
  auto& wallet = wallets_[id];
  const auto step = wallet.handle(Command(std::move(command)), now_, events_, answer_);
  if (step.changed) {
    wallet.version = wallet.version.next();
    changes.push_back({Wallet::kind_id, id_, wallet.version, events_});
  }
  wal::Record record;
  record.time = now_;
  record.kind = Wallet::kind_id;
  record.entity = id_;
  record.version = wallet.version;
  record.changes = changes;
  record.key = key_;
  record.fingerprint = key.empty() ? Fingerprint{} : Fingerprint{1, static_cast<std::uint64_t>(now_.ns)};
  record.code = step.code;
  record.facts = step.facts;
  record.answer = answer_;
  return record;
}

void write_log(const std::string& directory) {
  wal::LogOptions options;
  options.directory = directory;
  auto opened = wal::Log::open(std::move(options));
  if (const auto* damage = std::get_if<wal::Damage>(&opened)) throw std::runtime_error(damage->detail);
  auto& log = *std::get<std::unique_ptr<wal::Log>>(opened);
  log.replay(Lsn{1}, [](Lsn, const wal::Record&) { return true; });
  log.start();
  Writer writer;
  const auto eur = *currency_of("EUR");
  log.append(writer.change("alice", Wallet::Open{eur}));
  log.append(writer.change("alice", Wallet::Credit{{1000}, "first"}, "topup-1"));
  log.commit();
  log.append(writer.change("alice", Wallet::Debit{{300}}, "order-17"));
  log.append(writer.refusal("alice", Wallet::Debit{{5000}}, "order-18"));
  log.append(writer.change("bob", Wallet::Open{eur}));
  log.close();
}

}  // namespace tote::cli::test
