#include "daemon/sandbox/router.h"

#include <doctest/doctest.h>

namespace reeld::sandbox {

TEST_CASE("each endpoint has its method and its path") {
    CHECK(route_of("POST", "/v1/prediction").endpoint == Endpoint::create);
    CHECK(route_of("POST", "/v1/prediction/").endpoint == Endpoint::create);
    CHECK(route_of("GET", "/v1/prediction/abc").endpoint == Endpoint::poll);
    CHECK(route_of("GET", "/v1/prediction/abc").id == "abc");
    CHECK(route_of("POST", "/v1/prediction/abc/cancel").endpoint == Endpoint::cancel);
    CHECK(route_of("POST", "/v1/prediction/abc/cancel").id == "abc");
    CHECK(route_of("GET", "/v1/executions").endpoint == Endpoint::list);
    CHECK(route_of("GET", "/v1/model").endpoint == Endpoint::model);
    CHECK(route_of("GET", "/v1/models").endpoint == Endpoint::models);
    CHECK(route_of("GET", "/report").endpoint == Endpoint::report);
    CHECK(route_of("HEAD", "/media/abc.mp4").endpoint == Endpoint::media);
    CHECK(route_of("GET", "/media/abc.mp4").id == "abc");
}

TEST_CASE("a path with the wrong method is told from a path that does not exist") {
    CHECK(route_of("GET", "/v1/prediction/").endpoint == Endpoint::wrong_method);
    CHECK(route_of("DELETE", "/v1/prediction/abc").endpoint == Endpoint::wrong_method);
    CHECK(route_of("POST", "/v1/executions").endpoint == Endpoint::wrong_method);
    CHECK(route_of("GET", "/v1/prediction/abc/cancel").endpoint == Endpoint::wrong_method);
}

TEST_CASE("a path that only resembles an endpoint is none") {
    for (const char* path :
         {"/", "", "/v1", "/v2/prediction/abc", "/v1/prediction/a/b", "/v1/prediction//cancel", "/media/.mp4",
          "/media/a/b.mp4", "/media/abc.mov", "/v1/executions/", "/reports"}) {
        CAPTURE(path);
        CHECK(route_of("GET", path).endpoint == Endpoint::none);
        CHECK(route_of("POST", path).endpoint == Endpoint::none);
    }
}

} // namespace reeld::sandbox
