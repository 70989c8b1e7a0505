/// Which names in the watch folder are storyboards.
#pragma once

#include <string_view>

namespace reeld {

/// `.yaml` and `.yml`, in lower case. Dot files are somebody's temporary files or settings; the names under
/// which editors and copying programs keep theirs (`x.yaml~`, `x.yaml.swp`, `x.yaml.part`, `x.yaml.tmp`,
/// `#x.yaml#`) have other endings.
[[nodiscard]] constexpr bool is_storyboard_name(std::string_view name) {
    return !name.starts_with('.') && (name.ends_with(".yaml") || name.ends_with(".yml"));
}

} // namespace reeld
