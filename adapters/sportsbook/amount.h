// Amounts as providers write them, to whole minor units and back, exactly.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "actors/wallet/currency.h"
#include "adapters/sportsbook/options.h"
#include "engine/kernel/money.h"

namespace tote::sportsbook {

// Of the text of a number or of a text: 0 to limits::amount_max minor units. Nothing when it isn't a whole one.
std::optional<Money> read_amount(std::string_view text, Unit unit, Currency currency);

// As it stands in an answer: "1.50" in quotes where the unit is decimal, else a number.
std::string write_amount(Money amount, Unit unit, Currency currency);

}  // namespace tote::sportsbook
