// `tote hot` and `tote top`: which entities of a running server are hot, once or again and again; `tote alerts`: what
// needs a person there.
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <string>

#include "adapters/cli/commands.h"
#include "adapters/cli/errors.h"
#include "adapters/cli/server_client.h"
#include "adapters/cli/watching.h"

namespace tote::cli {
namespace {

constexpr int redraw_ms = 1'000;

volatile sig_atomic_t interrupted = 0;
void interrupt(int) { interrupted = 1; }

// Shows a screen of its own, and gives the old one back. Keys come one by one.
class Screen {
 public:
  Screen() {
    if (tcgetattr(STDIN_FILENO, &before_) == 0) {
      termios now = before_;
      now.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
      has_keys_ = tcsetattr(STDIN_FILENO, TCSANOW, &now) == 0;
    }
    struct sigaction action {};
    action.sa_handler = interrupt;
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
    put("\x1b[?1049h\x1b[?25l");
  }
  ~Screen() {
    put("\x1b[?25h\x1b[?1049l");
    if (has_keys_) tcsetattr(STDIN_FILENO, TCSANOW, &before_);
  }
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  // Each line over the one that was there, nothing of which stays.
  void show(const std::string& text) const {
    winsize size{};  // asked each time: it may have changed
    ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
    std::string out = "\x1b[H";
    for (const char c : cropped(text, size.ws_col, size.ws_row)) out += c == '\n' ? "\x1b[K\n" : std::string(1, c);
    put(out + "\x1b[J");
  }
  // Until it is time for the next picture; false: that is enough (q, Ctrl-C).
  bool wait() const {
    pollfd keys{has_keys_ ? STDIN_FILENO : -1, POLLIN, 0};
    if (::poll(&keys, 1, redraw_ms) > 0) {
      char key = 'q';
      if (::read(STDIN_FILENO, &key, 1) != 1 || key == 'q' || key == 'Q') return false;
    }
    return interrupted == 0;
  }

 private:
  static void put(const std::string& text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
  }

  termios before_{};
  bool has_keys_ = false;
};

// Throws Failure when it isn't there, or says no.
std::string get(ServerClient& server, const WatchArguments& arguments, const std::string& path) {
  ServerAnswer answer = server.get(path);
  if (answer.status == 200) return std::move(answer.body);
  if (answer.status == 0) throw Failure(arguments.url + ": " + answer.problem);
  throw Failure(arguments.url + " answers " + std::to_string(answer.status) + detail_text(answer.body));
}

std::string hot_of(ServerClient& server, const WatchArguments& arguments) {
  return hot_text(get(server, arguments, "/v1/hot?limit=" + std::to_string(arguments.limit)));
}

std::string picture_of(ServerClient& server, const WatchArguments& arguments) {
  return overview_text(get(server, arguments, "/v1/overview?limit=1")) + '\n' + hot_of(server, arguments);
}

void redraw(ServerClient& server, const WatchArguments& arguments, const Screen& screen) {
  const std::string head = "tote top  " + arguments.url + "  (q ends it)\n\n";
  try {
    screen.show(head + picture_of(server, arguments));
  } catch (const Failure& failure) {
    screen.show(head + failure.what() + '\n');  // it may come back
  }
}

}  // namespace

int print_alerts(const WatchArguments& arguments) {
  ServerClient server(arguments.url, token_of(arguments.token_file), arguments.tenant);
  const std::string path = "/v1/alerts?limit=" + std::to_string(arguments.limit);
  std::fputs(alerts_text(get(server, arguments, path)).c_str(), stdout);
  return exit_ok;
}

int print_hot(const WatchArguments& arguments) {
  ServerClient server(arguments.url, token_of(arguments.token_file), arguments.tenant);
  std::fputs(hot_of(server, arguments).c_str(), stdout);
  return exit_ok;
}

int print_top(const WatchArguments& arguments) {
  ServerClient server(arguments.url, token_of(arguments.token_file), arguments.tenant);
  if (arguments.once || ::isatty(STDOUT_FILENO) == 0) {
    std::fputs(picture_of(server, arguments).c_str(), stdout);
    return exit_ok;
  }
  const Screen screen;
  do redraw(server, arguments, screen);
  while (screen.wait());
  return exit_ok;
}

}  // namespace tote::cli
