#include "daemon/control/control_route.h"

#include <array>
#include <optional>
#include <vector>

namespace reeld {

namespace {

/// A path's shape: '*' stands for a batch's name, then for a shot's.
struct Shape {
    std::string_view method;
    std::string_view path;
    ControlCall call;
};

constexpr std::array<Shape, 20> kShapes = {{
    {"GET", "/v1/status", ControlCall::status},
    {"GET", "/v1/names", ControlCall::names},
    {"GET", "/v1/history", ControlCall::history},
    {"GET", "/v1/told", ControlCall::told},
    {"GET", "/v1/events", ControlCall::events},
    {"GET", "/v1/batches/*", ControlCall::batch},
    {"GET", "/v1/batches/*/report", ControlCall::report},
    {"GET", "/v1/batches/*/shots/*", ControlCall::shot},
    {"GET", "/v1/batches/*/shots/*/why", ControlCall::why},
    {"POST", "/v1/batches", ControlCall::submit},
    {"POST", "/v1/pause", ControlCall::pause_all},
    {"POST", "/v1/resume", ControlCall::resume_all},
    {"POST", "/v1/batches/*/pause", ControlCall::pause},
    {"POST", "/v1/batches/*/resume", ControlCall::resume},
    {"POST", "/v1/batches/*/cancel", ControlCall::cancel_batch},
    {"POST", "/v1/batches/*/retry", ControlCall::retry_batch},
    {"POST", "/v1/batches/*/priority", ControlCall::priority},
    {"POST", "/v1/batches/*/shots/*/cancel", ControlCall::cancel_shot},
    {"POST", "/v1/batches/*/shots/*/retry", ControlCall::retry_shot},
    {"POST", "/v1/batches/*/shots/*/resolve", ControlCall::resolve},
}};

/// Takes the next segment off a path that begins with '/'.
std::string_view take_segment(std::string_view& path) {
    path.remove_prefix(1);
    const auto segment = path.substr(0, path.find('/'));
    path.remove_prefix(segment.size());
    return segment;
}

std::optional<ControlRoute> match(const Shape& shape, std::string_view path) {
    ControlRoute route{.call = shape.call, .batch = {}, .shot = {}};
    std::string_view wanted = shape.path;
    while (!wanted.empty() && !path.empty()) {
        const auto expected = take_segment(wanted);
        const auto segment = take_segment(path);
        if (segment.empty() || (expected != "*" && expected != segment)) return std::nullopt;
        if (expected == "*") (route.batch.empty() ? route.batch : route.shot) = segment;
    }
    if (!wanted.empty() || !path.empty()) return std::nullopt;
    return route;
}

} // namespace

ControlRoute control_route(std::string_view method, std::string_view path) {
    if (!path.starts_with('/')) return {};
    const bool head = method == "HEAD";
    ControlRoute found;
    for (const Shape& shape : kShapes) {
        const auto route = match(shape, path);
        if (!route) continue;
        const bool fits = shape.method == (head ? "GET" : method);
        if (fits && !(head && route->call == ControlCall::events)) return *route;
        found.call = ControlCall::wrong_method;
    }
    return found;
}

} // namespace reeld
