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

  // Appends to `ready` what may leave now.
  void release(Lsn durable, FlightList& ready) {
    while (!waiting_.empty() && waiting_.front()->gate <= durable) ready.push(waiting_.pop());
  }

  bool empty() const { return waiting_.empty(); }

 private:
  FlightList waiting_;
};

}  // namespace tote
