// What the settings of a server say of the tokens `secret-a` … `secret-d`: printf %s secret-a | sha256sum
#pragma once

namespace tests {

inline constexpr const char* secret_a_sha256 = "8766b9cb08e6040b704f1e3ee1e186efccf2635b1d2634d6525333007e6aeae1";
inline constexpr const char* secret_b_sha256 = "ff492ef788c89b555e6f738b33d2422f57dbb6656af2402155672c5f123a90af";
inline constexpr const char* secret_c_sha256 = "26d46203179f0c4ddf89791220bc5493aeceadbc1c34590ef45cd89d302e302e";
inline constexpr const char* secret_d_sha256 = "a59cda8fa17b05d1d6efee57611f18f5df8b5c51eb929d922fac602f3f15682c";

}  // namespace tests
