// What the program says about itself, and about being asked wrongly.
#include <doctest/doctest.h>

#include "tests/cli/program.h"

using namespace tote::cli::test;

TEST_CASE("every --help fits a screen") {
  for (const auto& words : std::vector<Child::Arguments>{{},
                                                         {"serve"},
                                                         {"demo"},
                                                         {"log"},
                                                         {"verify"},
                                                         {"replay"},
                                                         {"config"},
                                                         {"config", "check"},
                                                         {"version"},
                                                         {"explain"},
                                                         {"hot"},
                                                         {"alerts"},
                                                         {"cluster"},
                                                         {"cluster", "transfer"},
                                                         {"top"},
                                                         {"projection"},
                                                         {"projection", "verify"},
                                                         {"projection", "rebuild"},
                                                         {"sign"},
                                                         {"sign", "stripe"},
                                                         {"import"},
                                                         {"bench"}}) {
    auto arguments = words;
    arguments.push_back("--help");
    const auto help = run_tote(arguments);
    const auto name = words.empty() ? std::string("tote") : words.back();
    CHECK_MESSAGE(help.code == 0, name);
    CHECK_MESSAGE(lines_of(help.out).size() <= 40, name);
    for (const auto& line : lines_of(help.out)) CHECK_MESSAGE(line.size() <= 80, line);
  }
}

TEST_CASE("what is asked wrongly is 2 and one clear sentence") {
  CHECK(run_tote({}).code == 2);
  const auto unknown = run_tote({"sevre"});
  CHECK(unknown.code == 2);
  CHECK(unknown.err == "tote: there is no command \"sevre\"; tote --help lists them\n");
  CHECK(run_tote({"serve", "--prot", "1"}).code == 2);
  CHECK(run_tote({"serve", "--gateway", "stripe"}).code == 2);
  CHECK(run_tote({"log", "--from", "first"}).code == 2);
  const auto negative = run_tote({"log", "--from", "-1"});
  CHECK(negative.code == 2);
  CHECK((negative.out + negative.err).find("an LSN isn't negative") != std::string::npos);
  CHECK(run_tote({"projection", "verify"}).code == 2);
  const auto wrong = run_tote({"serve", "--connections-max", "none"});
  CHECK(wrong.code == 2);
  CHECK(wrong.err == "tote: --connections-max: must be an integer, not \"none\"\n");
}

TEST_CASE("version and --version agree") {
  const auto version = run_tote({"version"});
  const auto flag = run_tote({"--version"});
  CHECK(version.code == 0);
  CHECK(flag.code == 0);
  CHECK(flag.out.starts_with("tote "));
  const auto words = flag.out.substr(0, flag.out.find(' ', 5));
  CHECK(version.out.starts_with(words + "\n"));
  CHECK(contains(version.out, "formats  log frames: writes 1"));
}

TEST_CASE("config check prints each setting with its source and no secret") {
  const TempDirectory directory;
  const std::string hash(64, 'a');
  directory.write("tote.toml",
                  "[http]\nconnections_max = 7\n[[tenant]]\nid = \"shop\"\ntoken_sha256 = [\"" + hash + "\"]\n");
  const auto checked = run_tote({"config", "check", "--data", "here"}, directory.path(), {{"TOTE_REQUESTS_MAX", "9"}});
  CHECK(checked.code == 0);
  const auto has = [&](const std::string& setting, const std::string& source) {
    for (const auto& line : lines_of(checked.out))
      if (line.starts_with(setting + " ") && line.ends_with("# " + source)) return true;
    return false;
  };
  CHECK(has("data = \"here\"", "--data"));
  CHECK(has("requests_max = 9", "TOTE_REQUESTS_MAX"));
  CHECK(has("connections_max = 7", "tote.toml:2"));
  CHECK(has("require_idempotency_key = false", "default"));
  CHECK(has("id = \"shop\"", "tote.toml:3"));
  CHECK_FALSE(contains(checked.out, hash));
  CHECK(contains(checked.out, "# token_sha256: 1, not printed"));
}

TEST_CASE("config check and serve refuse a wrong file the same way") {
  const TempDirectory directory;
  directory.write("tote.toml", "[http]\nrequire_key = true\n");
  for (const auto& command : std::vector<Child::Arguments>{{"config", "check"}, {"serve"}}) {
    const auto refused = run_tote(command, directory.path());
    CHECK(refused.code == 2);
    CHECK(refused.err.starts_with("tote: tote.toml:2: http.require_key: unknown key; [http] knows "));
    CHECK(lines_of(refused.err).size() == 1);
  }
}

TEST_CASE("what config check prints is a file that config check reads") {
  const TempDirectory directory;
  const auto first = run_tote({"config", "check"}, directory.path());
  directory.write("tote.toml", first.out);
  const auto second = run_tote({"config", "check"}, directory.path());
  CHECK(second.code == 0);
  CHECK(contains(second.out, "connections_max = 10000"));
}
