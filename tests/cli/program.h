// Runs the real program as a child process, and whatever a test needs around it. Nothing here waits for time: every
// wait is for a line, an exit or an answer, with a deadline after which the test fails.
#pragma once

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

#include "tests/temp_directory.h"

namespace tote::cli::test {

using tests::TempDirectory;

class Child {
 public:
  using Arguments = std::vector<std::string>;
  // The environment is empty but for PATH and what is given here. Runs in `directory`.
  Child(const std::string& program, const Arguments& arguments, const std::string& directory,
        const std::map<std::string, std::string>& environment = {});
  ~Child();  // kill -9 if it still runs
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // Reads until stdout has a line that starts with `beginning`; false when the child ended or 20 s passed without.
  bool wait_for_line(const std::string& beginning);
  // The same until stderr has `part`.
  bool wait_for_error(const std::string& part);
  // Waits for the end: the exit code, 128 + the signal that ended it, or -1 after `seconds`.
  int wait(int seconds = 20);
  void signal(int number) const;
  pid_t pid() const { return pid_; }

  const std::string& out() const { return out_; }
  const std::string& err() const { return err_; }

 private:
  template <class IsThere>
  bool wait_until(const IsThere& is_there);
  bool read_some(int timeout_ms);  // false: both pipes are at their end

  pid_t pid_ = -1;
  int out_pipe_ = -1, err_pipe_ = -1;
  std::string out_, err_;
};

struct Finished {
  int code = -1;
  std::string out, err;
};

// `tote arguments…`, to its end.
Finished run_tote(const Child::Arguments& arguments, const std::string& directory = "/",
                  const std::map<std::string, std::string>& environment = {});

// `tote serve` on a free port, with READY waited for.
class Server {
 public:
  explicit Server(const std::string& data, Child::Arguments more = {});

  Child& child() { return child_; }
  bool ready() const { return port_ != 0; }
  int port() const { return port_; }

 private:
  Child child_;
  int port_ = 0;
};

struct Answer {
  int status = 0;  // 0: no answer
  std::string head, body;
};

// One request over a connection of its own. `headers` are whole lines, each ended by \r\n.
Answer request(int port, const std::string& method, const std::string& path, const std::string& body = "",
               const std::string& headers = "");

// A connection that has sent the beginning of a request and never sends the rest.
class HalfRequest {
 public:
  explicit HalfRequest(int port);
  ~HalfRequest();
  HalfRequest(const HalfRequest&) = delete;
  HalfRequest& operator=(const HalfRequest&) = delete;

 private:
  int socket_;
};

// The port after "http://127.0.0.1:" in a banner; 0 when there is none.
int port_in(const std::string& banner);

std::vector<std::string> lines_of(const std::string& text);
bool contains(const std::string& text, const std::string& part);

}  // namespace tote::cli::test
