/// Replies of the control API. Pure.
#pragma once

#include "daemon/control/refused.h"
#include "daemon/http/reply.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace reeld {

/// JSON that nobody keeps: it is true for a moment.
[[nodiscard]] inline http::Reply json_reply(std::string body, int status = 200) {
    return {.status = status, .body = std::move(body), .headers = {{"Cache-Control", "no-store"}}};
}

[[nodiscard]] inline http::Reply refusal_reply(const Refused& refused) {
    return http::refuse({.status = refused.status, .message = refused.message, .remedy = refused.remedy});
}

} // namespace reeld
