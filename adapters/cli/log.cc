// `tote log`: what happened, one record a line.
#include <algorithm>
#include <cstdio>

#include "adapters/cli/commands.h"
#include "adapters/cli/errors.h"
#include "adapters/cli/log_file.h"
#include "adapters/cli/record_lines.h"

namespace tote::cli {
namespace {

struct Address {
  KindId kind;
  std::string id;
};

std::optional<Address> address_in(const Kinds& kinds, const std::string& text) {
  if (text.empty()) return std::nullopt;
  const auto slash = text.find('/');
  if (slash == std::string::npos || slash + 1 == text.size())
    throw UsageError("--entity: must be KIND/ID, not " + text);
  for (const auto& kind : kinds)
    if (kind->name() == std::string_view(text).substr(0, slash)) return Address{kind->id(), text.substr(slash + 1)};
  throw UsageError("--entity: there is no kind " + text.substr(0, slash));
}

bool is_about(const wal::Record& record, const Address& address) {
  if (record.kind == address.kind && record.entity == address.id) return true;
  return std::ranges::any_of(record.changes, [&](const wal::Change& change) {
    return change.kind == address.kind && change.entity == address.id;
  });
}

}  // namespace

int print_log(const LogArguments& arguments) {
  const auto known = kinds();
  const auto address = address_in(known, arguments.entity);
  const auto log = open_log(arguments.directory);
  const auto append = arguments.json ? append_json : append_text;
  std::string line;
  each_record(*log, Lsn{arguments.from}, "read", [&](Lsn lsn, const wal::Record& record) {
    if (address && !is_about(record, *address)) return true;
    line.clear();
    append(known, lsn, record, line);
    return std::fwrite(line.data(), 1, line.size(), stdout) == line.size();
  });
  return exit_ok;
}

}  // namespace tote::cli
