/// Whether a text has a part in it: what most checks of words for people ask.
#pragma once

#include <string_view>

namespace reeld::test {

[[nodiscard]] inline bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

} // namespace reeld::test
