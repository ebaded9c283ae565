#include "adapters/cli/watching.h"

#include <algorithm>
#include <boost/json.hpp>
#include <cstdio>
#include <iterator>
#include <map>

#include "adapters/cli/errors.h"

namespace tote::cli {
namespace {

namespace json = boost::json;

template <class... Values>
std::string format(const char* how, Values... values) {
  char line[256];
  const int size = std::snprintf(line, sizeof line, how, values...);
  return std::string(line, static_cast<std::size_t>(std::min<int>(std::max(size, 0), sizeof line - 1)));
}

double number(const json::value& value) { return value.to_number<double>(); }

json::value parsed(std::string_view body) {
  boost::system::error_code error;
  auto value = json::parse(body, error);
  if (error) throw Failure("the server's answer isn't JSON");
  return value;
}

// Whatever isn't as it must be is another server's, or another version's.
template <class Make>
std::string made_of(std::string_view body, const Make& make) {
  try {
    return make(parsed(body));
  } catch (const Failure&) {
    throw;
  } catch (const std::exception&) {
    throw Failure("the server's answer isn't that of this version");
  }
}

std::string text(const json::value& value) { return std::string(value.as_string()); }

// Without anything that steers a terminal.
std::string printable(std::string told) {
  std::erase_if(told, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; });
  return told;
}

std::string refusals_of(const json::value& entity) {
  std::string out;
  for (const auto& refusal : entity.at("refusals").as_array())
    out += (out.empty() ? "  " : ", ") + text(refusal.at("code")) + ' ' +
           std::to_string(refusal.at("count").to_number<std::uint64_t>());
  return out;
}

std::string bytes(double count) {
  const char* const units[] = {"B", "KB", "MB", "GB", "TB"};
  std::size_t unit = 0;
  for (; count >= 1'000 && unit + 1 < std::size(units); ++unit) count /= 1'000;
  return format(unit == 0 ? "%.0f %s" : "%.1f %s", count, units[unit]);
}

using Moment = std::map<std::string, double, std::less<>>;

std::string figures_of(const Moment& now) {
  const auto at = [&](const char* name) { return now.at(name); };
  const double seconds = std::max(at("seconds"), 1.0), syncs = std::max(at("syncs"), 1.0);
  std::string out;
  out += format("commands/s  %9.0f executed %9.0f refused %9.0f replayed %9.0f reads\n", at("executed") / seconds,
                at("refused") / seconds, at("replayed") / seconds, at("reads") / seconds);
  out += format("answers     %9.3f ms p50   %9.3f ms p99  %9.3f ms p99.9  %9.0f in flight\n", at("p50_us") / 1e3,
                at("p99_us") / 1e3, at("p999_us") / 1e3, at("in_flight"));
  out += format("log         %9.1f a group  %9.3f ms sync %12s a second\n", at("records") / syncs,
                at("sync_us") / syncs / 1e3, bytes(at("log_bytes") / seconds).c_str());
  out += format("entities    %9.0f live     %9.0f dormant %8.0f at rest  %12s\n", at("entities_live"),
                at("entities_dormant"), at("entities_resting"), bytes(at("entities_bytes")).c_str());
  out += format("keys        %9.0f in memory %8.0f on disk; snapshot %.0f s ago, %s free, %.0f alerts\n",
                at("keys_in_memory"), at("keys_on_disk"), at("snapshot_age_s"), bytes(at("disk_free_bytes")).c_str(),
                at("alerts"));
  constexpr std::string_view lag = "lag:";
  for (const auto& [name, value] : now)
    if (name.starts_with(lag)) out += format("follower    %9.0f behind   %s\n", value, name.c_str() + lag.size());
  return out;
}

}  // namespace

std::string hot_text(std::string_view hot) {
  return made_of(hot, [](const json::value& body) {
    std::string out = "   RATE/s     QUEUE    P99 ms   REFUSED  ENTITY\n";
    for (const auto& entity : body.at("entities").as_array()) {
      const auto* tenant = entity.as_object().if_contains("tenant");
      out += format("%9.1f %9.2f %9.3f %9.0f  ", number(entity.at("rate")), number(entity.at("queue")),
                    number(entity.at("p99_ms")), number(entity.at("refused"))) +
             (tenant == nullptr ? std::string() : text(*tenant) + ": ") + text(entity.at("kind")) + '/' +
             text(entity.at("id")) + refusals_of(entity) + '\n';
    }
    return out;
  });
}

std::string alerts_text(std::string_view alerts) {
  return made_of(alerts, [](const json::value& body) {
    const auto& listed = body.at("alerts").as_array();
    if (listed.empty()) return std::string("no alerts\n");
    std::string out;
    for (const auto& entry : listed) {
      const auto& alert = entry.as_object();
      const auto times = alert.at("times").to_number<std::uint64_t>();
      out += text(alert.at("kind")) + (alert.contains("entity") ? '/' + text(alert.at("entity")) : std::string());
      if (alert.contains("tenant")) out += " of " + text(alert.at("tenant"));
      out += (alert.at("lasts").as_bool() ? ", since " : ", at ") + text(alert.at("since"));
      if (times > 1) out += ", " + std::to_string(times) + " times, last at " + text(alert.at("last"));
      out += "\n  " + printable(text(alert.at("text"))) + "\n  " + text(alert.at("what_to_do")) + '\n';
    }
    const auto total = body.at("total").to_number<std::uint64_t>();
    if (total > listed.size())
      out += "the newest " + std::to_string(listed.size()) + " of " + std::to_string(total) + '\n';
    return out;
  });
}

std::string overview_text(std::string_view overview) {
  return made_of(overview, [](const json::value& body) {
    const auto& points = body.at("points").as_array();
    if (points.empty()) return std::string("no figures yet\n");
    Moment now;
    const auto& columns = body.at("columns").as_array();
    for (std::size_t i = 0; i < columns.size(); ++i) now[text(columns.at(i))] = number(points.back().at(i));
    return figures_of(now);
  });
}

std::string cropped(std::string_view text, std::size_t columns, std::size_t lines) {
  std::string out;
  std::size_t column = 0, line = 1;
  for (const char c : text) {
    const bool is_begin = (static_cast<unsigned char>(c) & 0xc0) != 0x80;  // of a character
    if (c == '\n') {
      if (line++ == lines) break;  // a line break at the end would scroll
      column = 0;
    } else if (is_begin) {
      ++column;
    }
    if (c == '\n' || columns == 0 || column <= columns) out += c;
  }
  return out;
}

std::string detail_text(std::string_view problem) {
  boost::system::error_code error;
  const auto body = json::parse(problem, error);
  const auto* detail = !error && body.is_object() ? body.as_object().if_contains("detail") : nullptr;
  if (detail == nullptr || !detail->is_string()) return {};
  return ": " + printable(text(*detail));
}

}  // namespace tote::cli
