/// Files that are either whole or not there.
///
/// Errors are values: std::nullopt is success, a string says what failed, on which path, and why (from errno).
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace reeld {

/// Writes to a temporary name in the same folder, syncs it, renames it into place, syncs the folder.
[[nodiscard]] std::optional<std::string> write_file_atomically(const std::filesystem::path& path,
                                                               std::string_view content);

/// Renames within one file system and syncs the folders of both names.
[[nodiscard]] std::optional<std::string> rename_durably(const std::filesystem::path& from,
                                                        const std::filesystem::path& to);

/// Syncs a folder, so that names made in it survive a power cut.
[[nodiscard]] std::optional<std::string> sync_folder(const std::filesystem::path& folder);

} // namespace reeld
