// docs/grafana: alert rules that fire, a runbook line for each, and no figure that no server has.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

#include "tests/cli/program.h"
#include "tests/places.h"

using namespace tote::cli::test;

namespace {

std::string text_of(const std::string& path) {
  std::ifstream in(tests::source_directory() + "/" + path);
  REQUIRE_MESSAGE(in.good(), path);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::set<std::string> found_in(const std::string& text, const std::string& pattern) {
  const std::regex expression(pattern);
  std::set<std::string> found;
  for (std::sregex_iterator at(text.begin(), text.end(), expression), end; at != end; ++at)
    found.insert((*at)[1].str());
  return found;
}

void check_runs(const std::string& program, const Child::Arguments& arguments) {
  Child child(program, arguments, tests::source_directory() + "/docs/grafana");
  const int code = child.wait(60);
  CHECK_MESSAGE(code == 0, child.out(), child.err());
}

// Wherever the program names one.
std::set<std::string> figures_of_the_program() {
  std::string sources;
  for (const char* folder : {"adapters/http", "adapters/server", "adapters/postgres"})
    for (const auto& entry : std::filesystem::directory_iterator(tests::source_directory() + "/" + folder))
      sources += text_of(std::filesystem::relative(entry.path(), tests::source_directory()).string());
  return found_in(sources, "\"(tote_[a-z0-9_]+)");
}

std::string without_suffix(std::string figure) {
  for (const std::string suffix : {"_bucket", "_sum", "_count"})
    if (figure.ends_with(suffix)) return figure.substr(0, figure.size() - suffix.size());
  return figure;
}

}  // namespace

TEST_CASE("the alert rules are taken by Prometheus, each fires in trouble, and none on a server that is well") {
  check_runs("/usr/bin/promtool", {"check", "rules", "alerts.yml"});
  check_runs("/usr/bin/promtool", {"test", "rules", "alerts_test.yml"});
}

TEST_CASE("every alert is tried, and has a line in the runbook") {
  const std::string tried = text_of("docs/grafana/alerts_test.yml"), runbook = text_of("docs/operations.md");
  const auto alerts = found_in(text_of("docs/grafana/alerts.yml"), "alert: ([A-Za-z]+)");
  CHECK(alerts.size() > 10);
  for (const std::string& alert : alerts) {
    CHECK_MESSAGE(tried.find("alertname=\"" + alert + '"') != std::string::npos, alert);
    CHECK_MESSAGE(runbook.find("| " + alert + " |") != std::string::npos, alert);
  }
}

TEST_CASE("every figure that an alert or the dashboard asks for is one that a server tells") {
  const auto told = figures_of_the_program();
  CHECK(told.contains("tote_log_full"));
  for (const char* file : {"docs/grafana/alerts.yml", "docs/grafana/dashboard.json"})
    for (const std::string& figure : found_in(text_of(file), "(tote_[a-z0-9_]+)"))
      CHECK_MESSAGE(told.contains(without_suffix(figure)), file, ": ", figure);
}

TEST_CASE("the dashboard is the one that its script writes") {
  check_runs("/usr/bin/python3", {"make_dashboard.py", "--check"});
}
