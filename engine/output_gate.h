// Nothing leaves the engine before it is durable (DESIGN D3): replies and reads wait here for the log. Loop thread
// only.
#pragma once

#include "engine/flight.h"

namespace tote {

class OutputGate {
 public:
  // Lets `flight` through once everything up to `lsn` is durable. The gate is one queue: a read that needs less than
  // the write before it leaves together with that write, a fraction of one sync later than it might.
  void hold(Flight* flight, Lsn lsn) {
    flight->gate = waiting_.empty() || waiting_.back()->gate < lsn ? lsn : waiting_.back()->gate;
    waiting_.push(flight);
  }

  // Appends to `ready` what may leave now, at most so many.
  void release(Lsn durable, std::size_t count_max, FlightList& ready) {
    for (; count_max > 0 && is_ready(durable); --count_max) ready.push(waiting_.pop());
  }
  bool is_ready(Lsn durable) const { return !waiting_.empty() && waiting_.front()->gate <= durable; }

  bool empty() const { return waiting_.empty(); }

 private:
  FlightList waiting_;
};

}  // namespace tote
