// What the door shows of a test gateway (API.md, Test gateway). Another room has the gateway itself.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace tote::http {

// Called on the loop thread: must not block for long.
struct GatewayPort {
  struct Entry {
    std::string id, key, currency, status;
    std::int64_t amount = 0;
  };
  std::function<void(const std::string& tenant, std::int64_t amount)> set_balance;
  std::function<std::vector<Entry>(const std::string&tenant)> charges, refunds;  // the tenant's own, oldest first
};

// [{"id","key","amount","currency","status"}]
std::string entries_text(const std::vector<GatewayPort::Entry>& entries);

}  // namespace tote::http
