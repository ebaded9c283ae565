// GET /v1/books (API.md, Lists, corrections, roles): what was made and destroyed is what is there, at every LSN.
#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "tests/http/api_words.h"
#include "tests/http/own_server.h"

using namespace tests::http;
namespace json = boost::json;

namespace {

struct BooksFixture : OwnServer {
  void done(const std::string& method, const std::string& target, std::string_view body) {
    const auto response = client->ask(method, target, body);
    CHECK_MESSAGE(response.status < 300, response.body);
  }
  // "EUR 1000-300=700/0": issued - destroyed = balances / held
  std::string books() {
    const Response response = client->get("/v1/books");
    const json::value page = json::parse(response.body);
    CHECK(std::to_string(page.at("as_of_lsn").as_int64()) == response.header("Tote-Lsn"));
    std::string all;
    for (const auto& line : page.at("books").as_array()) {
      const auto number = [&](const char* name) { return line.at(name).as_int64(); };
      CHECK(number("issued") - number("destroyed") == number("balances"));
      all += (all.empty() ? "" : " ") + text(line, "currency") + ' ' + std::to_string(number("issued")) + '-' +
             std::to_string(number("destroyed")) + '=' + std::to_string(number("balances")) + '/' +
             std::to_string(number("held"));
    }
    return all;
  }
};

}  // namespace

TEST_CASE_FIXTURE(BooksFixture, "credits make money, debits destroy it, all else moves it, over a restart, too") {
  CHECK(json::parse(client->get("/v1/books").body).at("books").as_array().empty());
  done("PUT", "/v1/wallets/a", R"({"currency":"EUR"})");
  done("PUT", "/v1/wallets/b", R"({"currency":"EUR"})");
  done("PUT", "/v1/wallets/j", R"({"currency":"JPY"})");
  done("POST", "/v1/wallets/a/credits", R"({"amount":1000})");
  CHECK(books() == "EUR 1000-0=1000/0 JPY 0-0=0/0");
  done("POST", "/v1/wallets/a/debits", R"({"amount":300})");
  done("POST", "/v1/wallets/j/credits", R"({"amount":7})");
  CHECK(books() == "EUR 1000-300=700/0 JPY 7-0=7/0");
  done("POST", "/v1/transfers", R"({"from":"a","to":"b","amount":100})");
  done("POST", "/v1/wallets/a/holds", R"({"hold":"h1","amount":50})");
  CHECK(books() == "EUR 1000-300=700/50 JPY 7-0=7/0");
  done("POST", "/v1/wallets/a/holds/h1/capture", R"({"amount":20,"payee":{"wallet":"b"}})");
  CHECK(books() == "EUR 1000-300=700/0 JPY 7-0=7/0");
  done("POST", "/v1/transactions", R"({"commands":[{"wallet":"a","debit":10},{"wallet":"b","credit":4}]})");
  CHECK(books() == "EUR 1000-306=694/0 JPY 7-0=7/0");
  restart();
  done("POST", "/v1/wallets/a/credits", R"({"amount":1})");
  CHECK(books() == "EUR 1001-306=695/0 JPY 7-0=7/0");
}

TEST_CASE_FIXTURE(BooksFixture, "a match and an order with a payee make no money and destroy none") {
  for (const char* wallet : {"p", "club", "fees"})
    done("PUT", std::string("/v1/wallets/") + wallet, R"({"currency":"EUR"})");
  done("POST", "/v1/wallets/p/credits", R"({"amount":1000})");
  done("PUT", "/v1/items/i", R"({"quantity":5})");
  const std::string to_club = R"(,"payee":{"wallet":"club"},"fee":{"wallet":"fees","amount":5})";
  done("PUT", "/v1/matches/m", R"({"seats":2,"price":{"amount":100,"currency":"EUR"})" + to_club + '}');
  done("POST", "/v1/matches/m/bookings", R"({"player":"p","pay":{"wallet":"p"}})");
  done("POST", "/v1/orders",
       R"({"order":"o","lines":[{"item":"i","quantity":1}],"pay":{"wallet":"p","amount":200})" + to_club + '}');
  done("POST", "/v1/orders/o/refunds", R"({"refund":"r","amount":50,"reason":"x"})");
  done("DELETE", "/v1/matches/m/bookings/p", "");
  CHECK(books() == "EUR 1000-0=1000/0");
  done("PUT", "/v1/matches/lost", R"({"seats":2,"price":{"amount":100,"currency":"EUR"}})");
  done("POST", "/v1/matches/lost/bookings", R"({"player":"p","pay":{"wallet":"p"}})");
  CHECK(books() == "EUR 1000-100=900/0");
}
