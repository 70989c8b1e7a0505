#include "tests/daemon/cli/mounted_disk.h"
#include "tests/daemon/cli/served_night.h"
#include "tests/support/fault_server.h"
#include "tests/support/places.h"

#include <arpa/inet.h>
#include <atomic>
#include <csignal>
#include <doctest/doctest.h>
#include <filesystem>
#include <fmt/format.h>
#include <functional>
#include <netinet/in.h>
#include <sstream>
#include <string>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace reeld::test {

namespace {

constexpr const char* kKey = "key-for-tests"; // Night's.

bool is_create(const ReceivedRequest& request) {
    return request.head.starts_with("POST ");
}

int creates_at(const FaultServer& server) {
    int creates = 0;
    for (const auto& request : server.received()) creates += is_create(request) ? 1 : 0;
    return creates;
}

void point_at(ServedNight& night, const std::string& base_url) {
    night.configure("api", fmt::format("{{ base_url: \"{}\" }}", base_url));
}

/// Two starts of the daemon against a provider that answers every create so: each shot is sent once.
void check_held_and_never_sent_again(const Reaction& to_creates) {
    FaultServer provider(
        [&](const ReceivedRequest& request) { return is_create(request) ? to_creates : answer(404, "{}"); });
    ServedNight night;
    point_at(night, provider.url("/v1"));
    night.configure("settle", "50ms"); // The provider has no list.
    {
        Program daemon(night.serve());
        night.drop("harbor.yaml", Night::storyboard(2));
        REQUIRE(daemon.wait_for("harbor/shot-1 is held"));
        REQUIRE(daemon.wait_for("harbor/shot-2 is held"));
        stop(daemon);
    }
    Program daemon(night.serve());
    night.drop("quay.yaml", "# quay\n" + Night::storyboard(1));
    REQUIRE(daemon.wait_for("quay/shot-1 is held"));
    stop(daemon);
    CHECK(creates_at(provider) == 3);
    CHECK_FALSE(night.has("output/harbor/manifest.json"));
}

/// A loopback port on which nobody listens at the moment.
int free_port() {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto* name = reinterpret_cast<sockaddr*>(&address);
    const bool bound = ::bind(fd, name, length) == 0 && ::getsockname(fd, name, &length) == 0;
    ::close(fd);
    REQUIRE(bound);
    return ntohs(address.sin_port);
}

/// Whether any file below `folder` holds `text`; the one that does in `where`.
bool any_file_holds(const std::filesystem::path& folder, const std::string& text, std::string& where) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (!entry.is_regular_file()) continue;
        where = entry.path().string();
        if (read_file(entry.path()).find(text) != std::string::npos) return true;
    }
    return false;
}

} // namespace

namespace {

/// A provider that knows no model, says so when it is let, and creates whatever is asked for.
class SlowLookUp {
public:
    SlowLookUp() : server_([this](const ReceivedRequest& request) { return reply(request); }) {}

    [[nodiscard]] std::string url() const { return server_.url("/v1"); }
    void wait_until_asked() { asked_.wait(false); }
    void answer_now() {
        may_answer_ = true;
        may_answer_.notify_all();
    }
    [[nodiscard]] int creates() const { return creates_; }

private:
    Reaction reply(const ReceivedRequest& request) {
        if (request.target().find("/v1/model?") != std::string::npos) {
            asked_ = true;
            asked_.notify_all();
            may_answer_.wait(false);
            return answer(404, R"({"error":"no such model"})");
        }
        if (is_create(request))
            return answer(200, fmt::format(R"({{"status":"success","predictionID":"p-{}"}})", ++creates_));
        return answer(200, R"({"status":"success","output":"https://cdn.test/a.mp4"})");
    }

    std::atomic<bool> asked_{false};
    std::atomic<bool> may_answer_{false};
    std::atomic<int> creates_{0};
    FaultServer server_;
};

constexpr const char* kOfUnknownModel = "model: someone-text-to-video\nshots:\n  - a gul lands\n";

/// What a daemon creates when `meanwhile` happens to harbor.yaml in its watch folder while that is looked up.
int creates_when(const std::function<void(ServedNight&)>& meanwhile, const std::string& awaited) {
    SlowLookUp provider;
    ServedNight night;
    point_at(night, provider.url());
    Program daemon(night.serve());
    night.drop("harbor.yaml", kOfUnknownModel);
    provider.wait_until_asked();
    meanwhile(night);
    provider.answer_now();
    if (!awaited.empty()) REQUIRE(daemon.wait_for(awaited));
    night.drop("quay.yaml", "# quay\n" + Night::storyboard(1));
    REQUIRE(daemon.wait_for("quay finished"));
    stop(daemon);
    return provider.creates();
}

} // namespace

TEST_CASE("a storyboard that is corrected while its model is looked up is rendered once, as corrected") {
    const auto correct = [](ServedNight& night) {
        night.drop("harbor.yaml", "model: someone-text-to-video\nshots:\n  - a gull lands\n");
    };
    CHECK(creates_when(correct, "harbor finished") == 2);
}

TEST_CASE("a storyboard that is taken back while its model is looked up is not rendered") {
    const auto take_back = [](ServedNight& night) {
        std::filesystem::remove(night.inbox() / "harbor.yaml");
    };
    CHECK(creates_when(take_back, "") == 1);
}

TEST_CASE("a proxy's page with code 200 in the place of a create's answer holds the shot for good") {
    check_held_and_never_sent_again(
        answer(200, "<html><body>Please log in</body></html>", "Content-Type: text/html\r\n"));
}

TEST_CASE("an answer to a create that does not end is given up at its limit, and the shot is held") {
    check_held_and_never_sent_again({.bytes = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                                              "Content-Length: 104857600\r\n\r\n",
                                     .then = Reaction::Then::flood});
}

TEST_CASE("a provider that refuses connections keeps the shots, and they are rendered when it is back") {
    ServedNight night;
    const int port = free_port();
    point_at(night, fmt::format("http://127.0.0.1:{}/v1", port));
    Program daemon(night.serve());
    night.drop("harbor.yaml", Night::storyboard(3));
    REQUIRE(daemon.wait_for("Connection refused"));
    Program provider(
        {.words = {test::reeld_program(), "sandbox", "--time", "30ms", "--port", std::to_string(port)}});
    REQUIRE(daemon.wait_for("harbor finished: 3 of 3 succeeded"));
    CHECK(stop(daemon).exit_code == 0);
}

TEST_CASE("a rejected key suspends the account, and a restart with the right one renders every shot once") {
    ServedNight night({"--time", "30ms", "--key", "the-right-key"});
    {
        Program daemon(night.serve());
        night.drop("harbor.yaml", Night::storyboard(3));
        REQUIRE(daemon.wait_for("creates are suspended"));
        CHECK(stop(daemon).exit_code == 0);
    }
    auto start = night.serve();
    start.environment["EACHLABS_API_KEY"] = "the-right-key";
    Program daemon(start);
    REQUIRE(daemon.wait_for("harbor finished: 3 of 3 succeeded"));
    stop(daemon);
    CHECK(night.creates() == 3);
}

TEST_CASE("an empty balance suspends the account, and a restart after paying goes on") {
    std::atomic<bool> paid = false;
    FaultServer provider([&](const ReceivedRequest& request) {
        if (!is_create(request))
            return answer(200, R"({"status":"success","output":"https://cdn.test/a.mp4"})");
        if (!paid) return answer(402, R"({"error":"Insufficient balance"})");
        return answer(200, R"({"status":"success","predictionID":"abc-1"})");
    });
    ServedNight night;
    point_at(night, provider.url("/v1"));
    {
        Program daemon(night.serve());
        night.drop("harbor.yaml", Night::storyboard(1));
        REQUIRE(daemon.wait_for("creates are suspended"));
        CHECK(stop(daemon).exit_code == 0);
    }
    paid = true;
    Program daemon(night.serve());
    REQUIRE(daemon.wait_for("harbor finished: 1 of 1 succeeded"));
    stop(daemon);
    CHECK(creates_at(provider) == 2);
}

TEST_CASE("a full or read-only output folder makes manifests late, not lost") {
    std::atomic<int> created = 0;
    std::atomic<bool> rendered =
        false; // Not before the disk is in trouble: a disk that is written to stays as it is.
    FaultServer provider([&](const ReceivedRequest& request) {
        if (is_create(request))
            return answer(200, fmt::format(R"({{"status":"success","predictionID":"abc-{}"}})", ++created));
        if (!rendered) return answer(200, R"({"status":"processing"})");
        return answer(200, R"({"status":"success","output":"https://cdn.test/a.mp4"})");
    });
    ServedNight night;
    point_at(night, provider.url("/v1"));
    const MountedDisk disk(night.folder() / "output");
    if (!disk.is_there()) return;
    Program daemon(night.serve());
    night.drop("harbor.yaml", Night::storyboard(2));
    REQUIRE(daemon.wait_for("harbor/shot-2 is rendering"));
    SUBCASE("full") {
        disk.fill();
        rendered = true;
        REQUIRE(daemon.wait_for("No space left"));
        disk.free();
    }
    SUBCASE("read-only") {
        disk.read_only(true);
        rendered = true;
        REQUIRE(daemon.wait_for("Read-only file system"));
        disk.read_only(false);
    }
    REQUIRE(daemon.wait_for("harbor finished: 2 of 2 succeeded"));
    CHECK(night.manifest("harbor")["shots"].Size() == 2);
    CHECK(stop(daemon).exit_code == 0);
}

TEST_CASE(
    "the key is in no log, journal, manifest, command line or environment, even if the provider says it") {
    const std::string says_it = fmt::format(R"({{"error":"{}","details":"is {} yours?"}})", kKey, kKey);
    FaultServer provider([&](const ReceivedRequest& request) {
        return is_create(request) ? answer(400, says_it) : answer(404, says_it);
    });
    ServedNight night;
    point_at(night, provider.url("/v1"));
    Program daemon(night.serve());
    night.drop("harbor.yaml", Night::storyboard(2));
    REQUIRE(daemon.wait_for("harbor finished"));
    const auto proc = std::filesystem::path("/proc") / std::to_string(daemon.pid());
    CHECK(read_file(proc / "cmdline").find(kKey) == std::string::npos);
    CHECK(read_file(proc / "environ").find(kKey) == std::string::npos);
    std::string where;
    CHECK_FALSE_MESSAGE(any_file_holds(night.folder().path(), kKey, where), where);
    const auto end = stop(daemon);
    CHECK(end.err.find(kKey) == std::string::npos);
    CHECK(end.out.find(kKey) == std::string::npos);
    CHECK(night.output("harbor", "manifest.json").find("***") != std::string::npos);
}

TEST_CASE("a second rehearsal on a state folder ends with 4 and names the first one's process") {
    const ServedNight night;
    Program daemon(night.reeld({"serve", "--sandbox"}));
    REQUIRE(daemon.wait_for("serving"));
    const auto second = run_program(night.reeld({"serve", "--sandbox"}));
    CHECK(second.exit_code == 4);
    CHECK(second.err.find(fmt::format("is in use by process {}", daemon.pid())) != std::string::npos);
    stop(daemon);
}

TEST_CASE("a rehearsal and its sandbox keep no key in their environments either") {
    const ServedNight night;
    auto start = night.reeld({"serve", "--sandbox"});
    start.environment["EACHLABS_API_KEY"] = kKey;
    Program daemon(start);
    REQUIRE(daemon.wait_for("serving"));
    const auto proc = std::filesystem::path("/proc") / std::to_string(daemon.pid());
    std::istringstream family(read_file(proc / "task" / std::to_string(daemon.pid()) / "children"));
    std::vector<std::string> pids = {std::to_string(daemon.pid())};
    for (std::string child; family >> child;) pids.push_back(child);
    CHECK(pids.size() == 2);
    for (const auto& pid : pids) {
        const auto environment = read_file(std::filesystem::path("/proc") / pid / "environ");
        CHECK_FALSE(environment.empty());
        CHECK(environment.find(kKey) == std::string::npos);
    }
    stop(daemon);
}

} // namespace reeld::test
