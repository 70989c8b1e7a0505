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

/// A batch's folder that was just made for it.
struct ReservedFolder {
    std::string name;           ///< `base`, `base.2`, `base.3`, …: the first that nobody has used.
    std::filesystem::path path; ///< `output` / `name`.
    std::string error;          ///< Not empty: nothing was made, and why.
};

/// Makes `output` and in it a new, empty folder for a batch, durably. `name_taken` tells of names that the
/// journal knows although their folder is gone. A longer `base` than kBatchNameBytesMax is cut.
///
/// Making the folder is the reservation, and no two callers get the same one, with one exception: an empty
/// folder under a name that is not taken was left by a crash and is used again. So put a file into it, or
/// make `name_taken` know it, before the next reservation.
[[nodiscard]] ReservedFolder reserve_batch_folder(const std::filesystem::path& output,
                                                  const std::string& base,
                                                  const std::function<bool(const std::string&)>& name_taken);

} // namespace reeld
