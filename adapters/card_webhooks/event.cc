#include "adapters/card_webhooks/event.h"

#include <array>
#include <boost/json.hpp>
#include <optional>

#include "engine/kernel/limits.h"
#include "engine/kernel/name.h"

namespace tote::card_webhooks {
namespace {

namespace json = boost::json;

struct Bad {
  std::string detail;
};

std::string_view view(const json::string& text) { return {text.data(), text.size()}; }

// At most so many bytes, whole characters.
std::string bounded(std::string_view text) {
  std::size_t size = text.size();
  if (size > PaymentNotice::text_bytes_max) {
    size = PaymentNotice::text_bytes_max;
    while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0U) == 0x80U) --size;
  }
  return std::string(text.substr(0, size));
}

// One object of the event; `at` says where, for errors.
class Part {
 public:
  Part(const json::object& from, std::string at) : from_(from), at_(std::move(at)) {}

  // Empty where it isn't there, or null.
  std::string_view text(std::string_view name) const {
    const json::value* value = find(name);
    if (value == nullptr) return {};
    if (!value->is_string()) throw Bad{at_ + '/' + std::string(name) + " must be a string."};
    return view(value->get_string());
  }
  std::string_view needed_text(std::string_view name) const {
    const std::string_view found = text(name);
    if (found.empty()) throw Bad{at_ + '/' + std::string(name) + " must be a string that isn't empty."};
    return found;
  }
  // An id, or the object that has it: Stripe expands what it is asked to.
  std::string_view name_of(std::string_view name) const {
    const json::value* value = find(name);
    if (value == nullptr || !value->is_object()) return text(name);
    return Part(value->get_object(), at_ + '/' + std::string(name)).text("id");
  }
  bool is_true(std::string_view name) const {
    const json::value* value = find(name);
    return value != nullptr && value->is_bool() && value->get_bool();
  }
  bool has(std::string_view name) const { return find(name) != nullptr; }
  Money money(std::string_view name) const {
    const json::value* value = find(name);
    const std::int64_t* number = value == nullptr ? nullptr : value->if_int64();
    if (number == nullptr || *number < 0 || *number > limits::amount_max)
      throw Bad{at_ + '/' + std::string(name) + " must be an integer from 0 to " + std::to_string(limits::amount_max) +
                '.'};
    return {*number};
  }
  Currency currency() const {
    std::string code(needed_text("currency"));
    for (char& c : code)
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return currency_of(code).value_or(Currency{});
  }
  std::optional<Part> part(std::string_view name) const {
    const json::value* value = find(name);
    if (value == nullptr) return std::nullopt;
    if (!value->is_object()) throw Bad{at_ + '/' + std::string(name) + " must be an object."};
    return Part(value->get_object(), at_ + '/' + std::string(name));
  }

 private:
  const json::value* find(std::string_view name) const {
    const json::value* value = from_.if_contains({name.data(), name.size()});
    return value == nullptr || value->is_null() ? nullptr : value;
  }

  const json::object& from_;
  const std::string at_;
};

std::string payment_in(const Part& object, std::string_view name) {
  std::string payment(object.name_of(name));
  if (!payment.empty() && (!is_valid_id(payment) || payment.size() > PaymentNotice::payment_bytes_max))
    throw Bad{"/data/object/" + std::string(name) + " isn't a payment's id."};
  return payment;
}

void read_session(const Part& object, PaymentNotice& notice) {
  notice.payment = payment_in(object, "payment_intent");
  if (notice.fact == PaymentFact::lapsed) return;
  // What is done without a payment isn't paid, and has nothing to give back.
  const std::string_view status = object.needed_text("payment_status");
  if (status != "paid") {
    notice.fact = PaymentFact::awaited;
    return;
  }
  notice.fact = PaymentFact::paid;
  notice.amount = object.money("amount_total");
  notice.currency = object.currency();
}

void read_intent(const Part& object, PaymentNotice& notice) {
  notice.payment = payment_in(object, "id");
  notice.charge = bounded(object.name_of("latest_charge"));
  if (notice.fact != PaymentFact::paid) return;
  notice.amount = object.money(object.has("amount_received") ? "amount_received" : "amount");
  notice.currency = object.currency();
}

void read_charge(const Part& object, PaymentNotice& notice) {
  notice.payment = payment_in(object, "payment_intent");
  notice.charge = notice.object;
  notice.amount = object.money(object.has("amount_refunded") ? "amount_refunded" : "amount");
  // A part of it is nobody's refund here: those are of the whole.
  if (!object.is_true("refunded")) notice.fact = PaymentFact::other;
}

void read_refund(const Part& object, PaymentNotice& notice) {
  notice.payment = payment_in(object, "payment_intent");
  notice.charge = bounded(object.name_of("charge"));
  notice.amount = object.money("amount");
  const std::string_view status = object.text("status");
  const bool has_failed = status == "failed" || status == "canceled" || notice.type == "refund.failed";
  if (has_failed)
    notice.fact = PaymentFact::bounced;
  else
    notice.fact = status == "succeeded" ? PaymentFact::returned : PaymentFact::other;
}

void read_dispute(const Part& object, PaymentNotice& notice) {
  notice.payment = payment_in(object, "payment_intent");
  notice.charge = bounded(object.name_of("charge"));
}

struct Type {
  std::string_view name;
  PaymentFact fact;  // unless the object says otherwise
  void (*read)(const Part& object, PaymentNotice& notice) = nullptr;
  bool is_of_customer = false;  // without our metadata it is nobody's business here
};
constexpr std::array types = std::to_array<Type>({
    {"checkout.session.completed", PaymentFact::paid, read_session, true},
    {"checkout.session.async_payment_succeeded", PaymentFact::paid, read_session, true},
    {"checkout.session.async_payment_failed", PaymentFact::lapsed, read_session, true},
    {"checkout.session.expired", PaymentFact::lapsed, read_session, true},
    {"payment_intent.succeeded", PaymentFact::paid, read_intent, true},
    {"payment_intent.payment_failed", PaymentFact::lapsed, read_intent, true},
    {"payment_intent.canceled", PaymentFact::lapsed, read_intent, true},
    {"charge.refunded", PaymentFact::returned, read_charge},
    {"refund.created", PaymentFact::returned, read_refund},
    {"refund.updated", PaymentFact::returned, read_refund},
    {"refund.failed", PaymentFact::bounced, read_refund},
    {"charge.refund.updated", PaymentFact::returned, read_refund},
    {"charge.dispute.created", PaymentFact::disputed, read_dispute},
    {"balance.available", PaymentFact::funds},
});

const Type* find_type(std::string_view name) {
  for (const Type& type : types)
    if (type.name == name) return &type;
  return nullptr;
}

void read_metadata(const Part& object, const MetadataNames& names, PaymentNotice& notice) {
  const auto metadata = object.part("metadata");
  if (!metadata) return;
  notice.match = bounded(metadata->text(names.match));
  notice.player = bounded(metadata->text(names.player));
  notice.order = bounded(metadata->text(names.order));
  notice.is_own = metadata->has(own_metadata);
}

ReadEvent read(const Part& event, const MetadataNames& names) {
  ReadEvent read{std::string(event.needed_text("id")), {}};
  if (!is_valid_id(read.id)) throw Bad{"/id isn't an id, which has 1 to 128 characters of A-Z a-z 0-9 . _ : and -."};
  PaymentNotice& notice = read.notice;
  notice.type = bounded(event.needed_text("type"));
  const auto data = event.part("data");
  const auto object = data ? data->part("object") : std::nullopt;
  if (!object) throw Bad{"/data/object must be an object."};
  notice.object = bounded(object->text("id"));
  const Type* type = find_type(notice.type);
  if (type == nullptr) return read;
  notice.fact = type->fact;
  read_metadata(*object, names, notice);
  if (type->is_of_customer && !notice.is_ours()) return read;
  if (type->read != nullptr) type->read(*object, notice);
  return read;
}

}  // namespace

std::variant<ReadEvent, BadEvent> read_event(std::string_view body, const MetadataNames& names) {
  boost::system::error_code error;
  json::monotonic_resource memory;
  const json::value event = json::parse({body.data(), body.size()}, error, &memory);
  if (error) return BadEvent{"The body isn't JSON: " + error.message() + '.'};
  if (!event.is_object()) return BadEvent{"The body must be an object."};
  try {
    return read(Part(event.get_object(), {}), names);
  } catch (const Bad& bad) {
    return BadEvent{bad.detail};
  }
}

}  // namespace tote::card_webhooks
