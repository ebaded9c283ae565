// A checker for the part of JSON Schema that the OpenAPI document uses.
#pragma once

#include <boost/json/value.hpp>
#include <string>

namespace tests::http {

// What is wrong with `value`, as "pointer: reason", or "" when it matches. `document` resolves local $refs. A keyword
// that this checker doesn't know is a mismatch, so that nothing is passed over in silence.
std::string mismatch(const boost::json::value& document, const boost::json::value& schema,
                     const boost::json::value& value, const std::string& pointer = "");

}  // namespace tests::http
