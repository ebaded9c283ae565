// The console: the page that an engineer on call looks at, below one path. It is files and nothing else: whatever it
// shows it asks the API for, as any client, with the token of whoever looks. So the files are for everybody, and say
// nothing of anybody.
//
//   GET /console             the page
//   GET /console/console.js  and its other files: compressed where the client takes that, with an ETag
//
// The page can do what it needs and no more: scripts, styles and answers of this server alone, nothing inline, no frame
// around it, no text that becomes markup (Content-Security-Policy).
//
// Threads: the loop thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/server/handler.h"

namespace tote::console {

class Door final : public server::Handler {
 public:
  static constexpr std::string_view path = "/console";

  // Compresses the files: some milliseconds.
  Door();

  // -- Handler
  void mount(const server::State& state) override { state_ = &state; }
  std::unique_ptr<server::Exchange> make_exchange() override;
  std::size_t body_bytes_max(std::string_view) const override { return 0; }
  Admission admit(const server::Message& message, server::Exchange& exchange, std::unique_ptr<server::Owner>&) override;
  bool take(server::Message& message, server::Exchange& exchange, Sink&, std::uint64_t, std::string& out) override;
  void answer(server::Exchange&, Outcome&, std::string&) override {}
  void deny(const server::Message& message, server::Exchange& exchange, std::string& out) override;
  void refuse(const server::Message& message, server::Exchange& exchange, const server::Failure& failure,
              std::string& out) override;
  bool is_of_this_node(std::string_view) const override { return true; }
  void release(server::Exchange&) override {}
  void cancel(Sink&, std::uint64_t) override {}

  // Of all files, compressed.
  std::size_t compressed_bytes() const;

 private:
  struct Asset {
    std::string_view path, type, text;
    std::string compressed{}, etag{};
  };

  const Asset* find(std::string_view target) const;
  void say(const server::Exchange& exchange, unsigned status, std::string_view text, std::string& out) const;

  std::vector<Asset> assets_;
  const server::State* state_ = nullptr;
};

}  // namespace tote::console
