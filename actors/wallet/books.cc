// What must be true of wallets at the end of a log. Double entry over all of them: what went in, less what went out, is
// what is there, per currency.
#include "engine/kernel/books.h"

#include <map>

#include "actors/wallet/wallet.h"
#include "engine/kernel/sum.h"

namespace tote {
namespace {

struct CurrencyBook {
  Sum credited = 0, debited = 0, captured = 0, reversed = 0;  // by the events of all records
  Sum balance = 0, held = 0;                                  // by the wallets as they are at the end
  std::uint64_t wallets = 0;

  void add(const Wallet::Credited& event) { credited += event.amount.minor; }
  void add(const Wallet::Debited& event) { debited += event.amount.minor; }
  void add(const Wallet::Captured& event) { captured += event.amount.minor; }
  void add(const Wallet::Reversed& event) { reversed += event.amount.minor; }
  void add(const Wallet::DebtPaid& event) { reversed += event.amount.minor; }
  void add(const auto&) {}  // the others move no money

  Sum moved() const { return credited - debited - captured - reversed; }
};

class WalletBooks final : public BooksOf<Wallet> {
 public:
  std::string problem() const override {
    std::string problem;
    for (const auto& [currency, book] : by_currency_)
      if (book.moved() != book.balance)
        problem = std::string(currency.text()) + ": " + text_of(book.moved()) +
                  " went in and not out, but the balances add up to " + text_of(book.balance);
    return problem;
  }
  std::vector<std::pair<std::string, std::string>> lines() const override {
    std::vector<std::pair<std::string, std::string>> lines;
    for (const auto& [currency, book] : by_currency_)
      lines.emplace_back(currency.text(), "balances " + text_of(book.balance) + ", held " + text_of(book.held) +
                                              ", wallets " + grouped(book.wallets) + "; credited " +
                                              text_of(book.credited) + ", debited " + text_of(book.debited) +
                                              ", captured " + text_of(book.captured) +
                                              (book.reversed == 0 ? "" : ", reversed " + text_of(book.reversed)));
    return lines;
  }

 private:
  void happened(const Wallet::State& after, const Wallet::Event& event) override {
    CurrencyBook& book = by_currency_[after.currency];
    std::visit([&book](const auto& it) { book.add(it); }, event);
  }
  void ended(const Wallet::State& wallet) override {
    CurrencyBook& book = by_currency_[wallet.currency];
    book.balance += wallet.balance.minor;
    book.held += wallet.held.minor;
    ++book.wallets;
  }

  std::map<Currency, CurrencyBook> by_currency_;
};

struct MovedBy {
  std::int64_t operator()(const Wallet::Credited& event) const { return event.amount.minor; }
  std::int64_t operator()(const Wallet::Debited& event) const { return -event.amount.minor; }
  std::int64_t operator()(const Wallet::Captured& event) const { return -event.amount.minor; }
  std::int64_t operator()(const Wallet::Reversed& event) const { return -event.amount.minor; }
  std::int64_t operator()(const Wallet::DebtPaid& event) const { return -event.amount.minor; }
  std::int64_t operator()(const auto&) const { return 0; }
};

}  // namespace

std::int64_t Wallet::moved(const Event& event) { return std::visit(MovedBy{}, event); }

std::unique_ptr<tote::Books> Wallet::books() { return std::make_unique<WalletBooks>(); }

std::string Wallet::audit(std::string_view, const State& wallet, const Neighbours&) {
  Sum open = 0;
  for (const auto& [id, hold] : wallet.holds)
    if (hold.status == HoldStatus::open) open += hold.amount.minor;
  if (open == wallet.held.minor) return {};
  return "holds " + text_of(open) + " in its open holds but " + text_of(wallet.held.minor) + " in total";
}

}  // namespace tote
