// How much of everything there is, by tenant and unit, at every LSN: what was made and destroyed, and what all entities
// have. Kept from change to change, so that it is read in no time. A record that takes as much as it gives, such as a
// transfer, makes and destroys nothing; of another the difference does.
//
// Balances come from the entities, wherever they are: a start counts their rows. What was made and destroyed comes from
// the records; the log says it when a snapshot is made (MoneyBooks), for a start that doesn't read all of them. That
// the two agree is checked at each start. Loop thread only.
#pragma once

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/kernel/holding.h"
#include "engine/kernel/money_books.h"
#include "engine/kernel/ordinal.h"
#include "engine/kernel/time.h"

namespace tote {

namespace wal {
struct Change;
}
class AnyEntity;
class Context;
struct Slot;

class LiveBooks {
 public:
  // An entity has so much more (or less), as a part of the record at hand.
  void moved(std::size_t tenant, const Holding& by) {
    Book& book = book_of(tenant, by.unit);
    if (by.amount == 0 && by.held == 0) return;
    book.balances += by.amount;
    book.held += by.held;
    took(tenant, book, by.amount);
  }
  // That was the record.
  void settle() {
    for (Book* book : touched_) {
      (book->net > 0 ? book->issued : book->destroyed) += book->net > 0 ? book->net : -book->net;
      book->net = 0;
      book->is_touched = false;
    }
    touched_.clear();
  }
  bool has_open() const { return !touched_.empty(); }

  // -- recovery
  // The row of an entity.
  void loaded(std::size_t tenant, const AnyEntity& entity, KindId kind);
  // A change of the record at hand, which the entity has now. `was_there`: its row had it before.
  void replayed(Lsn lsn, const wal::Change& change, const Slot& slot, bool was_there);
  // The record that replayed() was last told of says the books of this tenant.
  struct Said {
    Lsn lsn{};
    Time time{};
    std::uint64_t keys = 0;  // so many records up to it have an idempotency key
  };
  void said(std::size_t tenant, const Said& at) { of(tenant).said = at; }
  // A start that begins behind the newest record must know what was made until then from records that say so. It can
  // begin behind this one: the oldest of those that are the newest of a tenant whose books have changed since. Nothing:
  // all books are as they were said. One with LSN 0: of some tenant's books no record since the start says anything.
  std::optional<Said> oldest_said() const;
  // That was the last record. A tenant whose books don't come to what its entities have, or nobody. Where nobody had
  // counted before, what is there was made.
  std::ptrdiff_t close();

  // -- who reads the log
  // What is found, not made.
  void found(std::size_t tenant, const Holding& has) {
    Book& book = book_of(tenant, has.unit);
    book.balances += has.amount;
    book.held += has.held;
  }
  void set(std::size_t tenant, const std::vector<MoneyBooks::Line>& lines);

  std::vector<MoneyBooks::Line> lines(std::size_t tenant) const;  // by unit
  // Whether they aren't what they were when this was asked last.
  bool take_changed(std::size_t tenant) {
    return tenant < tenants_.size() && std::exchange(tenants_[tenant].has_changed, false);
  }
  // They begin with what was found; said once.
  bool take_found(std::size_t tenant) { return std::exchange(tenants_[tenant].was_found, false); }
  std::size_t tenants() const { return tenants_.size(); }

 private:
  struct Book {
    std::array<char, 4> unit{};
    Sum issued = 0, destroyed = 0, balances = 0, held = 0;
    Sum net = 0;  // of the record at hand
    bool is_touched = false;
  };
  struct OfTenant {
    std::vector<std::unique_ptr<Book>> all{};
    Lsn counted_to{};         // the record as of which a row has what was made
    bool is_counted = false;  // a record or a row says what was made
    bool was_found = false;
    bool has_changed = false;
    Said said{};
  };

  void took(std::size_t tenant, Book& book, std::int64_t amount) {
    tenants_[tenant].has_changed = true;
    book.net += amount;
    if (std::exchange(book.is_touched, true)) return;
    touched_.push_back(&book);
  }
  OfTenant& of(std::size_t tenant) {
    if (tenant >= tenants_.size()) tenants_.resize(tenant + 1);
    return tenants_[tenant];
  }
  // As many as there are currencies, few of them in use.
  Book& book_of(std::size_t tenant, std::string_view unit) {
    std::array<char, 4> name{};
    std::memcpy(name.data(), unit.data(), std::min(unit.size(), name.size() - 1));
    auto& all = of(tenant).all;
    for (const auto& book : all)
      if (book->unit == name) return *book;
    all.push_back(std::make_unique<Book>());
    all.back()->unit = name;
    return *all.back();
  }

  std::vector<OfTenant> tenants_;  // by their index
  std::vector<Book*> touched_;
};

// Says the books of a tenant in the log, when they have changed and the program knows MoneyBooks; where: who asks
// writes its row, which nobody else knows of. Null: nothing was said.
Slot* write_books(Context& context, std::size_t tenant);

}  // namespace tote
