// The program `tote`.
#include <unistd.h>

#include "adapters/cli/command_line.h"

int main(int argc, char** argv) { return tote::cli::run(argc, argv, environ); }
