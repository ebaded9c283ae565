#include "adapters/http/payee.h"

#include "adapters/http/amounts.h"

namespace tote::http {

Payee read_payee(JsonObject& body, Money paid) {
  Payee payee;
  if (body.has("payee")) {
    JsonObject named = body.object("payee");
    payee.wallet = named.id("wallet");
    named.finish();
  }
  if (!body.has("fee")) return payee;
  JsonObject fee = body.object("fee");
  payee.fee_wallet = fee.id("wallet");
  payee.fee = read_amount(fee);
  fee.finish();
  if (!payee.exists()) body.refuse("fee", "needs a payee beside it");
  if (paid.minor != 0 && payee.fee > paid) body.refuse("fee", "must not be more than what is paid");
  return payee;
}

}  // namespace tote::http
