// The program: `tote serve`, `tote verify` … from argv to an exit code.
#pragma once

namespace tote::cli {

int run(int argc, char** argv, char** environment);

}  // namespace tote::cli
