#include "adapters/nats/stream.h"

#include <nats/nats.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <string_view>
#include <vector>

namespace tote::nats {
namespace {

namespace json = boost::json;
using events::Away;
using events::DomainEvent;
using Clock = std::chrono::steady_clock;

// Headers of an event's message, besides those that JetStream itself reads.
constexpr const char *log_header = "Tote-Log", *lsn_header = "Tote-Lsn", *ordinal_header = "Tote-Ordinal",
                     *time_header = "Tote-Time";
constexpr std::int64_t connect_max_ms = 2'000, api_max_ms = 2'000, write_max_ms = 5'000, look_every_ms = 50;
constexpr std::size_t told_bytes_max = 200;  // of what JetStream says

template <auto destroy>
struct Destroy {
  template <class T>
  void operator()(T* it) const {
    destroy(it);
  }
};
using Options = std::unique_ptr<natsOptions, Destroy<natsOptions_Destroy>>;
using Message = std::unique_ptr<natsMsg, Destroy<natsMsg_Destroy>>;
using StreamInfo = std::unique_ptr<jsStreamInfo, Destroy<jsStreamInfo_Destroy>>;

// What libnats says last may hold an address, never a secret.
[[noreturn]] void fail(const char* doing, natsStatus status) {
  const char* detail = nats_GetLastError(nullptr);
  std::string text = std::string(doing) + ": " + natsStatus_GetText(status);
  if (detail != nullptr && *detail != '\0') text.append(" (").append(detail).append(")");
  throw Away(text);
}

void must(const char* doing, natsStatus status) {
  if (status != NATS_OK) fail(doing, status);
}

std::vector<std::string> split(const std::string& urls) {
  std::vector<std::string> all;
  for (std::size_t at = 0; at <= urls.size();) {
    const auto end = std::min(urls.find(',', at), urls.size());
    all.push_back(urls.substr(at, end - at));
    at = end + 1;
  }
  return all;
}

Options options_of(const StreamOptions& settings) {
  natsOptions* made = nullptr;
  must("options", natsOptions_Create(&made));
  Options options(made);
  const auto urls = split(settings.urls);
  std::vector<const char*> texts;
  texts.reserve(urls.size());
  for (const std::string& url : urls) texts.push_back(url.c_str());
  must("its URLs", natsOptions_SetServers(made, texts.data(), static_cast<int>(texts.size())));
  must("its name", natsOptions_SetName(made, "tote"));
  must("its options", natsOptions_SetAllowReconnect(made, false));
  must("its options", natsOptions_SetTimeout(made, connect_max_ms));
  must("its options", natsOptions_SetWriteDeadline(made, write_max_ms));
  if (!settings.credentials.empty())
    must("the credentials", natsOptions_SetUserCredentialsFromFiles(made, settings.credentials.c_str(), nullptr));
  return options;
}

// JetStream's answer to a publication: {"stream":"TOTE","seq":7,"duplicate":true} or {"error":{…,"description":"…"}}.
// The sequence; throws when it wasn't stored in `stream`.
std::uint64_t sequence_in(std::string_view text, const std::string& stream) {
  boost::system::error_code error;
  const json::value parsed = json::parse(text, error);
  const json::object* answer = error ? nullptr : parsed.if_object();
  if (answer == nullptr) throw Away("JetStream gave an answer that can't be read");
  if (const auto* refusal = answer->if_contains("error")) {
    const auto* fields = refusal->if_object();
    const auto* why = fields == nullptr ? nullptr : fields->if_contains("description");
    const bool is_told = why != nullptr && why->is_string();
    const std::string text =
        "JetStream refused an event: " + (is_told ? json::value_to<std::string>(*why).substr(0, told_bytes_max) : "?");
    throw Away(text, text);
  }
  const auto* name = answer->if_contains("stream");
  if (name == nullptr || !name->is_string() || name->as_string() != stream)
    throw Away("another stream than " + stream + " takes the events' subjects");
  const auto* sequence = answer->if_contains("seq");
  return sequence == nullptr || !sequence->is_number() ? 0 : sequence->to_number<std::uint64_t>();
}

std::optional<std::uint64_t> number_of(natsMsg* message, const char* header) {
  const char* text = nullptr;
  if (natsMsgHeader_Get(message, header, &text) != NATS_OK || text == nullptr || *text == '\0') return std::nullopt;
  std::uint64_t number = 0;
  for (const char* at = text; *at != '\0'; ++at) {
    if (*at < '0' || *at > '9') return std::nullopt;
    number = number * 10 + static_cast<std::uint64_t>(*at - '0');
  }
  return number;
}

std::optional<StreamEnd::Mark> mark_of(natsMsg* message) {
  const char* log_id = nullptr;
  if (natsMsgHeader_Get(message, log_header, &log_id) != NATS_OK || log_id == nullptr) return std::nullopt;
  const auto lsn = number_of(message, lsn_header), ordinal = number_of(message, ordinal_header);
  const auto time = number_of(message, time_header);
  if (!lsn || *lsn == 0 || !ordinal || !time) return std::nullopt;
  return StreamEnd::Mark{
      log_id, {{*lsn - 1}, static_cast<std::uint32_t>(*ordinal) + 1}, {*lsn}, {static_cast<std::int64_t>(*time)}};
}

bool is_word(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

}  // namespace

std::string urls_problem(const std::string& urls) {
  for (const std::string& url : split(urls)) {
    const auto end = url.find("://");
    const auto scheme = url.substr(0, std::min(end, url.size()));
    if (end == std::string::npos || (scheme != "nats" && scheme != "tls") || url.size() <= end + 3 ||
        url.find_first_of(" \t\r\n") != std::string::npos)
      return "must be nats://HOST:PORT or tls://HOST:PORT, several separated by commas";
  }
  return {};
}

std::string name_problem(const std::string& name) {
  return is_word(name) ? "" : "must be 1 to 64 characters of A-Z a-z 0-9 _ -";
}

std::string subject_of(const std::string& subject, const DomainEvent& event) {
  std::string text = subject + '.';
  for (const char c : event.tenant) c == '.' ? text.append("%2E") : text.append(1, c);
  return text.append(1, '.').append(event.type);
}

struct Stream::Connection {
  // libnats before 3.6 hands messages to a subscription that is just being freed: its thread has ended when close has.
  ~Connection() {
    if (nats != nullptr) natsConnection_Close(nats.get());
  }

  std::unique_ptr<natsConnection, Destroy<natsConnection_Destroy>> nats;
  std::unique_ptr<natsSubscription, Destroy<natsSubscription_Destroy>> answers;
  std::unique_ptr<jsCtx, Destroy<jsCtx_Destroy>> jetstream;
  std::string inbox;
};

Stream::Stream(const StreamOptions& options, const std::atomic<bool>& stopped)
    : options_(options), stopped_(stopped), connection_(std::make_unique<Connection>()) {
  const Options settings = options_of(options);
  natsConnection* nats = nullptr;
  must("NATS can't be reached", natsConnection_Connect(&nats, settings.get()));
  connection_->nats.reset(nats);
  natsInbox* inbox = nullptr;
  must("an inbox", natsInbox_Create(&inbox));
  connection_->inbox = inbox;
  natsInbox_Destroy(inbox);
  natsSubscription* answers = nullptr;
  must("an inbox", natsConnection_SubscribeSync(&answers, nats, connection_->inbox.c_str()));
  connection_->answers.reset(answers);
  jsOptions js;
  must("JetStream", jsOptions_Init(&js));
  js.Wait = api_max_ms;
  jsCtx* jetstream = nullptr;
  must("JetStream", natsConnection_JetStream(&jetstream, nats, &js));
  connection_->jetstream.reset(jetstream);
  ensure_stream();
}

Stream::~Stream() = default;

// One that is there stays as its operator made it, with limits, replicas and all.
void Stream::ensure_stream() {
  jsStreamInfo* info = nullptr;
  jsErrCode code{};
  const auto found = js_GetStreamInfo(&info, connection_->jetstream.get(), options_.stream.c_str(), nullptr, &code);
  const StreamInfo owned(info);
  if (found == NATS_OK) return;
  if (found == NATS_NO_RESPONDERS || code == JSNotEnabledErr || code == JSNotEnabledForAccountErr)
    throw Away("the server has no JetStream", "the server has no JetStream");
  if (code != JSStreamNotFoundErr) fail("JetStream doesn't answer", found);
  jsStreamConfig config;
  must("a stream", jsStreamConfig_Init(&config));
  const std::string subjects = options_.subject + ".>";
  const char* list[] = {subjects.c_str()};
  config.Name = options_.stream.c_str();
  config.Subjects = list;
  config.SubjectsLen = 1;
  must("the stream can't be made", js_AddStream(nullptr, connection_->jetstream.get(), &config, nullptr, &code));
}

StreamEnd Stream::end() {
  jsStreamInfo* info = nullptr;
  jsErrCode code{};
  jsCtx* jetstream = connection_->jetstream.get();
  const char* name = options_.stream.c_str();
  must("the stream's end", js_GetStreamInfo(&info, jetstream, name, nullptr, &code));
  const StreamInfo owned(info);
  StreamEnd end{.sequence = info->State.LastSeq};
  if (info->State.Msgs == 0) return end;
  natsMsg* last = nullptr;
  const auto got = js_GetMsg(&last, jetstream, name, end.sequence, nullptr, &code);
  const Message message(last);
  if (got != NATS_OK && (got == NATS_NOT_FOUND || code == JSNoMessageFoundErr)) return end;  // somebody deleted it
  must("the stream's last message", got);
  end.mark = mark_of(last);
  end.is_foreign = !end.mark;
  return end;
}

bool Stream::is_open() const { return !natsConnection_IsClosed(connection_->nats.get()); }

std::uint64_t Stream::append(const std::string& log_id, std::span<const DomainEvent> told, std::uint64_t sequence) {
  std::uint64_t expected = sequence;
  for (const DomainEvent& event : told) publish(event, log_id, expected++);
  // The answers come in the order of the publications.
  for (std::size_t i = 0; i < told.size(); ++i)
    if (sequence_in(await_answer(), options_.stream) != ++sequence)
      throw Away("JetStream had an event already");  // where it stands is asked anew
  return sequence;
}

void Stream::put(const std::string& log_id, const DomainEvent& event) {
  publish(event, log_id, std::nullopt);
  sequence_in(await_answer(), options_.stream);
}

// Each says after which message it must come: if one isn't stored, none of those behind it is, whatever the order of
// their answers.
void Stream::publish(const DomainEvent& event, const std::string& log_id,
                     std::optional<std::uint64_t> expected_sequence) {
  natsMsg* made = nullptr;
  const std::string subject = subject_of(options_.subject, event);
  must("a message", natsMsg_Create(&made, subject.c_str(), connection_->inbox.c_str(), event.cloud.data(),
                                   static_cast<int>(event.cloud.size())));
  const Message message(made);
  const auto header = [made](const char* name, const std::string& value) {
    must("a header", natsMsgHeader_Set(made, name, value.c_str()));
  };
  header("Nats-Msg-Id", event.id);
  header("Nats-Expected-Stream", options_.stream);
  if (expected_sequence) header("Nats-Expected-Last-Sequence", std::to_string(*expected_sequence));
  header("Content-Type", "application/cloudevents+json");
  header(log_header, log_id);
  header(lsn_header, std::to_string(event.lsn.value));
  header(time_header, std::to_string(event.time.ns));
  header(ordinal_header, std::to_string(event.ordinal));
  must("an event can't be sent", natsConnection_PublishMsg(connection_->nats.get(), made));
}

std::string Stream::await_answer() {
  const auto ends_at = Clock::now() + std::chrono::milliseconds(options_.answer_max_ms);
  for (;;) {
    natsMsg* got = nullptr;
    const auto status = natsSubscription_NextMsg(&got, connection_->answers.get(), look_every_ms);
    const Message answer(got);
    if (status == NATS_OK) {
      if (natsMsg_IsNoResponders(got))
        throw Away("no stream takes the events' subjects", "no stream takes the events' subjects");
      return {natsMsg_GetData(got), static_cast<std::size_t>(natsMsg_GetDataLength(got))};
    }
    if (status != NATS_TIMEOUT) fail("NATS", status);
    if (stopped_) throw Away("stopped");
    if (!is_open()) throw Away("NATS closed the connection");
    if (Clock::now() > ends_at) throw Away("NATS doesn't answer");
  }
}

}  // namespace tote::nats
