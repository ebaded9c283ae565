// Rows of entities that only memory has: a crash loses those that no snapshot counts on, all or some.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "tests/engine/memory_log.h"
#include "wal/state_row.h"
#include "wal/state_store.h"

namespace tote {

class MemoryStates final : public wal::StateStore {
 public:
  explicit MemoryStates(MemoryLog& log) : log_(log) { log.state_store = this; }

  // -- for the test
  // Of the rows that don't count yet, so many are left.
  void crash(std::size_t left) {
    left = std::min(left, pending_.size());
    pending_.erase(pending_.begin() + static_cast<std::ptrdiff_t>(left), pending_.end());
  }
  std::size_t pending() const { return pending_.size(); }
  std::uint64_t written() const { return written_; }  // rows, ever
  std::uint64_t finds() const { return finds_; }      // readings of one row or several, ever
  // As they are read: key -> value.
  std::map<std::string, std::string> rows() const {
    auto rows = durable_;
    for (const auto& [key, value] : pending_) rows[key] = value;
    return rows;
  }
  void change(const std::string& key, std::string value) { durable_[key] = std::move(value); }
  void lose(const std::string& key) { durable_.erase(key); }
  std::function<void()> on_put;  // before each

  // -- as the engine's
  std::string put(std::span<const wal::StateRow> rows) override {
    for (const wal::StateRow& row : rows) {
      if (on_put) on_put();
      CHECK_MESSAGE(row.lsn <= log_.durable(), "a row is ahead of the log");
      const std::string key = wal::state_key(row);
      std::string value;
      wal::append_state_value(key, row, value);
      pending_.emplace_back(key, std::move(value));
      ++written_;
    }
    return {};
  }
  std::string finish(wal::Snapshot snapshot) override {
    CHECK_MESSAGE(snapshot.lsn <= log_.durable(), "a snapshot is ahead of the log");
    for (auto& [key, value] : pending_) durable_[key] = std::move(value);
    pending_.clear();
    snapshot_ = snapshot;
    return {};
  }
  std::optional<wal::Snapshot> snapshot() const override { return snapshot_; }
  wal::Damage each(const Visit& visit) const override {
    for (const auto& [key, value] : rows()) {
      wal::StateRow row;
      if (std::string reason = wal::read_state_row(key, value, row); !reason.empty()) return {{}, reason};
      if (!visit(row)) break;
    }
    return {};
  }
  bool may_have(std::string_view key) const override { return rows().contains(std::string(key)); }
  void find(std::span<const std::string> keys, const Found& found) const override {
    ++finds_;
    const auto all = rows();
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const auto at = all.find(keys[i]);
      wal::StateRow row;
      if (at == all.end())
        found(i, {});
      else if (std::string reason = wal::read_state_row(at->first, at->second, row); reason.empty())
        found(i, {&row, {}});
      else
        found(i, {nullptr, {{}, reason}});
    }
  }

 private:
  MemoryLog& log_;
  std::map<std::string, std::string> durable_;
  std::vector<std::pair<std::string, std::string>> pending_;
  std::optional<wal::Snapshot> snapshot_;
  std::uint64_t written_ = 0;
  mutable std::uint64_t finds_ = 0;
};

}  // namespace tote
