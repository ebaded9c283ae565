// What must be true of all nodes together, and of what clients were told. It sees everything, and knows nothing of the
// protocol: a log that only grows, who holds which frame, and a bank that executes that log.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/replication/bank.h"
#include "tests/replication/disk.h"

namespace tote::replication::test {

class Checker {
 public:
  explicit Checker(const std::vector<Command>& commands) : bank_(commands) { balances_.push_back(bank_.balances()); }

  // An owner has opened: nobody else ever in its epoch, and all that was acknowledged is in its log. Unless the
  // register names another by now, and this process, which stood still, hasn't heard of it: nothing that it says
  // leaves.
  void opened(Epoch epoch, bool is_registered, const std::string& process, const Disk& log);
  // An owner acknowledges up to there; `copies`: of the nodes' disks, how many hold a mark, synced.
  void durable(Lsn lsn, const Disk& log, std::size_t copies_min, const std::function<std::size_t(const Mark&)>& copies);
  // Somebody who isn't the owner has applied up to there.
  void applied(Lsn lsn, const Disk& log);
  void cut(Lsn end, Lsn applied);

  // The newest that any client knows of: what is asked from now on must come behind it.
  Lsn known() const { return known_; }
  void answered(std::uint32_t record, const Answer& answer, Lsn known_before);
  void read(std::size_t account, std::int64_t balance, Lsn lsn, Lsn known_before);

  const Disk& log() const { return log_; }
  void fault(std::string text) { faults_.push_back(std::move(text)); }
  const std::vector<std::string>& faults() const { return faults_; }

 private:
  Disk log_{log_begin()};  // what was acknowledged
  Bank bank_;
  std::vector<Bank::Balances> balances_;  // by LSN
  std::map<Epoch, std::string> owners_;
  Lsn known_{};
  std::vector<std::string> faults_;

  static Mark log_begin();
};

}  // namespace tote::replication::test
