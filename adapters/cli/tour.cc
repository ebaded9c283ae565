#include "adapters/cli/tour.h"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <thread>

#include "adapters/cli/demo_lines.h"
#include "adapters/cli/errors.h"

namespace tote::cli {
namespace {

volatile std::sig_atomic_t has_been_interrupted = 0;

// The temporary directory is removed by whoever made it, who must not die of a signal.
void end_tour_on_signals() {
  struct sigaction action {};
  action.sa_handler = [](int) { has_been_interrupted = 1; };
  for (const int signal : {SIGINT, SIGTERM}) ::sigaction(signal, &action, nullptr);
}

// A server in a process of its own, to be killed.
class Killable {
 public:
  explicit Killable(const Serve& serve) : serve_(serve) { start(); }
  ~Killable() { end(SIGTERM); }
  Killable(const Killable&) = delete;
  Killable& operator=(const Killable&) = delete;

  const std::string& url() const { return url_; }
  pid_t pid() const { return pid_; }
  void kill() { end(SIGKILL); }
  void start() {
    int ends[2];
    if (::pipe(ends) != 0) throw Failure("no pipe can be made");
    std::fflush(stdout);
    pid_ = ::fork();
    if (pid_ == 0) child(ends[0], ends[1]);
    ::close(ends[1]);
    std::string url;
    char piece[256];
    for (ssize_t got = 0; (got = ::read(ends[0], piece, sizeof piece)) > 0;)
      url.append(piece, static_cast<std::size_t>(got));
    ::close(ends[0]);
    if (url.empty()) throw Failure("the demo's server didn't start");
    url_ = std::move(url);
  }

 private:
  [[noreturn]] void child(int in, int out) {
    ::close(in);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    int code = exit_ok;
    try {
      serve_(url_.empty() ? url_ : url_.substr(url_.find("//") + 2), [&](const std::string& url) {
        if (::write(out, url.data(), url.size()) < 0) std::_Exit(exit_failure);
        ::close(out);
      });
    } catch (const std::exception& error) {
      std::fprintf(stderr, "tote: %s\n", error.what());
      code = exit_failure;
    }
    std::_Exit(code);
  }
  void end(int signal) {
    if (pid_ <= 0) return;
    ::kill(pid_, signal);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }

  const Serve& serve_;
  std::string url_;
  pid_t pid_ = -1;
};

std::string output_of(const std::string& command) {
  const auto close = [](std::FILE* pipe) { ::pclose(pipe); };
  const std::unique_ptr<std::FILE, decltype(close)> pipe(::popen(command.c_str(), "r"), close);
  if (pipe == nullptr) throw Failure("no shell can be started");
  std::string all;
  char piece[4096];
  for (std::size_t got = 0; (got = std::fread(piece, 1, sizeof piece, pipe.get())) > 0;) all.append(piece, got);
  return all;
}

std::size_t count_of(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

class Tour {
 public:
  Tour(const std::string& files, const Serve& serve) : files_(files), server_(serve) {}

  int take() {
    std::printf("A server on a throw-away log, at %s (its console: %s/console).\n\n", server_.url().c_str(),
                server_.url().c_str());
    for (const Line& line : demo_lines()) {
      if (!show(line)) return exit_failure;
      if (line.path == last_path_before_crash && !crash()) return exit_failure;
    }
    std::puts("That was all. tote demo prints these lines for you to paste, with psql beside them (--postgres).");
    return exit_ok;
  }

 private:
  bool crash() {
    std::printf("# Now the server is killed, as by a power cut, and started again.\n$ kill -9 %d\n",
                static_cast<int>(server_.pid()));
    server_.kill();
    server_.start();
    std::printf("listening again at %s\n\n", server_.url().c_str());
    for (const Line& line : demo_lines_after_crash())
      if (!show(line)) return false;
    return true;
  }

  bool show(const Line& line) {
    const std::string command = command_of(line, server_.url(), files_);
    std::printf("# %s\n$ %s\n", std::string(line.expect).c_str(), command.c_str());
    const std::string answer = run(line, command);
    std::printf("%s\n", answer.c_str());
    if (has_been_interrupted != 0) return false;
    const std::string status = "HTTP/1.1 " + std::string(line.expect.substr(0, 3));
    if (line.race.empty() && !answer.starts_with(status)) {
      std::puts("That isn't what was expected. The tour ends here.");
      return false;
    }
    return wait();
  }

  // What happens by itself takes a moment.
  static std::string run(const Line& line, const std::string& command) {
    std::string answer = output_of(command);
    const auto is_there = [&] {
      return line.later.times == 0 || count_of(answer, line.later.text) >= line.later.times;
    };
    for (int i = 0; i < 100 && has_been_interrupted == 0 && !is_there(); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      answer = output_of(command);
    }
    return answer;
  }

  static bool wait() {
    std::fflush(stdout);
    if (::isatty(STDIN_FILENO) == 0 || ::isatty(STDOUT_FILENO) == 0) return true;
    std::fputs("(Enter: on)", stdout);
    std::fflush(stdout);
    for (int c = 0; (c = std::getchar()) != '\n';)
      if (c == EOF) return false;
    return has_been_interrupted == 0;
  }

  const std::string& files_;
  Killable server_;
};

}  // namespace

int take_tour(const std::string& files, const Serve& serve) {
  end_tour_on_signals();
  return Tour(files, serve).take();
}

}  // namespace tote::cli
