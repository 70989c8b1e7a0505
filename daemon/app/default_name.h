/// The name of a storyboard that names none.
#pragma once

#include <filesystem>
#include <string>

namespace reeld {

/// The file's name without its ending: "harbor" for /inbox/harbor.yaml.
[[nodiscard]] inline std::string default_name_of(const std::filesystem::path& path) {
    return path.stem().string();
}

} // namespace reeld
