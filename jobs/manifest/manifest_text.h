/// The text of a manifest: the lines of manifest.jsonl and the document manifest.json.
///
/// Both show a shot with the same keys in the same order, and leave absent facts out. Times are RFC 3339 in
/// UTC with milliseconds. Whatever a string holds, the output is valid JSON in valid UTF-8: other bytes
/// become U+FFFD. Pure text, no file is touched here; usable from any thread.
#pragma once

#include "jobs/manifest/manifest_shot.h"
#include "jobs/queue/time.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace reeld {

/// The shot as one JSON object on one line, without a newline:
///
///     {"batch", "shot", "index", "model", "status", "url", "urls", "prediction_id", "attempts",
///      "predict_time", "cost", "created_at", "finished_at", "input",
///      "error": {"code", "message", "details"}}
///
/// Preconditions: its state is final, and `shot.shot.input` is JSON text (or empty: left out). Line breaks
/// between the tokens of that text become spaces.
[[nodiscard]] std::string manifest_line(const ManifestShot& shot);

struct ManifestCounts {
    std::uint32_t total = 0;
    std::uint32_t succeeded = 0;
    std::uint32_t failed = 0;
    std::uint32_t cancelled = 0;
};

/// "succeeded": all of them. "partial": some succeeded. "cancelled": all cancelled. "failed": the rest,
/// where nothing succeeded.
[[nodiscard]] std::string_view batch_status(const ManifestCounts& counts);

struct ManifestHead {
    std::string batch;      ///< The output folder's name.
    std::string storyboard; ///< The storyboard's own name.
    std::string sha256;     ///< Of the dropped bytes, lower-case hex.
    ManifestCounts counts;
    WallTime accepted_at;
    WallTime finished_at;
};

/// manifest.json is `manifest_head(head)`, the shots' lines in storyboard order joined by
/// `kManifestSeparator`, and `manifest_tail()`: one document, written in steps because it may hold
/// 100,000 shots. A shot keeps a line of its own there, so that grep and diff work.
[[nodiscard]] std::string manifest_head(const ManifestHead& head);
inline constexpr std::string_view kManifestSeparator = ",\n";
[[nodiscard]] std::string manifest_tail();

} // namespace reeld
