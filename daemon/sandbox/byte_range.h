/// Bytes over HTTP with ranges (RFC 9110, section 14), as browsers need them to play a video.
#pragma once

#include "daemon/sandbox/reply.h"

#include <string_view>

namespace reeld::sandbox {

/// 200 with all of `bytes`; 206 with the part that a single satisfiable range asks for; 416 when it lies
/// outside. A range that is malformed, one of several, or under an If-Range (there is no validator to
/// compare) is ignored, as the RFC allows.
[[nodiscard]] Reply serve_bytes(std::string_view bytes, std::string_view content_type, std::string_view range,
                                std::string_view if_range);

} // namespace reeld::sandbox
