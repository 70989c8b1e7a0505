/// The video that every prediction of the sandbox yields: `clip.mp4` of this folder, built into the
/// program.
#pragma once

#include <string_view>

namespace reeld::sandbox {

/// Two seconds of H.264 in an MP4 file with its index in front, so that it plays while it loads.
[[nodiscard]] std::string_view clip();

} // namespace reeld::sandbox
