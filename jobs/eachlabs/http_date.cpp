#include "jobs/eachlabs/http_date.h"

#include "jobs/text/number.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace reeld::eachlabs {
namespace {

std::optional<int> to_natural(std::string_view text) {
    const auto number = to_number<int>(text);
    return number && *number >= 0 ? number : std::nullopt;
}

std::optional<unsigned> to_month(std::string_view text) {
    static constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto found = std::find(kMonths.begin(), kMonths.end(), text);
    if (found == kMonths.end()) return std::nullopt;
    return static_cast<unsigned>(found - kMonths.begin()) + 1;
}

// The words and numbers of a date. All three forms are told apart by them alone:
//   Sun, 06 Nov 1994 08:49:37 GMT | Sunday, 06-Nov-94 08:49:37 GMT | Sun Nov  6 08:49:37 1994
struct Parts {
    static constexpr std::size_t kMax = 8;
    std::array<std::string_view, kMax> at;
    std::size_t count = 0;
};

std::optional<Parts> split(std::string_view text) {
    static constexpr std::string_view kSeparators = " \t,-:";
    Parts parts;
    for (;;) {
        const auto first = text.find_first_not_of(kSeparators);
        if (first == std::string_view::npos) return parts;
        if (parts.count == Parts::kMax) return std::nullopt;
        text.remove_prefix(first);
        const auto length = std::min(text.find_first_of(kSeparators), text.size());
        parts.at[parts.count++] = text.substr(0, length);
        text.remove_prefix(length);
    }
}

// Two digits are the obsolete form, whose century POSIX settles: 69 is 1969, 68 is 2068.
std::optional<int> to_year(std::string_view text) {
    const auto number = to_natural(text);
    if (!number || (text.size() != 2 && text.size() != 4)) return std::nullopt;
    if (text.size() == 4) return number;
    return *number < 69 ? 2000 + *number : 1900 + *number;
}

std::optional<WallTime> to_time(std::string_view day, std::string_view month, std::string_view year,
                                const std::string_view* clock) {
    const auto d = to_natural(day);
    const auto m = to_month(month);
    const auto y = to_year(year);
    const auto hours = to_natural(clock[0]);
    const auto minutes = to_natural(clock[1]);
    const auto seconds = to_natural(clock[2]);
    if (!d || !m || !y || !hours || !minutes || !seconds) return std::nullopt;
    if (*d > 31 || *hours > 23 || *minutes > 59 || *seconds > 60) return std::nullopt; // 60: a leap second.
    const std::chrono::year_month_day date{std::chrono::year{*y}, std::chrono::month{*m},
                                           std::chrono::day{static_cast<unsigned>(*d)}};
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_days{date} + std::chrono::hours{*hours} + std::chrono::minutes{*minutes} +
           std::chrono::seconds{*seconds};
}

} // namespace

std::optional<WallTime> read_http_date(std::string_view text) {
    const auto parts = split(text);
    if (!parts) return std::nullopt;
    const auto& at = parts->at;
    if (parts->count == 8 && at[7] == "GMT") return to_time(at[1], at[2], at[3], &at[4]);
    if (parts->count == 7) return to_time(at[2], at[1], at[6], &at[3]);
    return std::nullopt;
}

} // namespace reeld::eachlabs
