// The program `tote`.
#include "adapters/cli/program.h"
#include "bench/workloads.h"

int main(int argc, char** argv) {
  return tote::program().with("bench", "Measure this machine", tote::bench::run).run(argc, argv);
}
