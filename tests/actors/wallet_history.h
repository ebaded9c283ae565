// Random histories of one wallet: few names and amounts, so that commands meet, and the edges of every bound.
#pragma once

#include <rapidcheck.h>

#include <cstdint>
#include <map>
#include <ostream>
#include <string>
#include <vector>

#include "engine/kernel/kind_of.h"
#include "tests/actors/wallet_words.h"

namespace tote {

// One command and the time that passes before it.
struct HistoryStep {
  Wallet::Command command;
  std::int64_t wait_ns = 0;
};

rc::Gen<Wallet::Command> any_command();
rc::Gen<std::vector<HistoryStep>> any_history();
rc::Gen<Wallet::Event> any_event();
std::ostream& operator<<(std::ostream& out, const HistoryStep& step);
std::string text_of(const Wallet::Command& command);

// The wallet as the engine runs it, with the records that it left.
struct LiveWallet {
  EntityOf<Wallet> entity;
  std::vector<std::string> records;  // events' bytes, one string a record
  Time now{1};
  std::string answer;  // of the last command

  Step handle(const Wallet::Command& command, std::int64_t wait_ns = 1);
};

std::string answer_of(const AnyEntity& entity);

}  // namespace tote
