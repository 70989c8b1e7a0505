/// Sends one request and turns the loop until its answer has come.
#pragma once

#include "daemon/net/http.h"

#include <optional>
#include <utility>

namespace reeld::test {

/// The longest that a turn sleeps. A test that hangs here has found a lost callback.
inline constexpr Duration turn_wait_max = std::chrono::milliseconds{100};

inline HttpAnswer fetch(Loop& loop, Http& http, HttpRequest request) {
    std::optional<HttpAnswer> result;
    http.start(std::move(request), [&](HttpAnswer&& answer) { result = std::move(answer); });
    while (!result) loop.turn(turn_wait_max);
    return std::move(*result);
}

} // namespace reeld::test
