# Every dependency is a Debian 12 package; ARCHITECTURE.md has a line of reason for each.
find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(CURL REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json)
find_package(RocksDB REQUIRED CONFIG)
find_package(FlatBuffers REQUIRED CONFIG)
find_package(spdlog REQUIRED CONFIG)
find_package(prometheus-cpp REQUIRED CONFIG)
find_package(tomlplusplus REQUIRED CONFIG)
find_program(FLATC flatc REQUIRED)

# Debian ships CAF, xxHash and LZ4 without CMake packages.
include(SystemLibrary)
tote_system_library(caf caf/all.hpp caf_core)
tote_system_library(xxhash xxhash.h xxhash)
tote_system_library(lz4 lz4.h lz4)
tote_system_library(pq postgresql/libpq-fe.h pq)
tote_system_library(nats nats/nats.h nats)
