/// What a source includes.
#pragma once

#include "tests/house_rules/source_text.h"

#include <string>
#include <vector>

namespace reeld::test {

struct Include {
    std::string target; ///< Without its brackets or quotes.
    bool quoted = false;
    std::size_t line = 0;
};

/// In the order of the file.
[[nodiscard]] std::vector<Include> includes_of(const SourceFile& file);

} // namespace reeld::test
