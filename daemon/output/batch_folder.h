/// The folder of a batch within the output folder: OUTPUT/<batch>/, one for each batch, for ever.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>

namespace reeld {

/// The longest name of a storyboard, before `.2` is added. Source: the storyboard's format.
inline constexpr std::size_t kBatchNameBytesMax = 64;

/// How many batches may bear one name: a nightly storyboard lasts 27 years, and looking for a free number
/// takes well under a tenth of a second.
inline constexpr int kSameNameMax = 10'000;

/// A batch's folder that is its own from now on.
struct ReservedFolder {
    std::string name;           ///< `base`, `base.2`, `base.3`, …: the first that nobody has used.
    std::filesystem::path path; ///< `output` / `name`.
    std::string error;          ///< Not empty: nothing was made, and why.
};

/// Makes `output` and in it a folder for a batch that holds nothing but a mark with the name of its `owner`
/// (Journal::id()), durably. `name_taken` tells of names that the owner's journal knows, whether their folder
/// is there or not. A longer `base` than kBatchNameBytesMax is cut.
///
/// Several programs may share an output folder, and no two get the same batch folder: a mark is made by one
/// only. An empty folder with no mark, or with the owner's under a name that is not taken, was left by a
/// crash and is used again; with the mark of another it is the other's, who may be running, or may go on
/// with it after a crash. On a file system without symbolic links there are no marks, and programs that share
/// it must use different names.
[[nodiscard]] ReservedFolder reserve_batch_folder(const std::filesystem::path& output,
                                                  const std::string& base, const std::string& owner,
                                                  const std::function<bool(const std::string&)>& name_taken);

/// Whether the folder bears the owner's mark.
[[nodiscard]] bool is_reserved(const std::filesystem::path& folder, const std::string& owner);

/// Takes the owner's mark away: `folder` has a file by now, which keeps everybody else off, or is given up.
void end_reservation(const std::filesystem::path& folder, const std::string& owner);

} // namespace reeld
