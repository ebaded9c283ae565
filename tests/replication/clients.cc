#include <algorithm>

#include "tests/replication/world_parts.h"

namespace tote::replication::test {

void World::try_again(Client& client, std::int64_t in_ms) {
  at(in_ms * 1'000, [this, &client, before = client.attempt] {
    if (client.attempt == before) attempt(client);
  });
}

void World::invoke(Client& client) {
  client.is_busy = true;
  client.known_before = checker_.known();
  client.account = below(accounts);
  client.record = 0;
  if (below(3) == 0) return;
  client.record = static_cast<std::uint32_t>(commands_.size());
  const std::size_t from = below(2) == 0 ? accounts : below(accounts);
  commands_.push_back({from, client.account, 1 + static_cast<std::int64_t>(below(9))});
}

void World::attempt(Client& client) {
  if (!client.is_busy) {
    if (!is_disturbed_) return;
    invoke(client);
  }
  // A read that wasn't answered is another one when it is asked again.
  if (client.record == 0) client.known_before = checker_.known();
  const Request request{++client.attempt, client.record, client.account};
  if (below(4) == 0) client.machine = below(machines_.size());
  at_machine(client.machine, 0, [this, &client, request](Machine& self) { serve(self, client, request); });
  try_again(client, between_ms(300, 1'000));
}

// A request may have waited in a machine that stood still, and be executed though its client has long gone on.
void World::serve(Machine& machine, Client& client, const Request& request) {
  const bool has_enough = machine.node && (machine.node->has_enough(now_) || !without_.rules.enough_in_sync);
  if (!machine.node || !machine.node->is_open() || !machine.is_serving || !has_enough || machine.waiting.size() > 16) {
    ++figures_.refusals;
    client.machine = below(machines_.size());
    if (client.attempt == request.attempt) try_again(client, between_ms(5, 60));
    return;
  }
  Machine::Reply reply{client.number, request};
  if (request.record == 0) {
    reply.made = {machine.bank.lsn(), machine.bank.balances()[request.account]};
    reply.turn = machine.node->confirm();
  } else {
    if (machine.bank.find(request.record) == nullptr) {
      machine.bank.apply(request.record);
      machine.waiting.push_back(request.record);
    }
    reply.made = *machine.bank.find(request.record);
  }
  machine.replies.push_back(reply);
  pump(machine);
}

void World::let_out(Machine& machine) {
  std::vector<Machine::Reply> out;
  std::erase_if(machine.replies, [&](const Machine::Reply& reply) {
    const bool leaves = reply.made.lsn <= machine.durable && reply.turn <= machine.released;
    if (leaves) out.push_back(reply);
    return leaves;
  });
  for (const Machine::Reply& reply : out) answer(*clients_[reply.client], reply.request, reply.made);
}

void World::answer(Client& client, const Request& request, const Answer& made) {
  if (client.attempt != request.attempt || !client.is_busy) return;
  if (is_disturbed_ && chance(plan_.answer_lost)) return;
  if (request.record == 0) {
    ++figures_.reads;
    checker_.read(request.account, made.balance, made.lsn, client.known_before);
  } else {
    ++figures_.acknowledged;
    checker_.answered(request.record, made, client.known_before);
  }
  client.is_busy = false;
  ++client.attempt;
  try_again(client, between_ms(1, 60));
}

}  // namespace tote::replication::test
