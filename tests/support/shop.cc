#include "tests/support/shop.h"

#include "tests/http/client.h"

namespace tests {

bool open_shop(std::uint16_t port) {
  http::Client client(port);
  bool is_open = true;
  const auto must = [&](const char* method, const std::string& path, const char* body) {
    const unsigned status = client.ask(method, path, body).status;
    is_open = is_open && status >= 200 && status < 300;
  };
  for (std::uint64_t i = 0; i < 8; ++i) {
    const std::string wallet = "/v1/wallets/" + shop_wallet(i);
    must("PUT", wallet, R"({"currency":"EUR"})");
    must("POST", wallet + "/credits", R"({"amount":100000})");
  }
  must("PUT", "/v1/items/ball", R"({"quantity":100000})");
  must("PUT", "/v1/matches/thu", R"({"seats":30,"price":{"amount":5,"currency":"EUR"}})");
  return is_open;
}

std::string shop_wallet(std::uint64_t i) { return i % 8 == 0 ? "alice" : "w" + std::to_string(i % 8); }

std::string shop_batch(Random& random, std::uint64_t& number) {
  std::string lines;
  for (int i = 0; i < 40; ++i) {
    const std::string n = std::to_string(++number);
    const std::string wallet = shop_wallet(random());
    switch (pick(random, 7)) {
      case 0: lines += R"({"from":")" + wallet + R"(","to":")" + shop_wallet(random()) + R"(","amount":3})"; break;
      case 1: lines += R"({"wallet":")" + wallet + R"(","hold":"h)" + n + R"(","amount":2,"expires_in_s":1})"; break;
      case 2: lines += R"({"item":"ball","reserve":1,"reservation":"r)" + n + R"(","expires_in_s":1})"; break;
      case 3: lines += R"({"match":"thu","book":"p)" + n + R"(","pay":{"wallet":")" + wallet + R"("}})"; break;
      case 4:
        lines += R"({"order":"o)" + n + R"(","lines":[{"item":"ball","quantity":1}],"pay":{"wallet":")" + wallet +
                 R"(","amount":2}})";
        break;
      case 5:
        lines +=
            R"({"order":"o)" + n +
            R"(","lines":[{"item":"ball","quantity":1}],"pay":{"card":{"token":"tok_ok"},"amount":2,"currency":"EUR"}})";
        break;
      default: lines += R"({"wallet":")" + wallet + R"(","debit":1,"reference":"quote\"d"})";
    }
    lines += '\n';
  }
  return lines;
}

}  // namespace tests
