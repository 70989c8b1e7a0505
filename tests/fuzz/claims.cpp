#include "tests/fuzz/claims.h"

#include "jobs/text/utf8.h"

#include <algorithm>
#include <fmt/format.h>

namespace reeld::test {

void Claims::check(bool holds, std::string_view claim, std::string_view about) {
    if (!holds && broken_.empty()) broken_ = fmt::format("{}: {}", claim, make_visible(about));
}

bool is_one_line(std::string_view text) {
    // A text that is fit to be shown is not changed by being made so.
    return !text.empty() && make_visible(text) == text;
}

std::string_view take_line(std::string_view& rest) {
    const std::size_t length = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, length);
    rest.remove_prefix(std::min(length + 1, rest.size()));
    return line;
}

} // namespace reeld::test
