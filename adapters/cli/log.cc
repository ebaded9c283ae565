// `tote log`: what happened, one record a line.
#include <algorithm>
#include <charconv>
#include <cstdio>

#include "adapters/cli/address.h"
#include "adapters/cli/commands.h"
#include "adapters/cli/errors.h"
#include "adapters/cli/log_file.h"
#include "adapters/cli/record_lines.h"
#include "adapters/http/json_time.h"
#include "wal/log_time.h"

namespace tote::cli {
namespace {

bool is_about(const wal::Record& record, const Address& address) {
  if (record.kind == address.kind && record.entity == address.id) return true;
  return std::ranges::any_of(record.changes, [&](const wal::Change& change) {
    return change.kind == address.kind && change.entity == address.id;
  });
}

// Where to begin: at an LSN, or at a time.
struct Beginning {
  Lsn lsn{1};
  Time time{};  // records before it aren't meant; 0: an LSN was said
};

Beginning beginning_in(const std::string& text) {
  Beginning begin;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), begin.lsn.value);
  if (text.empty() || (error == std::errc{} && end == text.data() + text.size())) return begin;
  const auto time = http::read_time(text);
  if (!time) throw UsageError("--from: must be an LSN, or a time such as 2026-11-22T06:00:00Z");
  return {{}, *time};
}

// By bisection. The newest records, of which a log that isn't proved to its end doesn't know yet, come behind it.
Lsn lsn_of(const Beginning& begin, const wal::Log& log) {
  if (begin.time == Time{}) return begin.lsn;
  const auto [found, damage] = wal::first_record_since(log, begin.time, log.last());
  if (!damage.is_none()) throw Failure(sentence_of(damage));
  return found;
}

}  // namespace

int print_log(const LogArguments& arguments, const Kinds& kinds) {
  std::optional<Address> address;
  if (!arguments.entity.empty()) address = address_in(kinds, "--entity", arguments.entity);
  const Beginning begin = beginning_in(arguments.from);
  const auto log = open_log(arguments.directory, arguments.archive);
  const auto append = arguments.json ? append_json : append_text;
  std::string line;
  each_record(*log, kinds, lsn_of(begin, *log), "read", [&](Lsn lsn, const wal::Record& record) {
    if (record.time < begin.time) return true;
    if (address && !is_about(record, *address)) return true;
    line.clear();
    append(kinds, lsn, record, line);
    return std::fwrite(line.data(), 1, line.size(), stdout) == line.size();
  });
  return exit_ok;
}

}  // namespace tote::cli
