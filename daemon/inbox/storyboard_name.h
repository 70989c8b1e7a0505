/// Which names in the watch folder are storyboards.
#pragma once

#include "jobs/text/ascii.h"

#include <string_view>

namespace reeld {

/// `.yaml` and `.yml`, in any case: programs of Windows write `FILM.YAML`. Dot files are somebody's temporary
/// files or settings; the names under which editors and copying programs keep theirs (`x.yaml~`,
/// `x.yaml.swp`, `x.yaml.part`, `x.yaml.tmp`, `#x.yaml#`) have other endings.
[[nodiscard]] constexpr bool is_storyboard_name(std::string_view name) {
    const auto ends_with = [name](std::string_view ending) {
        return name.size() >= ending.size() && same_letters(name.substr(name.size() - ending.size()), ending);
    };
    return !name.starts_with('.') && (ends_with(".yaml") || ends_with(".yml"));
}

} // namespace reeld
