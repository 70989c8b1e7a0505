/// `not_sent` is a promise: nothing was created, nothing is billed, try again. It must hold for every failure
/// before the request's first byte, and for no other.
#include "daemon/net/http.h"

#include "tests/support/fault_server.h"
#include "tests/support/fetch.h"
#include "tests/support/scoped_env.h"
#include "tests/support/temp_folder.h"
#include "tests/support/tls_identity.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fstream>

namespace reeld {

using namespace std::chrono_literals;
using test::answer;
using test::FaultServer;
using test::fetch;
using test::Reaction;
using test::ReceivedRequest;
using test::ScopedEnv;
using Then = Reaction::Then;
using Outcome = HttpAnswer::Outcome;

namespace {

HttpRequest create(const std::string& url) {
    return {.kind = HttpRequest::Kind::once,
            .method = "POST",
            .url = url,
            .headers = {"X-API-Key: secret"},
            .body = "{}"};
}

/// A loopback port that nobody listens on: the server that had it has gone.
int dead_port() {
    const FaultServer server{[](const ReceivedRequest&) {
        return answer(200, "");
    }};
    return server.port();
}

} // namespace

TEST_CASE("a refused connection is known not to have sent anything, and the cause says all of it") {
    Loop loop;
    Http http{loop, {}};
    const int port = dead_port();
    const HttpAnswer got = fetch(loop, http, create(fmt::format("http://127.0.0.1:{}/", port)));
    CHECK(got.outcome == Outcome::not_sent);
    CHECK(got.status == 0);
    CHECK(got.cause ==
          fmt::format("could not connect to 127.0.0.1 port {}: Connection refused; nothing was sent", port));
}

TEST_CASE("a name that does not resolve is known not to have sent anything") {
    Loop loop;
    Http http{loop, {}};
    const HttpAnswer got = fetch(loop, http, create("https://name.invalid/"));
    CHECK(got.outcome == Outcome::not_sent);
    CHECK(got.cause == "could not find the address of name.invalid port 443; nothing was sent");
}

TEST_CASE("a server whose certificate nobody vouches for gets nothing") {
    const test::TlsIdentity identity{test::TlsIdentity::Prefers::http1};
    const test::TlsIdentity other{test::TlsIdentity::Prefers::http1};
    FaultServer server{[](const ReceivedRequest&) { return answer(200, ""); }, &identity};
    const test::TempFolder folder;
    std::ofstream{folder / "ca.pem"} << other.certificate_pem();
    Loop loop;
    for (const std::string& ca_file : {std::string{}, (folder / "ca.pem").string()}) {
        Http http{loop, {.ca_file = ca_file}};
        const HttpAnswer got = fetch(loop, http, create(server.url("/")));
        CHECK(got.outcome == Outcome::not_sent);
        CHECK(got.cause.starts_with("could not make a secure connection to 127.0.0.1 port "));
        CHECK(got.cause.ends_with("; nothing was sent"));
    }
    CHECK(server.received().empty());
}

TEST_CASE("a file of certificates that is missing is a cause and not a crash") {
    const test::TlsIdentity identity{test::TlsIdentity::Prefers::http1};
    FaultServer server{[](const ReceivedRequest&) { return answer(200, ""); }, &identity};
    Loop loop;
    Http http{loop, {.ca_file = "/nowhere/ca.pem"}};
    const HttpAnswer got = fetch(loop, http, create(server.url("/")));
    CHECK(got.outcome == Outcome::not_sent);
    CHECK(got.cause.find("/nowhere/ca.pem") != std::string::npos);
}

TEST_CASE("a server that does not speak TLS gets nothing but the handshake") {
    FaultServer server{[](const ReceivedRequest&) {
        return answer(200, "");
    }};
    Loop loop;
    Http http{loop, {}};
    std::string url = server.url("/");
    url.replace(0, 4, "https");
    HttpRequest request = create(url);
    request.total_timeout = 50ms; // It waits for an end of headers that a handshake does not have.
    CHECK(fetch(loop, http, request).outcome == Outcome::not_sent);
    CHECK(server.received().empty());
}

TEST_CASE("only http and https are spoken") {
    Loop loop;
    Http http{loop, {}};
    for (const char* url :
         {"file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/", "nonsense://x"}) {
        const HttpAnswer got = fetch(loop, http, create(url));
        CHECK(got.outcome == Outcome::not_sent);
        CHECK(got.body.empty());
    }
    CHECK(fetch(loop, http, create("http://")).cause.starts_with("talking to an address that is not a URL"));
}

TEST_CASE("a URL that libcurl will not take is an outcome in a later turn") {
    Loop loop;
    Http http{loop, {}};
    CHECK(fetch(loop, http, create(std::string(9'000'000, 'x'))).outcome == Outcome::not_sent);
}

TEST_CASE("a proxy that does not open the tunnel has not answered the request, whatever page it shows") {
    const std::string page = "<html>Please log in</html>";
    for (const Reaction& reaction :
         {answer(403, page), answer(407, page, "Proxy-Authenticate: Basic realm=\"x\"\r\n"),
          answer(302, page), Reaction{"HTTP/1.1 200 OK\r\n\r\n" + page, Then::close}, answer(200, page),
          Reaction{"", Then::close}}) {
        CAPTURE(reaction.bytes);
        FaultServer proxy{[&](const ReceivedRequest&) {
            return reaction;
        }};
        const ScopedEnv environment{"https_proxy", proxy.url("")};
        Loop loop;
        Http http{loop, {}};
        HttpRequest request = create("https://provider.test/");
        request.total_timeout = 2s;
        const HttpAnswer got = fetch(loop, http, request);
        CAPTURE(got.cause);
        CHECK(got.outcome == Outcome::not_sent);
        CHECK(got.status == 0);
        CHECK(got.body.empty());
        for (const ReceivedRequest& seen : proxy.received()) {
            CHECK(seen.head.starts_with("CONNECT provider.test:443"));
            CHECK(seen.head.find("secret") == std::string::npos);
        }
    }
}

TEST_CASE("this machine is reached without a proxy") {
    FaultServer server{[](const ReceivedRequest&) {
        return answer(200, "direct");
    }};
    FaultServer proxy{[](const ReceivedRequest&) {
        return answer(502, "by proxy");
    }};
    const ScopedEnv environment{"http_proxy", proxy.url("")};
    for (const char* exempt : {"", "example.com", "*"}) {
        const ScopedEnv no_proxy{"no_proxy", exempt};
        Loop loop;
        Http http{loop, {}};
        CHECK(fetch(loop, http, {.url = server.url("/")}).body == "direct");
        CHECK(fetch(loop, http, {.url = fmt::format("http://localhost:{}/", server.port())}).body ==
              "direct");
    }
    CHECK(proxy.received().empty());
    Loop loop;
    Http http{loop, {}};
    CHECK(fetch(loop, http, {.url = "http://provider.test/"}).body == "by proxy");
}

} // namespace reeld
