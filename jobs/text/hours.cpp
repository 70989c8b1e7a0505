#include "jobs/text/hours.h"

#include "jobs/text/ascii.h"
#include "jobs/text/blanks.h"
#include "jobs/text/number.h"

#include <algorithm>
#include <array>

namespace reeld {

namespace {

using std::chrono::minutes;

constexpr std::size_t kWindowsMax = 32;
constexpr std::size_t kZoneBytesMax = 64;
constexpr minutes kDay = std::chrono::hours{24};

constexpr std::array<std::string_view, 7> kDayNames = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

/// Cuts off what stands before the first `separator`, which goes with it. All of it when there is none.
std::string_view cut(std::string_view& text, char separator) {
    const std::size_t at = text.find(separator);
    const std::string_view piece = text.substr(0, at);
    text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
    return piece;
}

std::optional<std::size_t> read_day(std::string_view name) {
    const auto day =
        std::ranges::find_if(kDayNames, [&](std::string_view known) { return same_letters(known, name); });
    if (day == kDayNames.end()) return std::nullopt;
    return static_cast<std::size_t>(day - kDayNames.begin());
}

/// "mon", "mon-fri" (which may run over Sunday, as sat-mon does), and lists of these.
std::optional<std::uint8_t> read_days(std::string_view text) {
    unsigned days = 0;
    if (text.ends_with(',')) return std::nullopt;
    do {
        std::string_view range = cut(text, ',');
        const bool is_one = range.find('-') == std::string_view::npos;
        const auto first = read_day(cut(range, '-'));
        const auto last = is_one ? first : read_day(range);
        if (!first || !last) return std::nullopt;
        for (std::size_t day = *first;; day = (day + 1) % kDayNames.size()) {
            days |= 1U << day;
            if (day == *last) break;
        }
    } while (!text.empty());
    return static_cast<std::uint8_t>(days);
}

/// "22:00"; "24:00" is the day's end.
std::optional<minutes> read_time(std::string_view text) {
    const std::string_view hour = cut(text, ':');
    if (hour.empty() || hour.size() > 2 || text.size() != 2) return std::nullopt;
    const auto h = to_number<unsigned>(hour);
    const auto m = to_number<unsigned>(text);
    if (!h || !m || *m > 59) return std::nullopt;
    const minutes time{*h * 60 + *m};
    return time <= kDay ? std::optional(time) : std::nullopt;
}

bool read_times(std::string_view text, HoursWindow& window) {
    const auto from = read_time(cut(text, '-'));
    const auto until = read_time(text);
    if (!from || !until || *from == kDay) return false;
    window.from = *from;
    // The same time twice is a whole day, as it would be on any clock.
    window.length = *until > *from ? *until - *from : *until + kDay - *from;
    return true;
}

bool is_zone(std::string_view text) {
    return !text.empty() && text.size() <= kZoneBytesMax && std::ranges::all_of(text, [](char c) {
        return is_letter_or_digit(c) || c == '/' || c == '_' || c == '-' || c == '+';
    });
}

/// Words are separated by blanks: DAYS, which may be left out, TIMES, and ZONE, which may be as well.
std::optional<HoursWindow> read_window(std::string_view text) {
    std::vector<std::string_view> words;
    for (text = trimmed(text); !text.empty(); text = trimmed(text)) words.push_back(cut(text, ' '));
    HoursWindow window;
    auto word = words.begin();
    if (word != words.end() && !word->empty() && !is_digit(word->front())) {
        const auto days = read_days(*word++);
        if (!days) return std::nullopt;
        window.days = *days;
    }
    if (word == words.end() || !read_times(*word++, window)) return std::nullopt;
    if (word != words.end()) {
        if (!is_zone(*word)) return std::nullopt;
        window.zone = *word++;
    }
    return word == words.end() ? std::optional(window) : std::nullopt;
}

} // namespace

std::optional<std::vector<HoursWindow>> parse_hours(std::string_view text) {
    if (text.size() > kHoursBytesMax) return std::nullopt;
    std::vector<HoursWindow> windows;
    if (trimmed(text).ends_with(';')) return std::nullopt;
    do {
        auto window = read_window(cut(text, ';'));
        if (!window || windows.size() == kWindowsMax) return std::nullopt;
        windows.push_back(*std::move(window));
    } while (!text.empty());
    for (std::size_t i = windows.size(); i-- > 1;) {
        if (windows[i - 1].zone.empty()) windows[i - 1].zone = windows[i].zone;
    }
    for (std::size_t i = 1; i < windows.size(); ++i) {
        if (windows[i].zone.empty()) windows[i].zone = windows[i - 1].zone;
    }
    return windows;
}

std::optional<std::string> unknown_zone(std::span<const HoursWindow> windows,
                                        std::span<const std::string> zones) {
    for (const HoursWindow& window : windows) {
        if (!window.zone.empty() && !std::ranges::binary_search(zones, window.zone)) return window.zone;
    }
    return std::nullopt;
}

} // namespace reeld
