// `tote sign stripe`: the Stripe-Signature of a body, for tests of callbacks.
#include <chrono>
#include <cstdio>
#include <fstream>

#include "adapters/card_webhooks/signature.h"
#include "adapters/cli/commands.h"
#include "adapters/cli/errors.h"
#include "adapters/cli/input.h"

namespace tote::cli {
namespace {

std::string secret_of(const SignArguments& arguments) {
  std::string secret = arguments.secret;
  if (!arguments.secret_file.empty()) {
    std::ifstream in(arguments.secret_file);
    if (!(in >> secret)) throw UsageError(arguments.secret_file + ": can't be read, or is empty");
  }
  if (secret.empty()) throw UsageError("sign stripe: a secret is needed: --secret-file FILE");
  if (const auto problem = card_webhooks::problem_of_secret(secret); !problem.empty())
    throw UsageError("sign stripe: " + problem);
  return secret;
}

}  // namespace

int sign_stripe(const SignArguments& arguments) {
  using namespace std::chrono;
  const std::int64_t now_s = duration_cast<std::chrono::seconds>(system_clock::now().time_since_epoch()).count();
  const std::int64_t time_s = arguments.time_s.value_or(now_s);
  if (time_s < 0) throw UsageError("sign stripe: --time must be seconds since 1970");
  std::puts(card_webhooks::sign(secret_of(arguments), time_s, input_of(arguments.body)).c_str());
  return exit_ok;
}

}  // namespace tote::cli
