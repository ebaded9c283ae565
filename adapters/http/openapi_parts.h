// The written parts of the OpenAPI document, as JSON: an operation a route, beside its row (routes_*.cc), and what they
// share, here. openapi.cc adds what follows from a rule: the headers and the
// problems that every change or every read has.
//
// An operation here has these short forms:
//   "x-kind": "change" | "command" | "read" | "lookup" | "page" | "gateway"   which common parameters and problems it gets; a
//                                            "command" is a change of several entities: it has no version of its own;
//                                            "gateway" is the test gateway's, which has a token and no LSN
//   "x-version": "answered"                  of a "command": its answer is about one entity, and has its version
//   "x-codes": ["insufficient_funds", …]     its own problems
//   "x-success": {"200": {"description", "schema", "example"}}
// and these, which stay in the document and are run by the contract test, each on a fresh server:
//   "x-before": [{"method","path","body"}]   what makes the example of the operation succeed
//   "x-example": "refused"                   the example needs more than requests: other tests make it succeed
//   "x-provoke": [{"code","before","method","path","headers","body"}]   how to see a problem
#pragma once

#include <string_view>

namespace tote::http {

extern const std::string_view openapi_components;

}  // namespace tote::http
