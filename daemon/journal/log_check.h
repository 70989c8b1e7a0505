/// Whether the write-ahead log that a crash left has lost commits from its middle.
///
/// SQLite reads a log up to the first frame that does not fit and forgets the rest without a word. That is
/// right for the torn end that a crash leaves. But each commit is synced before the next one is begun, so
/// behind such an end there is never more than the one commit that was under way. More of them, or frames
/// behind a header that does not fit, were durable once and are lost: creates among them would be paid twice.
///
/// Damage in the last commit of all cannot be told from a torn end. Source of the format:
/// https://www.sqlite.org/fileformat2.html#walformat
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace reeld {

/// Why the log is damaged, for people; std::nullopt when it is as a crash may leave it, or missing. It is
/// only read. Call it before SQLite opens the journal.
[[nodiscard]] std::optional<std::string> why_log_is_damaged(const std::filesystem::path& log);

} // namespace reeld
