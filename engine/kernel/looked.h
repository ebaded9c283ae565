// Several entities of one kind, read in one go: for who shows a list of them. Changes nothing.
//
//   request.command = Command(look_at(Wallet::kind_id, ids, {}));   a question of the kind (E::Question), or none
//   each_looked(outcome.answer, [](const Looked& one) { … });      in the order of the ids, those that exist
#pragma once

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/kernel/any_entity.h"

namespace tote {

struct Looked {
  std::string_view id;
  Version version{};
  Lsn lsn{};
  std::string_view answer;  // for Kind::describe_answer
};

namespace looked_bytes {

inline void put_number(std::uint64_t number, std::string& out) {
  char bytes[sizeof number];
  std::memcpy(bytes, &number, sizeof number);
  out.append(bytes, sizeof bytes);
}
inline void put(std::string_view text, std::string& out) {
  put_number(text.size(), out);
  out.append(text);
  out.append((8 - out.size() % 8) % 8, '\0');  // answers are FlatBuffers, read where they lie
}
inline std::uint64_t take_number(std::string_view& from) {
  std::uint64_t number = 0;
  std::memcpy(&number, from.data(), sizeof number);
  from.remove_prefix(sizeof number);
  return number;
}
inline std::string_view take(std::string_view& from) {
  const std::size_t size = take_number(from);
  const std::string_view text = from.substr(0, size);
  from.remove_prefix(std::min(from.size(), (size + 7) / 8 * 8));
  return text;
}

}  // namespace looked_bytes

class LookAt final : public Script {
 public:
  LookAt(KindId kind, std::vector<std::string> ids, Command question)
      : kind_(kind), ids_(std::move(ids)), question_(std::move(question)) {}

  void entities(std::vector<EntityRef>& out) const override {
    for (const std::string& id : ids_) out.push_back({kind_, id});
  }
  Verdict run(Transaction& on) const override {
    for (const std::string& id : ids_) on.look({kind_, id});  // what is told is what was seen
    return {};
  }
  void answer(Transaction& on, std::string& out) const override {
    std::string answer;
    for (const std::string& id : ids_) {
      const AnyEntity* entity = on.look({kind_, id});
      if (entity == nullptr || entity->version == Version{}) continue;
      answer.clear();
      if (question_)
        entity->answer(question_, answer);
      else
        entity->summarize(answer);
      looked_bytes::put(id, out);
      looked_bytes::put_number(entity->version.value, out);
      looked_bytes::put_number(entity->lsn.value, out);
      looked_bytes::put(answer, out);
    }
  }
  void digest(std::string& out) const override {
    out.append("look ").append(std::to_string(kind_));
    for (const std::string& id : ids_) out.append(1, '\0').append(id);
  }

 private:
  const KindId kind_;
  const std::vector<std::string> ids_;
  const Command question_;
};

inline ScriptPtr look_at(KindId kind, std::vector<std::string> ids, Command question) {
  return std::make_unique<LookAt>(kind, std::move(ids), std::move(question));
}

// Of bytes that LookAt wrote.
template <class Visit>
void each_looked(std::string_view bytes, const Visit& visit) {
  while (!bytes.empty()) {
    Looked one;
    one.id = looked_bytes::take(bytes);
    one.version = {looked_bytes::take_number(bytes)};
    one.lsn = {looked_bytes::take_number(bytes)};
    one.answer = looked_bytes::take(bytes);
    visit(one);
  }
}

}  // namespace tote
