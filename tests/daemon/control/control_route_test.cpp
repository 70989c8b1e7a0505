#include "daemon/control/control_route.h"

#include <doctest/doctest.h>
#include <string>

namespace reeld::test {

TEST_CASE("a path of the control API names its batch and its shot") {
    const auto route = control_route("POST", "/v1/batches/harbor.2/shots/captain.1/resolve");
    CHECK(route.call == ControlCall::resolve);
    CHECK(route.batch == "harbor.2");
    CHECK(route.shot == "captain.1");
    CHECK(control_route("GET", "/v1/batches/harbor").call == ControlCall::batch);
    CHECK(control_route("GET", "/v1/batches/shots").batch == "shots");
    CHECK(control_route("POST", "/v1/batches/harbor/cancel").call == ControlCall::cancel_batch);
    CHECK(control_route("POST", "/v1/pause").call == ControlCall::pause_all);
    CHECK(control_route("HEAD", "/v1/status").call == ControlCall::status);
}

TEST_CASE("a path has one method, and another path has none") {
    CHECK(control_route("POST", "/v1/status").call == ControlCall::wrong_method);
    CHECK(control_route("GET", "/v1/pause").call == ControlCall::wrong_method);
    CHECK(control_route("DELETE", "/v1/batches/harbor").call == ControlCall::wrong_method);
    CHECK(control_route("HEAD", "/v1/events").call == ControlCall::wrong_method);
    for (const std::string path :
         {"", "/", "/v1", "/v1/", "/v2/status", "/v1/status/", "/v1//status", "/v1/batches/",
          "/v1/batches//cancel", "/v1/batches/harbor/shots", "/v1/batches/harbor/shots/", "v1/status"}) {
        CAPTURE(path);
        CHECK(control_route("GET", path).call == ControlCall::none);
    }
}

TEST_CASE("what only reads is told from what acts") {
    CHECK(only_reads(ControlCall::status));
    CHECK(only_reads(ControlCall::why));
    CHECK_FALSE(only_reads(ControlCall::submit));
    CHECK_FALSE(only_reads(ControlCall::resolve));
}

} // namespace reeld::test
