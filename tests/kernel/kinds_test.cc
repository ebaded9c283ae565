// The kinds of one program, taken together.
#include "engine/kernel/kinds.h"

#include <doctest/doctest.h>

#include <span>

namespace tote {
namespace {

// A kind that is nothing but its number, its name and its codes.
class Bare final : public Kind {
 public:
  Bare(KindId id, std::string name, std::vector<CodeText> codes = {})
      : id_(id), name_(std::move(name)), codes_(std::move(codes)) {}

  KindId id() const override { return id_; }
  std::string_view name() const override { return name_; }
  std::unique_ptr<AnyEntity> make() const override { return nullptr; }
  bool digest(CommandRef, std::string&) const override { return false; }
  bool is_active() const override { return false; }
  bool remembers_refusals() const override { return false; }
  std::span<const CodeText> codes() const override { return codes_; }
  ScriptPtr report(std::string_view, std::string_view, CommandRef) const override { return nullptr; }
  bool describe_events(std::string_view, Fields&) const override { return false; }
  bool describe_answer(std::string_view, std::string_view, Fields&) const override { return false; }

 private:
  const KindId id_;
  const std::string name_;
  const std::vector<CodeText> codes_;
};

std::shared_ptr<const Kind> bare(KindId id, std::string name, std::vector<CodeText> codes = {}) {
  return std::make_shared<Bare>(id, std::move(name), std::move(codes));
}
constexpr CodeText taken{user_code(40'001), "chair_taken", "Somebody sits there."};

void refused(const Kinds& kinds, std::string_view why) {
  const std::string problem = problem_of(kinds);
  CAPTURE(problem);
  CHECK(problem.find(why) != std::string::npos);
}

TEST_CASE("kinds: those of users go together with ours") {
  CHECK(problem_of({bare(1, "wallet"), bare(1'000, "chair", {taken}), bare(65'535, "table")}).empty());
  CHECK(problem_of({bare(1'000, "chair", {taken}), bare(1'001, "sofa", {taken})}).empty());
  CHECK(problem_of({}).empty());
}

TEST_CASE("kinds: two with one number or one name are refused") {
  refused({bare(1'000, "chair"), bare(1'000, "table")}, "can't be used together");
  refused({bare(1'000, "chair"), bare(1'001, "chair")}, "can't be used together");
  refused({bare(1, "wallet"), bare(1, "wallet")}, "can't be used together");
}

TEST_CASE("kinds: numbers below 1000 are Tote's own, each with its name") {
  refused({bare(999, "chair")}, "those of users begin at 1000");
  refused({bare(1, "chair")}, "Tote's own");
  refused({bare(0, "chair")}, "Tote's own");
  refused({bare(1'000, "")}, "name");
  refused({bare(1'000, "Chair/1")}, "name");
}

TEST_CASE("kinds: a code needs its range, a name, a sentence, and one meaning") {
  refused({bare(1'000, "chair", {{user_code(39'999), "chair_taken", "Taken."}})}, "begin at 40000");
  refused({bare(1'000, "chair", {{Code::not_found, "chair_taken", "Taken."}})}, "begin at 40000");
  refused({bare(1'000, "chair", {{user_code(40'001), "", "Taken."}})}, "without a name");
  refused({bare(1'000, "chair", {{user_code(40'001), "chair_taken", ""}})}, "without a sentence");
  refused({bare(1'000, "chair", {{user_code(40'001), "not_found", "Taken."}})}, "Tote's own");
  refused({bare(1'000, "chair", {taken}), bare(1'001, "sofa", {{user_code(40'001), "sofa_taken", "Taken."}})},
          "sofa_taken");
  refused({bare(1'000, "chair", {taken}), bare(1'001, "sofa", {{user_code(40'002), "chair_taken", "Taken."}})},
          "40001");
}

TEST_CASE("kinds: a code's name and sentence") {
  const Kinds kinds{bare(1'000, "chair", {taken})};
  CHECK(name_of(kinds, user_code(40'001)) == "chair_taken");
  CHECK(sentence_of(kinds, user_code(40'001)) == "Somebody sits there.");
  CHECK(name_of(kinds, Code::not_found) == "not_found");
  CHECK(name_of(kinds, user_code(40'002)) == "code 40002");
  CHECK(is_known(kinds, user_code(40'001)));
  CHECK(is_known(kinds, Code::match_full));
  CHECK_FALSE(is_known(kinds, user_code(40'002)));
  CHECK_FALSE(is_known(kinds, static_cast<Code>(300)));
}

}  // namespace
}  // namespace tote
