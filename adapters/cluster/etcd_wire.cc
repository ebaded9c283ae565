#include "adapters/cluster/etcd_wire.h"

#include <openssl/evp.h>

#include <boost/json.hpp>
#include <charconv>

namespace tote::cluster {
namespace {

namespace json = boost::json;
using replication::Registered;

std::string encoded(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // EVP puts a zero behind it
  const auto* from = reinterpret_cast<const unsigned char*>(bytes.data());
  auto* to = reinterpret_cast<unsigned char*>(text.data());
  text.resize(static_cast<std::size_t>(EVP_EncodeBlock(to, from, static_cast<int>(bytes.size()))));
  return text;
}

std::optional<std::string> decoded(std::string_view text) {
  if (text.size() % 4 != 0 || text.empty()) return {};
  std::string bytes(text.size() / 4 * 3, '\0');
  const auto* from = reinterpret_cast<const unsigned char*>(text.data());
  auto* to = reinterpret_cast<unsigned char*>(bytes.data());
  if (EVP_DecodeBlock(to, from, static_cast<int>(text.size())) < 0) return {};
  // EVP counts the padding as zeros.
  bytes.resize(bytes.size() - (text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0));
  return bytes;
}

const json::value* find(const json::value& from, std::string_view name) {
  const json::object* object = from.if_object();
  return object == nullptr ? nullptr : object->if_contains({name.data(), name.size()});
}

std::string_view text_at(const json::value& from, std::string_view name) {
  const json::value* value = find(from, name);
  const json::string* text = value == nullptr ? nullptr : value->if_string();
  return text == nullptr ? std::string_view() : std::string_view(text->data(), text->size());
}

// A key that isn't there is a list that isn't there.
Pairs read_range(const json::value& range) {
  std::vector<Pair> pairs;
  const json::value* list = find(range, "kvs");
  if (list == nullptr) return pairs;
  if (!list->is_array() || list->get_array().empty()) return "etcd has answered without a key";
  const json::value* const more = find(range, "more");
  if (list->get_array().size() > pairs_max || (more != nullptr && more->is_bool() && more->get_bool()))
    return "etcd has more than " + std::to_string(pairs_max) +
           " names of nodes: those that were removed long ago may be deleted there";
  for (const json::value& each : list->get_array()) {
    const std::string_view revision = text_at(each, "mod_revision");
    const auto key = decoded(text_at(each, "key"));
    const auto value = decoded(text_at(each, "value"));
    if (!key || !value) return "etcd has answered with a key that can't be read";
    Pair pair{*key, *value, 0};
    const auto [end, error] = std::from_chars(revision.data(), revision.data() + revision.size(), pair.revision);
    if (error != std::errc{} || end != revision.data() + revision.size() || pair.revision <= 0)
      return "etcd has answered without a revision";
    pairs.push_back(std::move(pair));
  }
  return pairs;
}

}  // namespace

std::string range_request(std::string_view key) { return json::serialize(json::object{{"key", encoded(key)}}); }

std::string swap_request(std::string_view key, std::int64_t expected, std::string_view value) {
  const std::string name = encoded(key);
  const json::object look{{"request_range", json::object{{"key", name}}}};
  const json::object put{{"request_put", json::object{{"key", name}, {"value", encoded(value)}}}};
  const json::object compare{
      {"key", name}, {"target", "MOD"}, {"result", "EQUAL"}, {"mod_revision", std::to_string(expected)}};
  return json::serialize(json::object{
      {"compare", json::array{compare}}, {"success", json::array{put, look}}, {"failure", json::array{look}}});
}

std::string list_request(std::string_view prefix) {
  std::string end(prefix);
  ++end.back();
  return json::serialize(
      json::object{{"key", encoded(prefix)}, {"range_end", encoded(end)}, {"limit", std::to_string(pairs_max)}});
}

Pairs read_pairs(std::string_view body) {
  boost::system::error_code error;
  const json::value answer = json::parse({body.data(), body.size()}, error);
  if (error || !answer.is_object()) return "etcd's answer isn't JSON";
  if (const std::string_view said = text_at(answer, "error"); !said.empty()) return "etcd says: " + std::string(said);
  if (find(answer, "header") == nullptr) return "etcd's answer has no header";
  const json::value* responses = find(answer, "responses");
  if (responses == nullptr) return read_range(answer);
  // Of a transaction: the look is its last operation.
  if (!responses->is_array() || responses->get_array().empty()) return "etcd has answered nothing";
  const json::value* range = find(responses->get_array().back(), "response_range");
  return range == nullptr ? Pairs("etcd has answered something else") : read_range(*range);
}

// No key: a register that nobody has made.
Answer read_answer(std::string_view body) {
  Pairs pairs = read_pairs(body);
  if (auto* problem = std::get_if<std::string>(&pairs)) return std::move(*problem);
  const auto& found = std::get<std::vector<Pair>>(pairs);
  if (found.size() > 1) return "etcd has answered with more than one key";
  if (found.empty()) return Registered{};
  const auto read = replication::read_register(found.front().value);
  if (!read) return "what lies in etcd isn't a register of tote's";
  return Registered{*read, found.front().revision};
}

}  // namespace tote::cluster
