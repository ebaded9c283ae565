#include "actors/saga/step.h"

#include "actors/payment/gateway.h"
#include "engine/kernel/bounded.h"

namespace tote::saga {
namespace {

using Answer = Reply::Answer;

Reply reply_of(const payment::Result& result) {
  switch (result.status) {
    case payment::Status::succeeded:
    case payment::Status::already_refunded: return {Answer::done, Code::ok, result.id};
    case payment::Status::declined:
    case payment::Status::balance_insufficient:
    case payment::Status::disputed:
    case payment::Status::failed:
      return {Answer::refused, Code::payment_declined,
              result.error.empty() ? std::string(payment::name_of(result.status)) : result.error};
    case payment::Status::unreachable: break;
  }
  return {Answer::unreachable, Code::ok, result.error};
}

// What the outside named something must be kept whole: it is how it is undone. Nobody's ids are this long, so that is
// not an answer.
Reply bounded(Reply reply) {
  if (reply.text.size() <= text_bytes_max) return reply;
  if (reply.answer == Answer::done) return {Answer::unreachable, Code::ok, "the answer's id is too long"};
  reply.text = tote::bounded(std::move(reply.text), text_bytes_max);
  return reply;
}

}  // namespace

std::string key_of(const Context& of) {
  std::string key(of.kind);
  key.append(1, ':').append(of.id).append(1, ':').append(std::to_string(of.started_at().ns));
  return key.append(1, ':').append(of.step);
}

Reply reply_of(CommandRef result) {
  if (const auto* payment = result.get<payment::Result>()) return bounded(reply_of(*payment));
  if (const auto* reply = result.get<Reply>()) return bounded(*reply);
  return {};
}

}  // namespace tote::saga
