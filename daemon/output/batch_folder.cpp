#include "daemon/output/batch_folder.h"

#include "daemon/output/files.h"

#include <cerrno>
#include <fmt/format.h>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>

namespace reeld {
namespace {

namespace fs = std::filesystem;

/// A link that leads nowhere: the one thing that appears in a single step with its content, the owner.
constexpr const char* kMark = ".reserved";

enum class Made { yes, occupied, failed };

/// A folder, and nothing in it but a mark.
bool is_unused(const fs::path& folder) {
    std::error_code unreadable;
    if (!fs::is_directory(fs::symlink_status(folder, unreadable))) return false;
    fs::directory_iterator entry(folder, unreadable);
    for (; !unreadable && entry != fs::directory_iterator{}; entry.increment(unreadable)) {
        if (entry->path().filename() != kMark) return false;
    }
    return !unreadable;
}

/// Leaves the errno of a failure in place.
Made mark(const fs::path& folder, const std::string& owner) {
    if (::symlink(owner.c_str(), (folder / kMark).c_str()) == 0) return Made::yes;
    switch (errno) {
    case EEXIST: return is_reserved(folder, owner) ? Made::yes : Made::occupied;
    case ENOENT: return Made::occupied; // Another program has just given it up.
    case EPERM:
    case ENOSYS:
    case EOPNOTSUPP: return Made::yes; // A file system without links cannot be asked.
    default: return Made::failed;
    }
}

/// Leaves the errno of a failure in place.
Made take_batch_folder(const fs::path& folder, const std::string& owner) {
    if (::mkdir(folder.c_str(), 0777) != 0) {
        if (errno != EEXIST) return Made::failed;
        if (!is_unused(folder)) return Made::occupied;
    }
    if (const Made made = mark(folder, owner); made != Made::yes) return made;
    if (is_unused(folder)) return Made::yes;
    // Between our look and our mark another program has had its own there, and put a file in its place.
    end_reservation(folder, owner);
    return Made::occupied;
}

ReservedFolder refused(std::string error) {
    return {.name = {}, .path = {}, .error = std::move(error)};
}

} // namespace

ReservedFolder reserve_batch_folder(const fs::path& output, const std::string& base, const std::string& owner,
                                    const std::function<bool(const std::string&)>& name_taken) {
    // Whoever checks names has done so already, but a slip there would write outside of the output folder.
    if (base.empty() || base.front() == '.' || base.find('/') != std::string::npos) {
        return refused(fmt::format("\"{}\" cannot be the name of a batch's folder", base));
    }
    if (auto error = make_folders(output)) return refused(*error);
    const std::string stem = base.substr(0, kBatchNameBytesMax);
    for (int number = 1; number <= kSameNameMax; ++number) {
        const std::string name = number == 1 ? stem : fmt::format("{}.{}", stem, number);
        if (name_taken(name)) continue;
        const fs::path folder = output / name;
        const Made made = take_batch_folder(folder, owner);
        if (made == Made::failed) return refused(cannot("make the folder", folder, errno));
        if (made == Made::occupied) continue;
        if (auto error = sync_folder(folder)) return refused(*error);
        if (auto error = sync_folder(output)) return refused(*error);
        return {.name = name, .path = folder, .error = {}};
    }
    return refused(fmt::format("{} has {} batches named {}; move old ones away or choose another name",
                               output.native(), kSameNameMax, stem));
}

bool is_reserved(const fs::path& folder, const std::string& owner) {
    std::error_code unmarked;
    return fs::read_symlink(folder / kMark, unmarked) == owner;
}

void end_reservation(const fs::path& folder, const std::string& owner) {
    if (is_reserved(folder, owner)) ::unlink((folder / kMark).c_str());
}

} // namespace reeld
