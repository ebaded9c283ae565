#include "tests/payments/gateway_file.h"

#include <xxhash.h>

#include <cstdio>
#include <fstream>
#include <sstream>
#include <utility>

namespace tests::payments {

using namespace tote;

std::string GatewayFile::bytes() const {
  std::ostringstream all;
  all << std::ifstream(path(), std::ios::binary).rdbuf();
  return all.str();
}

void GatewayFile::write(std::string_view bytes) const {
  std::ofstream(path(), std::ios::binary | std::ios::trunc) << bytes;
}

std::string line_of(std::string_view text) {
  char checksum[20];
  std::snprintf(checksum, sizeof checksum, "%016llx",
                static_cast<unsigned long long>(XXH3_64bits(text.data(), text.size())));
  return std::string(checksum).append(1, ' ').append(text).append(1, '\n');
}

payment::Charge charge_of(std::string key, std::string token, std::int64_t amount) {
  return {std::move(key), std::move(token), {amount}, *currency_of("EUR")};
}

payment::Refund refund_of(std::string key, std::string charge, std::int64_t amount) {
  return {std::move(key), std::move(charge), {amount}, *currency_of("EUR")};
}

std::string said(const payment::Result& result) {
  std::string text(payment::name_of(result.status));
  for (const auto& part : {result.id, result.error})
    if (!part.empty()) text.append(1, ' ').append(part);
  return text;
}

std::string state_of(const tote::payments::TestGateway& gateway) {
  std::string text = "balance " + std::to_string(gateway.balance());
  for (const auto& entries : {gateway.charges(), gateway.refunds()})
    for (const auto& entry : entries)
      text += '\n' + entry.id + ' ' + entry.key + ' ' + entry.charge + ' ' + std::to_string(entry.amount) + ' ' +
              entry.currency;
  return text;
}

}  // namespace tests::payments
