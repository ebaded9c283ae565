// A port for a server that a test starts.
#pragma once

namespace tests {

int free_port();  // of 127.0.0.1: nobody has it now. -1: none can be had

}  // namespace tests
