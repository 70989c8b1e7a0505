/// Why a journal cannot be used.
#pragma once

#include "daemon/journal/sqlite.h"

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace reeld {

/// Opening failed, or the journal cannot be read. The message names the file, the cause, and what to do.
struct JournalError : std::runtime_error {
    enum class Kind : std::uint8_t {
        in_use,      ///< Another program holds the state folder: exit code 4.
        unavailable, ///< It cannot be made, opened or written for now (space, owner, disk): exit code 4.
        other,       ///< Corrupt, of a newer version, of another provider: exit code 2.
    };
    JournalError(Kind kind_, const std::string& message) : std::runtime_error(message), kind(kind_) {}
    Kind kind;
};

/// For a journal that is damaged, with the ways out of it.
[[nodiscard]] JournalError damaged_journal(const std::filesystem::path& file, const std::string& cause);

/// For an error while opening or reading: damage, or something about the file that can be put right without
/// giving it up (its owner, its disk, another program that locks it).
[[nodiscard]] JournalError journal_error(const std::filesystem::path& file, const StorageError& error);

/// For a commit that could not be done now and will be tried again: what is the matter, what it means, and
/// what to do.
[[nodiscard]] std::string stalled_journal(const std::filesystem::path& file, const StorageError& error);

/// For a state folder whose lock was taken from under us (see StateLock::in_place).
[[nodiscard]] JournalError lost_lock(const std::filesystem::path& file);

/// For a commit after which the journal cannot be trusted any more.
[[nodiscard]] JournalError failed_journal(const std::filesystem::path& file, const StorageError& error);

} // namespace reeld
