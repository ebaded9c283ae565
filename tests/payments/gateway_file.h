// A test gateway's directory, its file, and what one asks of a gateway.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "actors/payment/gateway.h"
#include "adapters/payments/test_gateway.h"
#include "tests/temp_directory.h"

namespace tests::payments {

class GatewayFile {
 public:
  const std::string& directory() const { return directory_.path(); }
  std::string path() const { return directory_.file("test-gateway.log"); }
  std::string bytes() const;
  void write(std::string_view bytes) const;  // instead of what is there

 private:
  tests::TempDirectory directory_;
};

// A line of the file, with its checksum: "charge\tkey\tid\tsucceeded\t\t\t500\tEUR".
std::string line_of(std::string_view text);

tote::payment::Charge charge_of(std::string key, std::string token, std::int64_t amount = 500);
tote::payment::Refund refund_of(std::string key, std::string charge, std::int64_t amount = 500);

// "succeeded ch_1", "declined the card was declined"
std::string said(const tote::payment::Result& result);

// All it did and has, as text.
std::string state_of(const tote::payments::TestGateway& gateway);

}  // namespace tests::payments
