/// Files that are either whole or not there, and the sentences for when that fails.
///
/// Errors are values: std::nullopt is success, a string is a sentence for a person that says what failed, on
/// which path, why, and what to do. Calls block for their disk, and are meant for small files; a large one is
/// a SteppedFile. Everything is opened close-on-exec; modes are left to the umask.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace reeld {

/// Why a call on a path failed: "cannot write /out/x: No space left on device; free some space, it is tried
/// again by itself". `verb` is what was tried; `error` an errno.
[[nodiscard]] std::string cannot(std::string_view verb, const std::filesystem::path& path, int error);

/// Writes to a temporary name in the same folder, syncs it, renames it into place, syncs the folder.
/// After an error the path still shows what it showed before, whole.
[[nodiscard]] std::optional<std::string> write_file_atomically(const std::filesystem::path& path,
                                                               std::string_view content);

/// Renames within one file system and syncs the folders of both names. Replaces a file at `to`. After an
/// error the file has one of the two names.
[[nodiscard]] std::optional<std::string> rename_durably(const std::filesystem::path& from,
                                                        const std::filesystem::path& to);

/// Syncs a folder, so that names made in it survive a power cut. File systems that know no such thing are
/// taken to need none.
[[nodiscard]] std::optional<std::string> sync_folder(const std::filesystem::path& folder);

/// Makes a folder and the ones above it that are missing, and syncs the names that were made.
[[nodiscard]] std::optional<std::string> make_folders(const std::filesystem::path& folder);

/// Writes all of `bytes` at offset `at`, through interruptions and short writes. Returns 0 or an errno;
/// after an error some of the bytes may stand in the file.
[[nodiscard]] int write_fully(int fd, std::string_view bytes, std::uint64_t at);

} // namespace reeld
