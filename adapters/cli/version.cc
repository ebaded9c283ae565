// `tote version`.
#include <cstdio>

#include "adapters/cli/commands.h"
#include "adapters/cli/errors.h"
#include "wal/frame.h"

namespace tote::cli {

std::string version_text() { return TOTE_VERSION; }

std::string build_text() { return TOTE_BUILD; }

int print_version() {
  std::printf("tote %s\n", version_text().c_str());
  std::printf("build    %s\n", build_text().c_str());
  std::printf("formats  log frames: writes %u, reads 1 to %u\n", wal::frame_version, wal::frame_version_epoch);
  return exit_ok;
}

}  // namespace tote::cli
