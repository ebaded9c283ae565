// `tote log`: what happened, one record a line.
#include <algorithm>
#include <cstdio>

#include "adapters/cli/address.h"
#include "adapters/cli/commands.h"
#include "adapters/cli/errors.h"
#include "adapters/cli/log_file.h"
#include "adapters/cli/record_lines.h"

namespace tote::cli {
namespace {

bool is_about(const wal::Record& record, const Address& address) {
  if (record.kind == address.kind && record.entity == address.id) return true;
  return std::ranges::any_of(record.changes, [&](const wal::Change& change) {
    return change.kind == address.kind && change.entity == address.id;
  });
}

}  // namespace

int print_log(const LogArguments& arguments, const Kinds& kinds) {
  std::optional<Address> address;
  if (!arguments.entity.empty()) address = address_in(kinds, "--entity", arguments.entity);
  const auto log = open_log(arguments.directory, arguments.archive);
  const auto append = arguments.json ? append_json : append_text;
  std::string line;
  each_record(*log, kinds, Lsn{arguments.from}, "read", [&](Lsn lsn, const wal::Record& record) {
    if (address && !is_about(record, *address)) return true;
    line.clear();
    append(kinds, lsn, record, line);
    return std::fwrite(line.data(), 1, line.size(), stdout) == line.size();
  });
  return exit_ok;
}

}  // namespace tote::cli
