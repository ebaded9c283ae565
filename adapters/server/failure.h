// Why the server itself turns a request away. The door that it was for says it, in its own format.
#pragma once

#include <cstdint>
#include <string>

namespace tote::server {

struct Failure {
  enum class Reason : std::uint8_t {
    malformed,         // not HTTP/1.1, or two readers could read it differently: `detail`
    timed_out,         // it took too long to arrive
    body_too_large,    // for this target
    header_too_large,  // request line and headers together
    overloaded,        // more connections than the server takes
    unavailable,       // nobody is there who could serve it; nobody was given it
    unanswered,        // another node was given it and hasn't answered: whether it was done isn't known
  };
  Reason reason = Reason::malformed;
  std::string detail{};  // a sentence; empty: the reason says it all

  // As HTTP counts them.
  unsigned status() const {
    switch (reason) {
      case Reason::malformed: return 400;
      case Reason::timed_out: return 408;
      case Reason::body_too_large: return 413;
      case Reason::header_too_large: return 431;
      case Reason::overloaded:
      case Reason::unavailable:
      case Reason::unanswered: return 503;
    }
    return 500;
  }
};

}  // namespace tote::server
