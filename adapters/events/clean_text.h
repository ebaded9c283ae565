// Text as JSON and PostgreSQL take it: others' words may be cut in the middle of a character, or hold a NUL.
#pragma once

#include <string>

namespace tote::events {

// Valid UTF-8 without NUL: what isn't becomes U+FFFD. Text that is fine stays as it is.
std::string clean_text(std::string text);

}  // namespace tote::events
