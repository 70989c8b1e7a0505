#include "daemon/output/batch_folder.h"

#include "daemon/output/files.h"

#include <cerrno>
#include <fmt/format.h>
#include <optional>
#include <sys/stat.h>

namespace reeld {
namespace {

enum class Made { yes, occupied, failed };

/// Leaves the errno of a failure in place.
Made make_batch_folder(const std::filesystem::path& folder) {
    if (::mkdir(folder.c_str(), 0777) == 0) return Made::yes;
    if (errno != EEXIST) return Made::failed;
    std::error_code unreadable;
    const bool is_folder = std::filesystem::is_directory(std::filesystem::symlink_status(folder, unreadable));
    return is_folder && std::filesystem::is_empty(folder, unreadable) && !unreadable ? Made::yes
                                                                                     : Made::occupied;
}

ReservedFolder refused(std::string error) {
    return {.name = {}, .path = {}, .error = std::move(error)};
}

} // namespace

ReservedFolder reserve_batch_folder(const std::filesystem::path& output, const std::string& base,
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
        const std::filesystem::path folder = output / name;
        const Made made = make_batch_folder(folder);
        if (made == Made::failed) return refused(cannot("make the folder", folder, errno));
        if (made == Made::occupied) continue;
        if (auto error = sync_folder(output)) return refused(*error);
        return {.name = name, .path = folder, .error = {}};
    }
    return refused(fmt::format("{} has {} batches named {}; move old ones away or choose another name",
                               output.native(), kSameNameMax, stem));
}

} // namespace reeld
