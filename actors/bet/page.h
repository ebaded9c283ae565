// The bytes of a page of bets (list.h).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tote::bet {

struct Page {
  struct One {
    std::string id{}, answer{};  // as the bet tells itself
    std::int64_t version = 0, lsn = 0;
    static constexpr void members(auto&& is) {
      is("bet", &One::id), is("answer", &One::answer), is("at_version", &One::version), is("at_lsn", &One::lsn);
    }
  };
  std::vector<One> bets{};
  std::string next{};  // empty: it is the last
  static constexpr void members(auto&& is) { is("bets", &Page::bets), is("next", &Page::next); }
};
void write_page(const Page& page, std::string& out);

}  // namespace tote::bet
