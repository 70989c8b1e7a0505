/// What the daemon and the process that reads a storyboard say to each other.
///
/// Down the request pipe goes one ChildRequest and then nothing. Up the answer pipe come frames: one
/// header, then, when it is good, a frame per shot. A frame is its length (32 bits), its kind (8 bits) and
/// its content. The child is the least trusted part of the program: what comes from it is checked like a
/// file from a stranger.
#pragma once

#include "daemon/reader/reader.h"
#include "jobs/storyboard/storyboard_limits.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace reeld {

struct ChildRequest {
    std::int32_t parent = 0; ///< The daemon's process id: without that parent the child ends.
    bool copies = false;     ///< A descriptor for the copy was handed over.
    std::string default_name;
    ReadLimits limits;
    std::vector<std::pair<std::string, std::string>> learned_models;
    std::vector<std::string> zones; ///< That this machine knows, sorted.
};

enum class FrameKind : std::uint8_t { header = 1, shot = 2 };

/// Content of a frame. A shot has at most its input, note and tags, a header at most its faults; both stay
/// below.
inline constexpr std::size_t kFrameBytesMax = std::size_t{4} << 20;

/// The length and the kind in front of a frame's content.
inline constexpr std::size_t kFrameHeadBytes = 5;

/// Requests are ours, but a broken pipe must not make the child wait for gigabytes.
inline constexpr std::size_t kRequestBytesMax = std::size_t{64} << 20;

/// The limits of the storyboard's format that follow from the limits of a reading.
[[nodiscard]] StoryboardLimits storyboard_limits(const ReadLimits& limits);

[[nodiscard]] std::string encode_request(const ChildRequest& request);
[[nodiscard]] std::optional<ChildRequest> decode_request(std::string_view message);

/// Whole frames, head and content.
[[nodiscard]] std::string encode_header(const ReadHeader& header);
[[nodiscard]] std::string encode_shot(const StoryboardShot& shot);

/// The next frame in a buffer: its kind, its content, and the bytes it takes. `bytes` is 0 while the frame
/// is not whole.
struct Frame {
    FrameKind kind = FrameKind::header;
    std::string_view content;
    std::size_t bytes = 0;
    bool is_broken = false; ///< Too long, or of no known kind: nothing after it can be read.
};
[[nodiscard]] Frame next_frame(std::string_view buffer);

/// std::nullopt: not well-formed, or not what a good child would send (an id that is no name, a shot count
/// above the limit, no shots and no error).
[[nodiscard]] std::optional<ReadHeader> decode_header(std::string_view content, const ReadLimits& limits);

/// Likewise (an input that is no JSON object, a priority out of range). `models` are those of the header; a
/// shot of any other is refused.
[[nodiscard]] std::optional<StoryboardShot> decode_shot(std::string_view content,
                                                        const std::vector<std::string>& models);

} // namespace reeld
