#include "tests/daemon/cli/served_night.h"
#include "tests/support/notify_socket.h"

#include <csignal>
#include <doctest/doctest.h>
#include <string>

namespace reeld::test {

TEST_CASE(
    "the service is ready when its journal is replayed and its folder watched, and says that it stops") {
    const ServedNight night;
    NotifySocket socket;
    auto start = night.serve();
    start.environment["NOTIFY_SOCKET"] = socket.path();
    Program daemon(start);
    REQUIRE(daemon.wait_for("watching"));
    // It is said before the log says that the daemon serves.
    CHECK(socket.receive() == "READY=1\nSTATUS=nothing to render");
    CHECK(stop(daemon).exit_code == 0);
    CHECK(socket.receive().starts_with("STOPPING=1\n"));
}

} // namespace reeld::test
