// Bodies that a request must not have, made from its schema and its example.
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <vector>

namespace tests::http {

struct BadBody {
  std::string text;
  std::string pointer;  // of what is wrong in it; "" for the whole, and for what isn't JSON
  std::string what;     // for messages
};

// Each member of the schema, also those that `example` leaves out, with values that it doesn't take; members that are
// missing, unknown or there twice; and what isn't JSON. `document` resolves $refs.
std::vector<BadBody> bad_bodies(const boost::json::value& document, const boost::json::value& schema,
                                const boost::json::value& example);

}  // namespace tests::http
