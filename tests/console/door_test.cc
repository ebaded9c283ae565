// The console's door: files with a strict policy, compressed, known by their ETag; and the bundle that they are.
#include "adapters/console/door.h"

#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <zlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "adapters/console/assets.h"
#include "tests/http/client.h"
#include "tests/http/running_server.h"
#include "tests/places.h"

using namespace tests::http;
using tests::TempDirectory;
using tote::console::Door;

namespace {

struct DoorFixture {
  TempDirectory directory;
  RunningServer server{directory.path()};
  Client client{server.port()};

  DoorFixture() { server.mount(std::string(Door::path), std::make_shared<Door>()); }
};

std::string text_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  REQUIRE_MESSAGE(in.good(), path.string());
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string uncompressed(std::string in, std::size_t bytes_max) {
  std::string out(bytes_max, '\0');
  z_stream stream{};
  REQUIRE(inflateInit2(&stream, 15 + 16) == Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  CHECK(inflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

// As web/build.mjs makes it: of each file its name and its bytes, in the order of their names.
std::string hash_of_sources() {
  const std::filesystem::path web = std::filesystem::path(tests::source_directory()) / "adapters/console/web";
  std::vector<std::string> paths{"build.mjs", "package-lock.json", "package.json", "tsconfig.json"};
  for (const auto& entry : std::filesystem::recursive_directory_iterator(web / "src"))
    if (entry.is_regular_file()) paths.push_back(entry.path().lexically_relative(web).generic_string());
  std::ranges::sort(paths);
  std::string all;
  for (const std::string& path : paths) all.append(path).append(1, '\0').append(text_of(web / path)).append(1, '\0');
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  REQUIRE(EVP_Digest(all.data(), all.size(), digest, &size, EVP_sha256(), nullptr) == 1);
  std::string hex;
  for (unsigned i = 0; i < size; ++i)
    hex.append(1, "0123456789abcdef"[digest[i] >> 4]).append(1, "0123456789abcdef"[digest[i] & 15]);
  return hex;
}

}  // namespace

TEST_CASE("console: the bundle is made of the sources that lie beside it") {
  const std::string first = "/* sources " + hash_of_sources() + " */";
  const char* const how = "the bundle is stale: in adapters/console/web, npm ci && npm run build";
  CHECK_MESSAGE(tote::console::console_js().starts_with(first), how);
  CHECK_MESSAGE(tote::console::console_css().starts_with(first), how);
}

TEST_CASE_FIXTURE(DoorFixture,
                  "console: the page and its files, each of its type, with a policy that allows nothing else") {
  struct File {
    const char *path, *type;
  };
  for (const File& file :
       {File{"/console", "text/html; charset=utf-8"}, File{"/console/", "text/html; charset=utf-8"},
        File{"/console/console.js", "text/javascript; charset=utf-8"},
        File{"/console/console.css", "text/css; charset=utf-8"}, File{"/console/icon.svg", "image/svg+xml"}}) {
    INFO(file.path);
    const Response page = client.get(file.path);
    CHECK(page.status == 200);
    CHECK(page.header("Content-Type") == file.type);
    CHECK(page.header("X-Content-Type-Options") == "nosniff");
    CHECK(page.header("Referrer-Policy") == "no-referrer");
    const std::string policy = page.header("Content-Security-Policy");
    for (const char* part :
         {"default-src 'none'", "script-src 'self';", "style-src 'self';", "connect-src 'self';",
          "frame-ancestors 'none'", "form-action 'none'", "base-uri 'none'", "require-trusted-types-for 'script'"})
      CHECK_MESSAGE(policy.find(part) != std::string::npos, part);
    CHECK(policy.find("unsafe") == std::string::npos);
    CHECK(policy.find("http") == std::string::npos);
  }
  CHECK(client.get("/v1/wallets/alice").status == 404);  // the API is beside it
}

TEST_CASE_FIXTURE(DoorFixture, "console: compressed where that is taken, and not sent again to whoever has it") {
  const Response plain = client.get("/console/console.js");
  CHECK(plain.body == tote::console::console_js());
  CHECK_FALSE(plain.has("Content-Encoding"));
  const Response small = client.get("/console/console.js", {{"Accept-Encoding", "gzip, deflate, br"}});
  CHECK(small.header("Content-Encoding") == "gzip");
  CHECK(small.header("Vary") == "Accept-Encoding");
  CHECK(uncompressed(small.body, plain.body.size() + 1) == plain.body);
  REQUIRE(small.has("ETag"));
  CHECK(small.header("ETag") == plain.header("ETag"));
  const Response again = client.get("/console/console.js", {{"If-None-Match", small.header("ETag")}});
  CHECK(again.status == 304);
  CHECK(again.body.empty());
  CHECK(client.get("/console", {{"If-None-Match", small.header("ETag")}}).status == 200);
}

TEST_CASE("console: all of it has 300 KB at most") {
  CHECK(Door().compressed_bytes() <= 300'000);
  CHECK(Door().compressed_bytes() > 10'000);
}

TEST_CASE_FIXTURE(DoorFixture, "console: what isn't there, and what isn't read") {
  CHECK(client.get("/console/none.js").status == 404);
  CHECK(client.get("/console/../data").status == 404);
  const Response posted = client.ask("POST", "/console", "");
  CHECK(posted.status == 405);
  CHECK(posted.header("Allow") == "GET, HEAD");
  CHECK(posted.has("Content-Security-Policy"));
  Client other(server.port());
  CHECK(other.ask("GET", "/console", "a body").status == 413);
  Client third(server.port());
  REQUIRE(third.send(Client::text_of("HEAD", "/console", {}, {})));
  CHECK(third.receive(true).status == 200);
}

TEST_CASE("console: nothing inline, and of this server alone") {
  const std::string page(tote::console::index_html());
  CHECK(page.find("<style") == std::string::npos);
  CHECK(page.find(" style=") == std::string::npos);
  CHECK(page.find("onload") == std::string::npos);
  CHECK(page.find("://") == std::string::npos);
  CHECK(page.find("<script type=\"module\" src=\"/console/console.js\"></script>") != std::string::npos);
}
