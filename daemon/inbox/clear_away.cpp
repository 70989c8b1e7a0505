#include "daemon/inbox/clear_away.h"

#include "daemon/inbox/file_version.h"
#include "daemon/output/files.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <optional>
#include <unistd.h>

namespace reeld {
namespace {

/// Where a file stands for the moment between its name and its removal. Files leave one at a time, so one
/// name is enough; what a crash leaves there is written over.
constexpr const char* kAsideName = ".reeld-taken";

/// How many rejected files may bear one name.
constexpr int kSameNameMax = 10'000;

/// Longer stems are cut, so that ".10000.yaml.errors.txt" and a temporary name still fit into the 255 bytes
/// of a file name.
constexpr std::size_t kStemBytesMax = 200;

Cleared stuck(std::string error) {
    return {.outcome = Cleared::Outcome::stuck, .error = std::move(error)};
}

/// Renames without replacing anything. Returns 0 or an errno.
int rename_to_free_name(const std::filesystem::path& from, const std::filesystem::path& to) {
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return 0;
    if (errno != EINVAL && errno != ENOSYS) return errno;
    // Some network file systems cannot promise it; there, looking first has to do.
    if (::faccessat(AT_FDCWD, to.c_str(), F_OK, AT_SYMLINK_NOFOLLOW) == 0) return EEXIST;
    return ::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
}

/// Puts a newer file back to where it was found. When a third one stands there by now, whoever put it there
/// meant to replace ours.
Cleared put_back(const std::filesystem::path& from, const std::filesystem::path& to) {
    const int error = rename_to_free_name(from, to);
    if (error == EEXIST) ::unlink(from.c_str());
    Cleared cleared{.outcome = Cleared::Outcome::changed, .error = {}};
    if (error != 0 && error != EEXIST) {
        cleared.error = cannot(fmt::format("move {} back to", from.native()), to, error);
    }
    return cleared;
}

/// What a look at the file says without touching it: std::nullopt is "as it was".
std::optional<Cleared> clear_already(const SourceIdentity& source) {
    const std::optional<FileVersion> version = version_of(std::filesystem::path{source.path});
    if (version && has_bytes_of(*version, source)) return std::nullopt;
    // A folder, a link or a FIFO that took the name is as little ours as a newer file.
    const bool is_there =
        version || ::faccessat(AT_FDCWD, source.path.c_str(), F_OK, AT_SYMLINK_NOFOLLOW) == 0;
    return Cleared{.outcome = is_there ? Cleared::Outcome::changed : Cleared::Outcome::away, .error = {}};
}

bool is_source(const std::filesystem::path& path, const SourceIdentity& source) {
    const std::optional<FileVersion> version = version_of(path);
    return version && has_bytes_of(*version, source);
}

/// Whether a byte of UTF-8 is not the first of its character.
bool is_within_character(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

/// The first name in `rejected` that no file bears; empty when there is none.
std::filesystem::path free_path(const std::filesystem::path& rejected, const std::filesystem::path& name) {
    std::string stem = name.stem().native();
    if (stem.size() > kStemBytesMax) {
        std::size_t end = kStemBytesMax;
        while (end > 0 && is_within_character(stem[end])) --end;
        stem.resize(end);
    }
    for (int number = 1; number <= kSameNameMax; ++number) {
        const std::string suffix = number == 1 ? "" : fmt::format(".{}", number);
        std::filesystem::path path = rejected / (stem + suffix + name.extension().native());
        std::error_code error;
        const auto status = std::filesystem::symlink_status(path, error);
        // A folder that cannot be searched has its error told by whoever writes into it.
        if (status.type() == std::filesystem::file_type::not_found || error) return path;
    }
    return {};
}

} // namespace

Cleared remove_unless_changed(const SourceIdentity& source) {
    if (auto cleared = clear_already(source)) return *cleared;
    const std::filesystem::path path = source.path;
    const std::filesystem::path aside = path.parent_path() / kAsideName;
    if (::rename(path.c_str(), aside.c_str()) != 0) {
        if (errno == ENOENT) return {};
        return stuck(cannot("remove", path, errno));
    }
    if (!is_source(aside, source)) return put_back(aside, path);
    if (::unlink(aside.c_str()) == 0) return {};
    const std::string error = cannot("remove", aside, errno);
    return {.outcome = Cleared::Outcome::away, .error = error};
}

Cleared reject_unless_changed(const SourceIdentity& source, const std::string& report) {
    if (auto cleared = clear_already(source)) return *cleared;
    const std::filesystem::path path = source.path;
    const std::filesystem::path rejected = path.parent_path() / kRejectedFolder;
    if (auto error = make_folders(rejected)) return stuck(*error);
    const std::filesystem::path target = free_path(rejected, path.filename());
    if (target.empty()) {
        return stuck(fmt::format("cannot move {} to {}: there are {} files of that name; remove old ones",
                                 path.native(), rejected.native(), kSameNameMax));
    }
    const std::filesystem::path report_path = target.native() + ".errors.txt";
    if (auto error = write_file_atomically(report_path, report)) return stuck(*error);
    if (const int error = rename_to_free_name(path, target)) {
        if (error != EEXIST) ::unlink(report_path.c_str()); // Else it is the report of whoever took the name.
        if (error == ENOENT) return {};
        return stuck(cannot(fmt::format("move {} to", path.native()), target, error));
    }
    if (!is_source(target, source)) {
        ::unlink(report_path.c_str());
        return put_back(target, path);
    }
    auto error = sync_folder(rejected);
    if (!error) error = sync_folder(path.parent_path());
    return {.outcome = Cleared::Outcome::away, .error = error.value_or("")};
}

} // namespace reeld
