#include "adapters/http/lists.h"

#include <algorithm>
#include <utility>

#include "adapters/http/decoder.h"
#include "adapters/http/json_writer.h"
#include "adapters/http/serving.h"
#include "engine/kernel/looked.h"
#include "engine/kernel/name.h"

namespace tote::http {
namespace {

constexpr std::size_t looked_at_once = 32;  // the largest, matches, take some microseconds each

// The status that an entity tells; one that tells none is "open".
class StatusOf final : public Fields {
 public:
  std::string status = "open";

  void integer(std::string_view, std::int64_t) override {}
  void text(std::string_view name, std::string_view value) override {
    if (depth_ == 0 && name == "status") status = value;
  }
  void time(std::string_view, Time) override {}
  void begin(std::string_view) override { ++depth_; }
  void end() override { --depth_; }

 private:
  int depth_ = 0;
};

// One request on its way.
class ListRun : public std::enable_shared_from_this<ListRun> {
 public:
  ListRun(Engine& engine, Tenant tenant, ListAsk ask, const Kinds& kinds, Renderer& renderer,
          std::function<void(Outcome&)> done)
      : engine_(engine),
        tenant_(tenant),
        ask_(std::move(ask)),
        kinds_(kinds),
        renderer_(renderer),
        done_(std::move(done)) {}

  void start() {
    as_of_ = lsn_ = engine_.log().durable();
    next_source();
  }

 private:
  struct Shown {
    std::size_t source = 0;
    std::string id{};
    Version version{};
    Lsn lsn{};
    std::string answer{};
  };

  const ListSource& source() const { return ask_.sources[source_]; }
  bool has_filter() const { return !ask_.status.empty() || !ask_.player.empty() || source().is_hidden != nullptr; }

  // A read: it goes on with a full disk, too.
  void ask(ScriptPtr script, std::function<void(Outcome&)> then) {
    Request request;
    request.tenant = tenant_;
    request.kind = source().kind;
    request.command = Command(std::move(script));
    request.is_question = true;
    engine_.submit(std::move(request), [self = shared_from_this(), then = std::move(then)](Outcome& outcome) {
      if (!is_success(outcome.code)) return self->done_(outcome);
      then(outcome);
    });
  }

  // What is asked of the source at hand, in its own ids; false: none of them can be meant.
  bool is_meant(IdsAsk& ids) const {
    const std::string_view name = source().name;
    ids.kind = source().kind;
    ids.only_alerted = !ask_.status.empty() && ask_.status == source().alerted_status;
    ids.limit = has_filter() ? list_looked_max - looked_all_ : ask_.limit - shown_.size();
    if (ask_.prefix.starts_with(name))
      ids.prefix = ask_.prefix.substr(name.size());
    else if (!name.starts_with(ask_.prefix))
      return false;
    if (ask_.after.starts_with(name))
      ids.after = ask_.after.substr(name.size());
    else if (ask_.after > name)
      return false;
    return true;
  }

  void next_source() {
    IdsAsk ids;
    while (source_ < ask_.sources.size() && !is_meant(ids)) ++source_, ids = {};
    if (source_ == ask_.sources.size()) return finish();
    if (source().index != nullptr)
      return ask(source().index(ask_, std::move(ids)), [self = shared_from_this()](Outcome& outcome) {
        IdsPage page;
        self->page_next_.clear();
        if (!self->source().read_index(outcome.answer, page, self->page_next_)) page.code = Code::internal_error;
        page.is_last = self->page_next_.empty();
        self->take(page);
      });
    engine_.ids(tenant_, std::move(ids), [self = shared_from_this()](IdsPage& page) {
      self->page_next_ = page.ids.empty() ? std::string() : page.ids.back();
      self->take(page);
    });
  }

  void take(IdsPage& page) {
    if (page.code != Code::ok) return fail(page.code);
    ids_ = std::move(page.ids);
    looked_ = 0;
    is_last_ = page.is_last;
    look();
  }

  void look() {
    if (std::chrono::steady_clock::now() >= ask_.ends_at) return fail(Code::deadline_exceeded);
    if (looked_ == ids_.size()) return source_is_done();
    const std::size_t count = std::min(looked_at_once, ids_.size() - looked_);
    const auto from = ids_.begin() + static_cast<std::ptrdiff_t>(looked_);
    std::vector<std::string> some(from, from + static_cast<std::ptrdiff_t>(count));
    looked_ += count;
    looked_all_ += count;
    ask(look_at(source().kind, std::move(some), source().question == nullptr ? Command() : source().question()),
        [self = shared_from_this()](Outcome& outcome) { self->show(outcome); });
  }

  void show(const Outcome& outcome) {
    lsn_ = std::max(lsn_, outcome.lsn);
    bool is_full = false, is_readable = true;
    each_looked(outcome.answer, [&](const Looked& one) {
      if (is_full || !is_shown(one, is_readable)) return;
      shown_.push_back({source_, std::string(one.id), one.version, one.lsn, std::string(one.answer)});
      bytes_ += one.answer.size();
      is_full = shown_.size() == ask_.limit || bytes_ > list_bytes_max;
      if (is_full) last_ = std::string(source().name).append(one.id);
    });
    if (!is_readable) return fail(Code::internal_error);
    const bool is_end =
        is_full && is_last_ && looked_ == ids_.size() && last_ == std::string(source().name) + ids_.back();
    if (!is_full || is_end) return look();
    has_more_ = true;
    finish();
  }

  // One whose answer can't be told isn't left out in silence: there is no page then.
  bool is_shown(const Looked& one, bool& is_readable) const {
    if (source().is_hidden != nullptr && source().is_hidden(one.answer)) return false;
    if (ask_.status.empty()) return true;
    const Kind* kind = find_kind(kinds_, source().kind);
    StatusOf status;
    is_readable = is_readable && kind != nullptr && kind->describe_answer(one.id, one.answer, status);
    return is_readable && status.status == ask_.status;
  }

  void source_is_done() {
    const bool is_enough = shown_.size() == ask_.limit || (has_filter() && looked_all_ >= list_looked_max);
    if (!is_last_ || is_enough) {
      if (!is_last_) last_ = std::string(source().name) + page_next_;
      // Whether a later source has more isn't known yet: a page that comes out empty says so.
      has_more_ = !is_last_ || source_ + 1 < ask_.sources.size();
      if (has_more_ && last_.empty()) last_ = std::string(source().name) + ids_.back();
      return finish();
    }
    ++source_;
    next_source();
  }

  void fail(Code code) {
    Outcome outcome;
    outcome.code = code;
    done_(outcome);
  }

  void finish() {
    const auto outcome = std::make_shared<Outcome>();
    outcome->lsn = lsn_;
    renderer_.ask([self = shared_from_this(), outcome] { self->render(*outcome); },
                  [self = shared_from_this(), outcome] { self->done_(*outcome); });
  }

  // On the renderer's thread: nobody else has the run then.
  void render(Outcome& outcome) const {
    std::string& out = outcome.answer;
    append_string(out += '{', ask_.member);
    out += ":[";
    for (const Shown& one : shown_) {
      if (&one != &shown_.front()) out += ',';
      if (append(out, one)) continue;
      outcome.code = Code::internal_error;
      return out.clear();
    }
    out += "],\"next\":";
    has_more_ ? append_string(out, last_) : static_cast<void>(out += "null");
    append_unsigned(out += ",\"as_of_lsn\":", as_of_.value);
    out += '}';
  }

  bool append(std::string& out, const Shown& one) const {
    const Kind* kind = find_kind(kinds_, ask_.sources[one.source].kind);
    std::string tail = ",\"version\":";
    append_unsigned(tail, one.version.value);
    append_unsigned(tail += ",\"lsn\":", one.lsn.value);
    out += '{';
    JsonFields fields(out, tail);
    if (kind == nullptr || !kind->describe_answer(one.id, one.answer, fields)) return false;
    fields.finish();
    out += '}';
    return true;
  }

  Engine& engine_;
  const Tenant tenant_;
  const ListAsk ask_;
  const Kinds& kinds_;
  Renderer& renderer_;
  const std::function<void(Outcome&)> done_;
  std::size_t source_ = 0;
  std::vector<std::string> ids_;                         // of the source at hand
  std::size_t looked_ = 0, looked_all_ = 0, bytes_ = 0;  // of them; of all sources
  bool is_last_ = false, has_more_ = false;
  std::string page_next_;  // behind which the source's next ids are
  std::string last_;       // behind which the next page is, as it is told
  Lsn as_of_{}, lsn_{};
  std::vector<Shown> shown_;
};

bool is_id_or_name(std::string_view text) {
  return !text.empty() && text.size() <= 140 && std::all_of(text.begin(), text.end(), is_id_char);
}

}  // namespace

bool read_list(Decoder& decoder, std::string_view member, std::vector<ListSource> sources,
               std::vector<std::string_view> statuses) {
  auto ask = std::make_shared<ListAsk>();
  ask->member = member;
  ask->sources = std::move(sources);
  std::int64_t limit = list_limit;
  const auto read_id = [&](std::string_view name, std::string_view value, std::string& into) {
    if (percent_decode(value, into) && is_id_or_name(into)) return true;
    return decoder.refuse(Problem(
        Code::invalid_id, "The query parameter " + std::string(name) + " must be an id, or the beginning of one."));
  };
  const bool good = decoder.each_parameter([&](std::string_view name, std::string_view value) {
    if (name == "after") return read_id(name, value, ask->after);
    if (name == "prefix") return read_id(name, value, ask->prefix);
    if (name == "player" && ask->sources.front().index != nullptr) return read_id(name, value, ask->player);
    if (name == "limit") return decoder.read_number(name, value, 1, list_limit_max, limit);
    if (name != "status" || statuses.empty()) return decoder.refuse_parameter(name);
    ask->status = value;
    if (std::find(statuses.begin(), statuses.end(), value) != statuses.end()) return true;
    std::string known;
    for (const std::string_view status : statuses) known.append(known.empty() ? "" : ", ").append(status);
    return decoder.refuse(Problem(Code::invalid_request, "The query parameter status must be one of " + known + '.'));
  });
  ask->limit = static_cast<std::size_t>(limit);
  decoder.out.request.kind = ask->sources.front().kind;
  decoder.out.list = std::move(ask);
  return good && decoder.check_no_body();
}

void ListRuns::start(Tenant tenant, ListAsk ask, Done done) {
  waiting_.push_back({tenant, std::move(ask), std::move(done)});
  go_on();
}

// A run that ends at once, as all do while the engine drains, is followed by the next one here, not within it.
void ListRuns::go_on() {
  if (std::exchange(is_going_on_, true)) return;
  while (running_.size() < at_once && !waiting_.empty()) {
    Waiting next = take_next();
    running_.push_back(next.tenant);
    const auto done = [this, tenant = next.tenant, tell = std::move(next.done)](Outcome& outcome) {
      running_.erase(std::ranges::find(running_, tenant));
      go_on();
      tell(outcome);  // last: who is told may be the end of all this
    };
    std::make_shared<ListRun>(engine_, next.tenant, std::move(next.ask), kinds_, renderer_, done)->start();
  }
  is_going_on_ = false;
}

ListRuns::Waiting ListRuns::take_next() {
  const auto next = std::ranges::min_element(
      waiting_, {}, [this](const Waiting& one) { return std::ranges::count(running_, one.tenant); });
  Waiting taken = std::move(*next);
  waiting_.erase(next);
  return taken;
}

void ListRuns::stop() {
  for (const Waiting& one : std::exchange(waiting_, {})) {
    Outcome told;
    told.code = Code::draining;
    one.done(told);
  }
}

}  // namespace tote::http
