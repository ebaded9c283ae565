// What bets add up to, told by the names of their events, and what no bet may do. It knows nothing of the code that
// decided.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/simulation/node.h"

namespace tote::simulation {

class Model;

class BetsModel {
 public:
  struct Operation {
    std::string name, transaction;  // the event's
    std::int64_t amount = 0;
    bool counts = true;  // it wasn't rolled back
  };
  struct Bet {
    enum class Status { none, made, taken_back, buried, declined, used };
    Status status = Status::none;
    std::string wallet;
    std::int64_t stake = 0;
    bool is_committed = false;
    std::vector<Operation> operations;

    bool is_open() const { return status == Status::made; }
    // Of its operations with this name that count: how many, and their sum.
    std::int64_t count(const std::string& name) const;
    std::int64_t sum(const std::string& name) const;
  };
  using Fault = std::function<void(std::string)>;

  explicit BetsModel(Fault fault) : fault_(std::move(fault)) {}

  void begin_record() { moved_.clear(), told_.clear(), asked_.clear(); }
  void apply(const std::string& id, const Node& event);
  void apply_session(const std::string& id, const Node& event);
  // What this record's bets have moved, by wallet.
  const std::map<std::string, std::int64_t>& moved() const { return moved_; }
  // The record as a whole, once it is applied to the wallets, too.
  void check_record(const Model& model, const std::string& where);

  const std::map<std::string, Bet>& bets() const { return bets_; }
  // "acme:t1:2"; null: there is none.
  const Operation* find(const std::string& operation_id) const;
  // Stakes less payouts of one wallet's bets, by what is there now.
  std::int64_t lost_by(const std::string& wallet) const;

 private:
  struct Asked {  // a make, taken or not
    std::string provider, player, session, why;
    std::int64_t amount = 0;
  };

  void make(const std::string& id, Bet& bet, const Node& event);
  void operate(const std::string& id, Bet& bet, const Node& event);
  void roll_back(const std::string& id, Bet& bet, const Node& event);
  void claim(const std::string& id, const Node& event);
  void check_make(const Model& model, const std::string& where, const Asked& asked);

  Fault fault_;
  std::map<std::string, Bet> bets_;
  std::map<std::string, std::string> sessions_;  // those that are open: whose
  std::set<std::string> transactions_;           // "acme:t7", of every operation
  std::map<std::string, std::int64_t> moved_;
  std::vector<std::pair<std::string, std::int64_t>> told_;  // balances, by wallet
  std::vector<Asked> asked_;
};

}  // namespace tote::simulation
