/// What `reeld check` prints.
#pragma once

#include "daemon/reader/reader.h"

#include <span>
#include <string>
#include <vector>

namespace reeld {

struct CheckedFile {
    std::string file; ///< As the user named it.
    ReadHeader header;
    std::vector<StoryboardShot> shots;
};

/// For a person: a line for the file, then one per shot; empty for a faulty file.
[[nodiscard]] std::string check_text(const CheckedFile& file);

/// `{"files": […]}`, each of them
/// `{"file", "good", "storyboard", "sha256", "shots": [{"shot", "model", "priority", "input", …}], "faults":
/// […]}`.
[[nodiscard]] std::string check_json(std::span<const CheckedFile> files);

} // namespace reeld
