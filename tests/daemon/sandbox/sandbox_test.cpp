#include "daemon/sandbox/sandbox.h"

#include "tests/daemon/http/raw_client.h"
#include "tests/daemon/sandbox/rig.h"
#include "tests/support/temp_folder.h"

#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <fstream>
#include <sys/wait.h>

namespace reeld {

using namespace test;
using sandbox::Misbehaviour;

namespace {

/// A sandbox on the test's loop, asked over sockets, each request on a fresh connection.
struct Site {
    explicit Site(SandboxOptions options = {}) : sandbox(loop, std::move(options)) {
        const std::string& url = sandbox.base_url();
        REQUIRE(url.starts_with("http://127.0.0.1:"));
        REQUIRE(url.ends_with("/v1"));
        port = static_cast<std::uint16_t>(std::stoul(url.substr(url.rfind(':') + 1)));
    }

    std::string exchange(std::string_view method, std::string_view path, std::string_view body = "") {
        RawClient client(loop, port);
        client.send(fmt::format("{} {} HTTP/1.1\r\nHost: h\r\nX-API-Key: k\r\nContent-Length: {}\r\n\r\n{}",
                                method, path, body.size(), body));
        return client.answer();
    }

    std::string create() {
        return exchange("POST", "/v1/prediction/",
                        R"({"model":"kling-v3-pro-text-to-video","input":{"prompt":"A gull"}})");
    }

    std::string created() {
        const std::string answer = create();
        REQUIRE(status_of(answer) == 200);
        return std::string(sandbox::string_member(json_of(body_of(answer)), "predictionID"));
    }

    /// Polls until the prediction has ended and returns the last answer.
    std::string polled_to_end(const std::string& id) {
        while (true) {
            const std::string body = body_of(exchange("GET", "/v1/prediction/" + id));
            if (sandbox::string_member(json_of(body), "status") == "success") return body;
        }
    }

    Loop loop;
    Sandbox sandbox;
    std::uint16_t port = 0;
};

SandboxOptions with(Misbehaviour what) {
    SandboxOptions options;
    options.provider = always(what);
    return options;
}

/// Renders of a millisecond.
SandboxOptions instantly() {
    SandboxOptions options;
    options.provider.time = Duration{1};
    return options;
}

struct Pipe {
    Pipe() { REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0); }
    ~Pipe() {
        ::close(ends[0]);
        close_writer();
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;

    void close_writer() {
        if (ends[1] >= 0) ::close(ends[1]);
        ends[1] = -1;
    }

    std::string read_to_end() const {
        std::string text;
        std::array<char, 4096> buffer{};
        for (ssize_t count = 0; (count = ::read(ends[0], buffer.data(), buffer.size())) > 0;) {
            text.append(buffer.data(), static_cast<std::size_t>(count));
        }
        return text;
    }

    std::array<int, 2> ends{};
};

/// Runs run_sandbox() in a child process that writes to the two pipes.
pid_t start_program(const SandboxOptions& options, Pipe& out, Pipe& err) {
    std::fflush(nullptr); // Or the child would write the test runner's buffered lines once more.
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        ::dup2(out.ends[1], STDOUT_FILENO);
        ::dup2(err.ends[1], STDERR_FILENO);
        const int code = run_sandbox(options);
        std::fflush(nullptr);
        ::_exit(code);
    }
    out.close_writer();
    err.close_writer();
    return child;
}

/// Waits for the child's end; -1 when it did not exit by itself.
int exit_code_of(pid_t child) {
    int status = 0;
    if (::waitpid(child, &status, 0) != child || !WIFEXITED(status)) return -1;
    return WEXITSTATUS(status);
}

} // namespace

TEST_CASE("a client's X-Request-Id comes back, and what is no request is refused in the provider's words") {
    Site site;
    RawClient client(site.loop, site.port);
    client.send("GET /x HTTP/1.1\r\nHost: h\r\nX-Request-Id: abc-1\r\n\r\n");
    CHECK(has_line(client.answer(), "X-Request-Id: abc-1"));
    client.send("GET /.. HTTP/1.1\r\nHost: h\r\n\r\n");
    CHECK(sandbox::string_member(json_of(body_of(client.answer())), "status") == "error");
}

TEST_CASE("a port that is taken is an error that names it and says what to do") {
    const Site first;
    const std::string wanted =
        fmt::format("127.0.0.1:{}: Address already in use; choose another --port", first.port);
    CHECK_THROWS_WITH_AS(Site({.port = first.port}), doctest::Contains(wanted.c_str()), std::runtime_error);
}

TEST_CASE("a prediction is created, polled to its end and watched, over the wire") {
    Site site(instantly());
    const std::string id = site.created();
    const std::string body = site.polled_to_end(id);
    const std::string url(sandbox::string_member(json_of(body), "output"));
    CHECK(url == fmt::format("http://127.0.0.1:{}/media/{}.mp4", site.port, id));
    const std::string video = site.exchange("GET", "/media/" + id + ".mp4");
    CHECK(has_line(video, "Content-Type: video/mp4"));
    CHECK(body_of(video).substr(4, 4) == "ftyp");
    CHECK(site.sandbox.report().makespan_over_ideal.has_value());
    CHECK(json_of(body_of(site.exchange("GET", "/report")))["creates_accepted"].GetInt() == 1);
}

TEST_CASE("a video can be asked for in parts, and for its headers alone") {
    Site site(instantly());
    const std::string id = site.created();
    site.polled_to_end(id);
    RawClient client(site.loop, site.port);
    client.send("GET /media/" + id + ".mp4 HTTP/1.1\r\nHost: h\r\nRange: bytes=4-7\r\n\r\n");
    const std::string part = client.answer();
    CHECK(status_of(part) == 206);
    CHECK(body_of(part) == "ftyp");
    CHECK(part.find("\r\nContent-Range: bytes 4-7/") != std::string::npos);

    RawClient head(site.loop, site.port);
    head.send("HEAD /media/" + id + ".mp4 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    head.wait_for_end();
    CHECK(status_of(head.received()) == 200);
    CHECK(body_of(head.received()).empty());
}

TEST_CASE("every answer tells the provider's time") {
    Site site(instantly());
    const std::string id = site.created();
    for (const std::string& answer :
         {site.create(), site.exchange("GET", "/v1/executions"), site.exchange("GET", "/v1/prediction/" + id),
          site.exchange("GET", "/v1/prediction/none"),
          site.exchange("POST", "/v1/prediction/" + id + "/cancel"), site.exchange("PUT", "/v1/executions"),
          site.exchange("GET", "/v1/nothing")}) {
        CAPTURE(answer);
        CHECK(answer.find("\r\nDate: ") != std::string::npos);
    }
}

TEST_CASE("two sandboxes with one seed do not give out the same ids") {
    Site first;
    Site second;
    CHECK(first.created() != second.created());
}

TEST_CASE("each create that is to be lost on the wire is, and its prediction exists") {
    for (const Misbehaviour what :
         {Misbehaviour::create_lost, Misbehaviour::create_reset, Misbehaviour::create_truncated}) {
        CAPTURE(sandbox::name_of(what));
        Site site(with(what));
        RawClient client(site.loop, site.port);
        const std::string body = R"({"model":"kling-o3-pro-text-to-video","input":{}})";
        client.send(
            fmt::format("POST /v1/prediction/ HTTP/1.1\r\nHost: h\r\nX-API-Key: k\r\nContent-Length: {}"
                        "\r\n\r\n{}",
                        body.size(), body));
        const RawClient::State end = client.wait_for_end();
        CHECK((end == RawClient::State::reset) == (what == Misbehaviour::create_reset));
        rapidjson::Document received;
        CHECK(sandbox::parse_json(body_of(client.received()), received) != "");
        CHECK(site.sandbox.report().predictions == 1);
        const auto list = json_of(body_of(site.exchange("GET", "/v1/executions?limit=100")));
        CHECK(list["executions"].Size() == 1);
    }
}

TEST_CASE("a sandbox with a state file still knows its predictions when it is started again") {
    const TempFolder folder;
    SandboxOptions options;
    options.state = folder / "sandbox.state";
    std::string id;
    {
        Site site(options);
        id = site.created();
    }
    Site again(options);
    const auto body = json_of(body_of(again.exchange("GET", "/v1/prediction/" + id)));
    CHECK(sandbox::string_member(body, "id") == id);
    CHECK(sandbox::string_member(body["input"], "prompt") == "A gull");
    CHECK(again.created() != id);
    CHECK(again.sandbox.report().identical_inputs.size() == 1);
}

TEST_CASE("a create whose answer is lost is in the state file all the same") {
    const TempFolder folder;
    SandboxOptions options = with(Misbehaviour::create_lost);
    options.state = folder / "sandbox.state";
    {
        Site site(options);
        CHECK(site.create().empty());
    }
    CHECK(Site(options).sandbox.report().predictions == 1);
}

TEST_CASE("a state file with a line that makes no sense is an error with the place and the remedy") {
    const TempFolder folder;
    SandboxOptions options;
    options.state = folder / "sandbox.state";
    {
        Site site(options);
        site.created();
    }
    std::ofstream(options.state, std::ios::app) << "nonsense\n";
    CHECK_THROWS_WITH_AS(Site{options}, doctest::Contains("sandbox.state:2: "), std::runtime_error);
}

TEST_CASE("options that contradict each other are an error when the sandbox starts") {
    SandboxOptions options;
    options.provider.limits.creates = 0;
    CHECK_THROWS_WITH_AS(Site{options}, doctest::Contains("--creates"), std::runtime_error);
}

TEST_CASE("the program says where it listens, runs until SIGTERM, and then prints its report") {
    Pipe out;
    Pipe err;
    Pipe ready;
    SandboxOptions options;
    options.ready_fd = ready.ends[1];
    const pid_t child = start_program(options, out, err);
    ready.close_writer();
    const std::string url = ready.read_to_end();
    CHECK(url.starts_with("http://127.0.0.1:"));
    CHECK(url.ends_with("/v1\n"));
    REQUIRE(::kill(child, SIGTERM) == 0);
    CHECK(out.read_to_end() == "listening on " + url);
    CHECK(err.read_to_end().starts_with("creates     0 arrived, 0 accepted\n"));
    CHECK(exit_code_of(child) == 0);
}

TEST_CASE("the program that cannot start says why and exits with 2") {
    Pipe out;
    Pipe err;
    SandboxOptions options;
    options.provider.speed = 0;
    const pid_t child = start_program(options, out, err);
    CHECK(err.read_to_end() == "reeld sandbox: --speed 0: must be above zero\n");
    CHECK(out.read_to_end().empty());
    CHECK(exit_code_of(child) == 2);
}

} // namespace reeld
